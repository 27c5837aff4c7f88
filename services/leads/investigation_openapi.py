"""What the API description says of investigations, with examples that work."""

from services.leads.investigation_schema import (
    InvestigationAnswer,
    InvestigationChange,
    InvestigationPage,
    InvestigationPlace,
    InvestigationsAnswer,
    NewInvestigation,
)
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

PATH = "/api/v1/lead-discovery/investigations"

ONE = f"{PATH}/<investigation_id>"

TAG = "Leads"

BAKERIES = {"name": "Bakeries in Texas", "description": "Loans for new ovens"}

CLOSED = {"status": "closed"}

PLAIN = ("X-Request-ID",)


class InvestigationQuery(InvestigationPage, Account):
    """Which part of the list, and whose."""


INVESTIGATION_OPERATIONS = (
    Operation(
        "POST",
        PATH,
        "Begin an investigation",
        "A search that leads are found and kept for: `POST /leads` takes its id, and lists, "
        "exports and counts filter by it. Names need not differ.",
        InvestigationAnswer,
        tag=TAG,
        status=201,
        query=Account,
        body={JSON: (NewInvestigation,)},
        examples=(
            Example("begin", "A search with a name", BAKERIES, status=201),
            Example("nameless", "Refused: it has no name", {"name": " "}, status=400),
        ),
        parameters=PLAIN,
        refusals=(*READING, 403, 500, *STORING),
        scope="write:leads",
    ),
    Operation(
        "GET",
        PATH,
        "Which investigations are there?",
        "The account's investigations, newest first, each with the number of its leads.",
        InvestigationsAnswer,
        tag=TAG,
        query=InvestigationQuery,
        parameters=PLAIN,
        refusals=(400, 403, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "GET",
        ONE,
        "One investigation",
        "The investigation as it stands.",
        InvestigationAnswer,
        tag=TAG,
        places=InvestigationPlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "PUT",
        ONE,
        "Change, close or reopen an investigation",
        "What the body leaves out stays as it is. A closed one keeps its leads and takes no new "
        "ones by `POST /leads`.",
        InvestigationAnswer,
        tag=TAG,
        places=InvestigationPlace,
        query=Account,
        body={JSON: (InvestigationChange,)},
        examples=(Example("close", "It is over", CLOSED),),
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 500, *STORING),
        scope="write:leads",
    ),
)
"""The routes of investigations."""
