"""What the API description says of the routes of keys, with examples that work."""

from services.accounts.schema import (
    KeyAnswer,
    KeyPage,
    KeyPlace,
    KeysAnswer,
    NewKey,
    NewKeyAnswer,
    Rotation,
)
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

PATH = "/api/v1/lead-discovery/keys"

TAG = "API keys"

SERVER = {"scopes": ["write:leads"], "name": "n8n, production"}

PAGE = {
    "kind": "publishable",
    "source_id": "website-contact",
    "origins": ["https://www.example.com"],
}

SENDER = {"kind": "signing", "scopes": ["write:leads"], "expires_in_days": 365}

BOUNDLESS = {"kind": "publishable", "source_id": "website-contact", "origins": ["*"]}


class KeyQuery(KeyPage, Account):
    """Which keys are asked for, and whose."""


OPERATIONS = (
    Operation(
        "GET",
        PATH,
        "Which API keys does this account have?",
        "All of them, newest first, those that were revoked or have expired too. What a key opens "
        "with is shown when it is made and never again.",
        KeysAnswer,
        tag=TAG,
        query=KeyQuery,
        parameters=("X-Request-ID",),
        refusals=(400, 403, 500, *STORING),
        scope="admin:account",
    ),
    Operation(
        "POST",
        PATH,
        "Make an API key",
        "The answer shows it this once. It may do at most what your own key may.",
        NewKeyAnswer,
        tag=TAG,
        status=201,
        query=Account,
        body={JSON: (NewKey,)},
        examples=(
            Example("server", "For a server", SERVER, status=201),
            Example("page", "For a web page", PAGE, status=201),
            Example("sender", "For a sender of signed webhooks", SENDER, status=201),
            Example("boundless", "Refused: origins are exact", BOUNDLESS, status=400),
        ),
        parameters=("X-Request-ID",),
        refusals=(*READING, 403, 409, 500, *STORING),
        scope="admin:account",
    ),
    Operation(
        "POST",
        f"{PATH}/<prefix>/rotate",
        "Make a key's successor",
        "The successor may do the same and works at once; the old key works on for "
        "`overlap_hours`, unless it ends earlier. One that does not work any more is a 409.",
        NewKeyAnswer,
        tag=TAG,
        status=201,
        places=KeyPlace,
        query=Account,
        body={JSON: (Rotation,)},
        parameters=("X-Request-ID",),
        refusals=(*READING, 403, 404, 409, 500, *STORING),
        scope="admin:account",
    ),
    Operation(
        "DELETE",
        f"{PATH}/<prefix>",
        "Revoke a key",
        "It opens nothing from 5 seconds later at the latest. Revoking it again changes nothing.",
        KeyAnswer,
        tag=TAG,
        places=KeyPlace,
        query=Account,
        parameters=("X-Request-ID",),
        refusals=(400, 403, 404, 500, *STORING),
        scope="admin:account",
    ),
)
