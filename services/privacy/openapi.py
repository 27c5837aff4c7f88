"""What the API description says of the privacy desk."""

from services.privacy.schema import (
    ErasedAnswer,
    LeadPlace,
    NewErasure,
    Objection,
    PersonErasedAnswer,
    Reach,
)
from services.privacy.withdrawal_openapi import WITHDRAWAL_OPERATIONS
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

LEADS = "/api/v1/lead-discovery/leads"
ERASURES = "/api/v1/lead-discovery/privacy/erasures"


class ErasureQuery(Reach, Objection, Account):
    """How far an erasure reaches, and in whose account."""


OPERATIONS = (
    Operation(
        "DELETE",
        f"{LEADS}/<lead_id>",
        "Erase a lead, or the person it is about",
        "The lead goes with all that hangs on it: what it said, consents, comparable values, "
        "decisions, reviews, events, jobs and stored answers, also if it still waits to be "
        "stored. The person goes with their last lead; `reach=person` erases all of their leads. "
        "Decisions about others stay as they were taken. If the person objected or withdrew, their "
        "other records keep that, and a keyed hash of their addresses, so that it is heeded; "
        "`keep_objection=false` forgets that, too. A second call is a 404. A 503 says that "
        "something may be left: ask again.",
        ErasedAnswer,
        tag="Privacy",
        places=LeadPlace,
        query=ErasureQuery,
        parameters=("X-Request-ID",),
        refusals=(400, 403, 404, 500, *STORING),
        scope="delete:leads",
    ),
    Operation(
        "POST",
        ERASURES,
        "Erase whoever gave an address or a number",
        "Every record of the person who gave all of the `identifiers`. If several people did, "
        "nothing goes and a 409 names a lead of each. What is kept of an objection or a "
        "withdrawal is a keyed hash of the address, so that it is heeded when somebody brings the "
        "address again; with `keep_objection: false` it goes, too, also where nobody is known. "
        "404: nobody gave that, and nothing is kept by it. What stands for nobody, as "
        "`test@test.com`, is erased by a lead's id, or by `leadfly erase`.",
        PersonErasedAnswer,
        tag="Privacy",
        query=Account,
        body={JSON: (NewErasure,)},
        examples=(
            Example(
                "nobody",
                "Refused: not an address",
                {"identifiers": {"email": "nobody"}},
                status=400,
            ),
        ),
        parameters=("X-Request-ID",),
        refusals=(*READING, 403, 404, 409, 500, *STORING),
        scope="delete:leads",
    ),
    *WITHDRAWAL_OPERATIONS,
)
