"""What the API description says of the signals' routes, with examples that work."""

from marshmallow import fields, validate

from services.signals.answer_schema import BatchAnswer, DetectedAnswer
from services.signals.engagement_openapi import ENGAGEMENT_OPERATIONS
from services.signals.feedback_openapi import FEEDBACK_OPERATIONS
from services.signals.schema import MOST_ITEMS, BatchOfSignals, SignalBody, SignalItem
from shared.answers import ServiceHealth
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

PATH = "/webhook/leadfly/signal-detection"

TAG = "Signals"

SCOPE = "write:leads"
"""Of detection: with a `lead_id` it writes."""

PLAIN = ("X-Request-ID",)


class SignalBatchRequest(BatchOfSignals):
    """Up to 1,000 texts of one account."""

    items = fields.List(
        fields.Nested(SignalItem),
        required=True,
        validate=validate.Length(min=1, max=MOST_ITEMS),
        metadata={"description": "The texts, answered in this order."},
    )


OVEN = {
    "user_id": "acme",
    "content": "We need a loan of 50,000 euros for a second oven. We do not need advice.",
}

VISIT = {
    "user_id": "acme",
    "metadata": {
        "behavior": [
            {"type": "page_view", "url": "https://bank.example/loans/rates"},
            {"type": "form_submit", "url": "https://bank.example/loans/apply"},
        ]
    },
}

FORM_SENT = {
    "user_id": "acme",
    "metadata": {"form": {"subject": "Kredit", "message": "Wir suchen einen Kredit."}},
}

INSIDE = {"user_id": "acme", "url": "http://169.254.169.254/latest/meta-data/"}

NOTHING = {"user_id": "acme"}

BATCH = {
    "user_id": "acme",
    "items": [
        {"id": "mail-1", "content": "Nous cherchons un prêt pour notre atelier."},
        {"id": "mail-2", "content": None},
    ],
}

OPERATIONS = (
    Operation(
        "POST",
        PATH,
        "What does this text, page or behaviour say they need?",
        "Reads a text (`content`), a page (`url`), a form's texts (`metadata.form`) or else the "
        "lead's message, and events (`metadata.behavior`), and answers typed signals with the "
        "words that prove them, and what was suppressed and why. English, German, Spanish, French "
        "and Portuguese are read; another language is named and nothing guessed of it. Nothing is "
        "kept, unless `lead_id` names a lead: then these become its signals, its strength, intent "
        "and needs follow, and the same, sent again within 48 hours, changes nothing. Where the "
        "privacy mode asks for a consent that does not stand (of behaviour: "
        "`behavioural_tracking`), the answer is 403 and nothing is kept.",
        DetectedAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (SignalBody,)},
        examples=(
            Example("text", "A message", OVEN),
            Example("behaviour", "A visit to a site", VISIT),
            Example("form", "A form", FORM_SENT),
            Example("inside", "Refused: no public host", INSIDE, status=422),
            Example("nothing", "Refused: nothing to read", NOTHING, status=400),
        ),
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 422, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "POST",
        f"{PATH}/batch",
        "Find signals in up to 1,000 texts",
        "Answers in the order sent, each with the `id` of its item. One item's fault never fails "
        "the rest: its place in `results` holds the error. Pages are not fetched here.",
        BatchAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (SignalBatchRequest,)},
        examples=(Example("mails", "A text, and one that is missing", BATCH),),
        parameters=PLAIN,
        refusals=(*READING, 403, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "GET",
        f"{PATH}/health",
        "Could signals be detected now?",
        "Answers 200 if the database is reachable and migrated, else 503 and why.",
        ServiceHealth,
        tag=TAG,
        other_answers={503: ServiceHealth},
        refusals=(403, 429, 500),
    ),
    *FEEDBACK_OPERATIONS,
    *ENGAGEMENT_OPERATIONS,
)
