"""What the API description says of the privacy desk."""

from services.privacy.schema import ErasedAnswer, LeadPlace, Reach
from shared.web.operation import STORING, Operation
from shared.web.query import Account

LEADS = "/api/v1/lead-discovery/leads"


class ErasureQuery(Reach, Account):
    """How far an erasure reaches, and in whose account."""


OPERATIONS = (
    Operation(
        "DELETE",
        f"{LEADS}/<lead_id>",
        "Erase a lead, or the person it is about",
        "The lead goes with all that hangs on it: what it said, consents, comparable values, "
        "decisions, reviews, events, jobs and stored answers, also if it still waits to be "
        "stored. The person goes with their last lead; `reach=person` erases all of their leads. "
        "Decisions about others stay as they were taken. A second call is a 404. A 503 says that "
        "something may be left: ask again.",
        ErasedAnswer,
        tag="Privacy",
        places=LeadPlace,
        query=ErasureQuery,
        parameters=("X-Request-ID",),
        refusals=(400, 403, 404, 500, *STORING),
        scope="delete:leads",
    ),
)
