"""What the API description says of the routes of policies, with examples that work."""

from services.dedup.policy_schema import (
    AccountPolicyAnswer,
    PolicyAnswer,
    PolicyChange,
    SourcePage,
    SourcePlace,
)
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

PATH = "/api/v1/lead-discovery/policies"

TAG = "Policies"

LENIENT = {"policy": {"flag": 0.7, "block": 0.95, "review_instead_of_reject": True}}

RETURNING = {
    "policy": {
        "algorithms": {"fingerprint": False},
        "reengage_after_days": 425,
        "half_life_days": 365,
    }
}

CONTRADICTING = {"policy": {"flag": 0.9, "block": 0.7}}

SOON = "It holds for every lead within 5 seconds."


class PolicyQuery(SourcePage, Account):
    """Whose policies are asked for, and of which sources."""


OPERATIONS = (
    Operation(
        "GET",
        PATH,
        "How are this account's leads decided?",
        "Shows the account's policy, what it comes to with the defaults, and the policies of its "
        "sources.",
        AccountPolicyAnswer,
        tag=TAG,
        query=PolicyQuery,
        parameters=("X-Request-ID",),
        refusals=(400, 403, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "PUT",
        PATH,
        "Set the account's policy",
        f"Replaces all that was set for the account; its sources inherit it. {SOON}",
        PolicyAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (PolicyChange,)},
        examples=(
            Example("lenient", "A person looks at every duplicate", LENIENT),
            Example("contradicting", "Refused: flag above block", CONTRADICTING, status=422),
        ),
        parameters=("X-Request-ID",),
        refusals=(*READING, 403, 409, 422, 500, *STORING),
        scope="admin:account",
    ),
    Operation(
        "DELETE",
        PATH,
        "Unset the account's policy",
        f"The defaults hold again, but for sources with a policy of their own. {SOON}",
        PolicyAnswer,
        tag=TAG,
        query=Account,
        parameters=("X-Request-ID",),
        refusals=(400, 403, 409, 422, 500, *STORING),
        scope="admin:account",
    ),
    Operation(
        "GET",
        f"{PATH}/<path:source_id>",
        "How are leads of this source decided?",
        "Shows what is set for the source, and what that comes to with what it inherits. A source "
        "for which nothing is set has the account's policy.",
        PolicyAnswer,
        tag=TAG,
        places=SourcePlace,
        query=Account,
        parameters=("X-Request-ID",),
        refusals=(400, 403, 404, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "PUT",
        f"{PATH}/<path:source_id>",
        "Set the policy of a source",
        f"Replaces all that was set for the source. {SOON}",
        PolicyAnswer,
        tag=TAG,
        places=SourcePlace,
        query=Account,
        body={JSON: (PolicyChange,)},
        examples=(Example("returning", "Who returns is welcome", RETURNING),),
        parameters=("X-Request-ID",),
        refusals=(*READING, 403, 404, 409, 422, 500, *STORING),
        scope="admin:account",
    ),
    Operation(
        "DELETE",
        f"{PATH}/<path:source_id>",
        "Unset the policy of a source",
        f"The account's policy holds for it again. {SOON}",
        PolicyAnswer,
        tag=TAG,
        places=SourcePlace,
        query=Account,
        parameters=("X-Request-ID",),
        refusals=(400, 403, 404, 409, 422, 500, *STORING),
        scope="admin:account",
    ),
)
