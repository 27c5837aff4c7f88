"""What the API description says of seen keys, with examples that work."""

from marshmallow import fields, validate

from services.seen.answer_schema import BatchAnswer, ConfirmAnswer, ReleaseAnswer, SeenAnswer
from services.seen.schema import (
    MOST_ITEMS,
    ConfirmRequest,
    ReleaseRequest,
    SeenBatch,
    SeenItem,
    SeenRequest,
    SettledBatch,
    SettledItem,
)
from services.seen.scope_openapi import PLAIN, SCOPE_OPERATIONS, TAG
from shared.answers import ServiceHealth
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

PATH = "/webhook/leadfly/seen"

CONFIRM, RELEASE = f"{PATH}/confirm", f"{PATH}/release"

SCOPE = "write:leads"

KEYED = (*PLAIN, "Idempotency-Key")

REFUSED = (*READING, 403, 500, *STORING)


class SeenBatchRequest(SeenBatch):
    """Up to 1,000 keys of one account."""

    items = fields.List(
        fields.Nested(SeenItem),
        required=True,
        validate=validate.Length(min=1, max=MOST_ITEMS),
        metadata={"description": "The keys, answered in this order."},
    )


class SettledBatchRequest(SettledBatch):
    """Up to 1,000 keys of one account that are confirmed or released."""

    items = fields.List(
        fields.Nested(SettledItem),
        required=True,
        validate=validate.Length(min=1, max=MOST_ITEMS),
        metadata={"description": "The keys, answered in this order."},
    )


ORDER = {"user_id": "acme", "scope": "crm-to-leadfly", "key": "order-4711", "ttl_days": 30}

HELD = {"user_id": "acme", "scope": "crm-to-leadfly", "key": ["web-form", 17], "hold_seconds": 300}

ADDRESS = {
    "user_id": "acme",
    "scope": "newsletter",
    "key": "Ann@Corp.example",
    "normalize": "email",
}

NOTHING = {"user_id": "acme", "scope": "crm-to-leadfly", "key": "undefined"}

SEEN_BATCH = {
    "user_id": "acme",
    "scope": "crm-to-leadfly",
    "items": [{"id": "row-1", "key": 4712}, {"id": "row-2", "key": "4712"}],
}

NO_HOLD = ORDER | {"key": "order-0", "claim_id": "01890000-0000-7000-8000-000000000000"}

SETTLED_BATCH = {
    "user_id": "acme",
    "scope": "crm-to-leadfly",
    "items": [{"id": 1, "key": "order-0", "claim_id": NO_HOLD["claim_id"]}],
}

FORGOTTEN = {"key": "ann@corp.example", "normalize": "email", "all_scopes": True}

OPERATIONS = (
    Operation(
        "POST",
        PATH,
        "Has this key been seen before?",
        "`kept`: nobody brought this key to this scope before, and from now on it is seen; "
        "`discarded`: somebody did. Of any number of requests at one moment one is `kept`. With "
        "`hold_seconds` the key is reserved, and free again after so long unless it is confirmed: "
        "an item whose processing failed comes again. Sent again under the same "
        "`Idempotency-Key`, the first answer comes again for two days. Without the database the "
        "answer is a 503: none is made up.",
        SeenAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (SeenRequest,)},
        examples=(
            Example("order", "A key, for thirty days", ORDER),
            Example("held", "A key of two parts, held for five minutes", HELD),
            Example("address", "However the address is spelt", ADDRESS),
            Example("nothing", "Refused: no value was found", NOTHING, status=400),
        ),
        parameters=KEYED,
        answer_headers=("Idempotent-Replayed",),
        refusals=(*REFUSED, 409, 422),
        scope=SCOPE,
    ),
    Operation(
        "POST",
        f"{PATH}/batch",
        "Have these up to 1,000 keys been seen before?",
        "Answers in the order sent, each with the `id` of its item. What an item does not say "
        "(`scope`, `ttl_days`, `hold_seconds`, `normalize`) the batch does. Of equal keys the "
        "first is kept. One item's fault never fails the rest: its place holds the error.",
        BatchAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (SeenBatchRequest,)},
        examples=(Example("rows", "Two spellings of one number", SEEN_BATCH),),
        parameters=KEYED,
        answer_headers=("Idempotent-Replayed",),
        refusals=(*REFUSED, 422),
        scope=SCOPE,
    ),
    Operation(
        "POST",
        CONFIRM,
        "The item of this key went through",
        "Ends the hold of `claim_id`: the key counts until its `expires_at`. Again, it is "
        "confirmed again. A hold that is over is a 409, a key that nobody has a 404.",
        ConfirmAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (ConfirmRequest,)},
        examples=(Example("unknown", "Refused: no such hold", NO_HOLD, status=404),),
        parameters=PLAIN,
        refusals=(*REFUSED, 404, 409),
        scope=SCOPE,
    ),
    Operation(
        "POST",
        f"{CONFIRM}/batch",
        "The items of these up to 1,000 keys went through",
        "As of one, in the order sent; one item's fault never fails the rest.",
        BatchAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (SettledBatchRequest,)},
        examples=(Example("faults", "No such hold, and no key", SETTLED_BATCH),),
        parameters=PLAIN,
        refusals=REFUSED,
        scope=SCOPE,
    ),
    Operation(
        "POST",
        RELEASE,
        "Let the item of this key come again",
        "The key is free at once. With `claim_id` only what that claim has is released, so a "
        "release that comes late, or twice, frees nobody else's. `all_scopes` forgets a key "
        "wherever it is: for a person who asks for erasure.",
        ReleaseAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (ReleaseRequest,)},
        examples=(
            Example("failed", "An item that failed", ORDER),
            Example("forgotten", "A person's address, everywhere", FORGOTTEN),
        ),
        parameters=PLAIN,
        refusals=REFUSED,
        scope=SCOPE,
    ),
    Operation(
        "POST",
        f"{RELEASE}/batch",
        "Let the items of these up to 1,000 keys come again",
        "As of one, in the order sent; one item's fault never fails the rest.",
        BatchAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (SettledBatchRequest,)},
        examples=(Example("rows", "A key that nobody has", SETTLED_BATCH),),
        parameters=PLAIN,
        refusals=REFUSED,
        scope=SCOPE,
    ),
    Operation(
        "GET",
        f"{PATH}/health",
        "Could keys be told apart now?",
        "Answers 200 if the database is reachable and migrated, else 503 and why.",
        ServiceHealth,
        tag=TAG,
        other_answers={503: ServiceHealth},
        refusals=(403, 429, 500),
    ),
    *SCOPE_OPERATIONS,
)
