"""What the API description says of the routes of sources, with examples that work."""

from services.dedup.intake.source_answer_schema import (
    OpenedAnswer,
    RemovedAnswer,
    SourceAnswer,
    SourcesAnswer,
    TriedAnswer,
)
from services.dedup.intake.source_schema import (
    NewSource,
    Rotation,
    Sample,
    SourceChange,
    SourcePage,
    SourcePlace,
)
from shared.privacy.purposes import LEAD_PROCESSING
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

PATH = "/api/v1/lead-discovery/sources"

ONE = f"{PATH}/<source_id>"

TAG = "Sources"

SCOPE = "admin:account"
"""What it takes to make, change or open one: it is a way into the account."""

CONTACT = {
    "source_id": "typeform-contact",
    "field_map": {"Ihre Firma": "company"},
    "country": "DE",
    "consent": {"purposes": [LEAD_PROCESSING], "text_version": "2026-01", "field": "I agree"},
}

UNSIGNED = {"source_id": "any-form", "secret": "nobody signs with it"}

PAYLOAD = {
    "sample": {"Your e-mail": "ada@analytical.example", "Full name": "Ada Lovelace"},
}

TEXT = {"sample": "Name=Ada+Lovelace&Email=ada%40analytical.example"}

SOON = "It holds everywhere within 5 seconds."

PLAIN = ("X-Request-ID",)


class SourceQuery(SourcePage, Account):
    """Which part of the list, and whose."""


OPERATIONS = (
    Operation(
        "POST",
        PATH,
        "Give a sender an address of its own",
        "A form builder, an ad platform or a workflow posts to the `url` of the answer, in its own "
        "words and without a key; what it posts is a lead of this source. The answer shows the "
        "token this once. Needs `write:leads` as well, for that is what a token amounts to.",
        OpenedAnswer,
        tag=TAG,
        status=201,
        query=Account,
        body={JSON: (NewSource,)},
        examples=(
            Example("contact", "A contact form", CONTACT, status=201),
            Example("unsigned", "Refused: whose signature?", UNSIGNED, status=422),
        ),
        parameters=PLAIN,
        refusals=(*READING, 403, 409, 422, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "GET",
        PATH,
        "Which sources are there?",
        "The account's sources by name, without their secrets and tokens.",
        SourcesAnswer,
        tag=TAG,
        query=SourceQuery,
        parameters=PLAIN,
        refusals=(400, 403, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "GET",
        ONE,
        "One source",
        "The source as it stands, without its secrets and tokens.",
        SourceAnswer,
        tag=TAG,
        places=SourcePlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "PUT",
        ONE,
        "Change a source",
        f"What the body leaves out stays as it is. {SOON}",
        SourceAnswer,
        tag=TAG,
        places=SourcePlace,
        query=Account,
        body={JSON: (SourceChange,)},
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 422, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "DELETE",
        ONE,
        "Remove a source",
        f"Its tokens are revoked; its leads stay, and so does its policy. {SOON}",
        RemovedAnswer,
        tag=TAG,
        places=SourcePlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "POST",
        f"{ONE}/rotate",
        "Give a source a new token",
        "It works at once, and those before it for `overlap_hours` more: time to paste the new "
        "address. A source whose tokens were revoked is open again.",
        OpenedAnswer,
        tag=TAG,
        status=201,
        places=SourcePlace,
        query=Account,
        body={JSON: (Rotation,)},
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 409, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "POST",
        f"{ONE}/revoke",
        "Close a source",
        f"Revokes all its tokens: nothing that is posted to its addresses is taken. {SOON}",
        SourceAnswer,
        tag=TAG,
        places=SourcePlace,
        query=Account,
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "POST",
        f"{PATH}/try",
        "How would this payload be understood?",
        "Paste what a sender posts, and see whose it is taken for and the lead that is made of it. "
        "Nothing is stored, and no signature is verified.",
        TriedAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (Sample,)},
        examples=(
            Example("json", "A form's answers", PAYLOAD),
            Example("text", "A body as it came", TEXT),
        ),
        parameters=PLAIN,
        refusals=(*READING, 403, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "POST",
        f"{ONE}/try",
        "How would this source understand a payload?",
        "As without a source, with what is set for it: its adapter and its field map, unless the "
        "body gives others.",
        TriedAnswer,
        tag=TAG,
        places=SourcePlace,
        query=Account,
        body={JSON: (Sample,)},
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 500, *STORING),
        scope="read:leads",
    ),
)
