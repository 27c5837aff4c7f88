"""What the API description says of exports."""

from services.leads.change_openapi import LatestQuery
from services.leads.export_schema import ExportAnswer, ExportPlace, ExportQuery, ExportsAnswer
from shared.web.operation import STORING, Operation
from shared.web.query import Account

FILE = "/api/v1/lead-discovery/leads/export.csv"
EXPORTS = "/api/v1/lead-discovery/exports"
ONE = f"{EXPORTS}/<export_id>"

CSV = "text/csv"

TAG = "Leads"

PLAIN = ("X-Request-ID",)


EXPORT_OPERATIONS = (
    Operation(
        "GET",
        FILE,
        "Leads as a CSV file",
        "The leads that the filters mean, as of the list of leads, the longest known first: "
        "UTF-8, commas, a header line (RFC 4180). Fields that the privacy mode keeps encrypted are "
        "in clear. A cell that a spreadsheet would take for a formula begins with an apostrophe, "
        "phone numbers with + too. Leads are left out whose person withdrew the latest consent, or "
        "does not agree to the `purpose` where the privacy mode asks for that. Every export is "
        "written down; the header `X-Export-ID` names it, and `GET /exports/{export_id}` says how "
        "many leads were handed out and left out. A file that ends early was broken off.",
        {"type": "string"},
        tag=TAG,
        answers_as=CSV,
        query=ExportQuery,
        parameters=PLAIN,
        answer_headers=("X-Export-ID",),
        refusals=(400, 403, 404, 422, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "GET",
        EXPORTS,
        "Who took leads out, when and what for?",
        "Every export, newest first, with how many leads were handed out and left out.",
        ExportsAnswer,
        tag=TAG,
        query=LatestQuery,
        parameters=PLAIN,
        refusals=(400, 403, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "GET",
        ONE,
        "One export",
        "How many leads it handed out, and how many it left out for want of a consent.",
        ExportAnswer,
        tag=TAG,
        places=ExportPlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope="read:leads",
    ),
)
