"""What the API description says of pings, with examples that work."""

from services.dedup.trade.hashed_schema import HashedAnswer
from services.dedup.trade.ping_schema import PingAnswer, PingRequest
from services.dedup.trade.terms_openapi import REFUSED
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

PATH = "/webhook/leadfly/ping"

HASHED = "/api/v1/lead-discovery/pings/hashed"

TAG = "Pings"

CLEAR = {
    "user_id": "acme",
    "source_id": "website-contact",
    "email": "ada@analytical.example",
    "postal_code": "SW1Y 4JH",
}

DIGEST = {
    "user_id": "acme",
    "source_id": "website-contact",
    "email_md5": "9e26471d35a78862c17e467d87cddedf",
}

OPERATIONS = (
    Operation(
        "POST",
        PATH,
        "Would this lead be taken?",
        "Asked before the lead is sent, with a part of it or with digests of its address and "
        "number: against caps and hours, suppression lists, holds and known leads, as `checked` "
        "says. Only the number of pings is kept, by day. A `success` reserves nothing; its lead "
        "may name it as `context.ping_id` until `expires_at`. Digests meet known leads in "
        "accounts that have this switched on. Without the database the answer is a 503.",
        PingAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (PingRequest,)},
        examples=(
            Example("clear", "A part of the lead", CLEAR),
            Example("digest", "An address by its MD5", DIGEST),
        ),
        parameters=("X-Request-ID",),
        refusals=(*READING, 403, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "GET",
        HASHED,
        "Are known leads found by digests?",
        "Shows whether pings by digest are checked against the account's leads, and since when "
        "against all of them.",
        HashedAnswer,
        tag=TAG,
        query=Account,
        parameters=("X-Request-ID",),
        refusals=REFUSED,
        scope="read:leads",
    ),
    Operation(
        "PUT",
        HASHED,
        "Let known leads be found by digests",
        "From now on keyed pseudonyms of the digests of every lead's addresses and numbers are "
        "kept, about thirty a lead; those of earlier leads follow. Until `complete_at` is set, "
        "pings by digest are not checked against known leads.",
        HashedAnswer,
        tag=TAG,
        query=Account,
        parameters=("X-Request-ID",),
        refusals=REFUSED,
        scope="admin:account",
    ),
    Operation(
        "DELETE",
        HASHED,
        "Let nobody be found by digests",
        "What is kept of digests is deleted soon after.",
        HashedAnswer,
        tag=TAG,
        query=Account,
        parameters=("X-Request-ID",),
        refusals=REFUSED,
        scope="admin:account",
    ),
)
