"""What the API description says of scopes."""

from services.seen.answer_schema import ScopeAnswer, ScopesAnswer
from services.seen.schema import ScopePage, ScopePlace
from shared.web.operation import STORING, Operation
from shared.web.query import Account

SCOPES = "/api/v1/lead-discovery/seen/scopes"

ONE_SCOPE = f"{SCOPES}/<scope_id>"

TAG = "Seen keys"

READ, WRITE = "read:leads", "write:workflows"
"""A scope is a workflow's: forgetting it makes the workflow begin anew."""

PLAIN = ("X-Request-ID",)


class ScopeQuery(ScopePage, Account):
    """Which scopes, and whose."""


SCOPE_OPERATIONS = (
    Operation(
        "GET",
        SCOPES,
        "Which scopes are there?",
        "The account's scopes, oldest first, and about how many keys each has. A scope without "
        "keys goes by itself after a day.",
        ScopesAnswer,
        tag=TAG,
        query=ScopeQuery,
        parameters=PLAIN,
        refusals=(400, 403, 500, *STORING),
        scope=READ,
    ),
    Operation(
        "DELETE",
        ONE_SCOPE,
        "Forget a scope",
        "All its keys are new again at once, however many they are; the worker deletes their rows "
        "over the next hours.",
        ScopeAnswer,
        tag=TAG,
        places=ScopePlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=WRITE,
    ),
)
