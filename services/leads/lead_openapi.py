"""What the API description says of lists of leads and of one lead."""

from services.leads.lead_details_schema import LeadDetailsAnswer, LeadsAnswer
from services.leads.lead_schema import LeadPlace, LeadQuery
from shared.web.operation import STORING, Operation
from shared.web.query import Account

LEADS = "/api/v1/lead-discovery/leads"
ONE = f"{LEADS}/<lead_id>"

TAG = "Leads"

SCOPE = "read:leads"

LEAD_OPERATIONS = (
    Operation(
        "GET",
        LEADS,
        "Which leads are there?",
        "Leads that all filters leave, the strongest signals first unless `sort` says otherwise, "
        "a page at a time: `next_after` of one page is `after` of the next. Further records of "
        "people who are known are hidden unless `duplicates=true`. With `near`, each lead has its "
        "`distance_km` along the surface. Leads are found as soon as they are stored; while an "
        "import goes on, `not_yet_listed` says how many are still missing.",
        LeadsAnswer,
        tag=TAG,
        query=LeadQuery,
        parameters=("X-Request-ID",),
        refusals=(400, 403, 404, 422, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "GET",
        ONE,
        "One lead",
        "The lead with its signals, notes and changes (the latest 50), the ids of other records "
        "received of the same person, and the consent that stands.",
        LeadDetailsAnswer,
        tag=TAG,
        places=LeadPlace,
        query=Account,
        parameters=("X-Request-ID",),
        refusals=(400, 403, 404, 500, *STORING),
        scope=SCOPE,
    ),
)
