"""What the API description says of mail events, with examples that work."""

from services.signals.engagement import MOST_EVENTS
from services.signals.engagement_schema import (
    EngagementAnswer,
    MailEvent,
    MailEvents,
    MailgunEvent,
)
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

PATH = "/webhook/leadfly/email-engagement"

SCOPE = "write:leads"

TAG = "Signals"

CLICKED = {
    "email": "ada@analytical.example",
    "event": "clicked",
    "timestamp": "2026-03-01T09:30:00Z",
    "url": "https://bank.example/loans/apply",
}

LIST = {
    "type": "array",
    "description": "A list of events, as SendGrid posts it; a faulty one is ignored.",
    "items": {},
    "maxItems": MOST_EVENTS,
}

ENGAGEMENT_OPERATIONS = (
    Operation(
        "POST",
        PATH,
        "What became of our mails",
        "Point a mail service's event webhook here, through n8n or by itself: SendGrid's list, "
        "Mailgun's `event-data`, or objects with `email`, `event`, `timestamp` and `url`. Events "
        "of known leads are kept where their person agreed to `behavioural_tracking`, as the "
        "privacy mode asks; an unsubscription or a complaint always is, for it is an objection, "
        "and also of an address that no lead has yet. "
        "What a machine opened counts for nothing. Sent again, an event is stored once.",
        EngagementAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (MailEvents, MailEvent, MailgunEvent, LIST)},
        examples=(
            Example("click", "Somebody followed a link", CLICKED),
            Example("several", "Several events", {"user_id": "acme", "events": [CLICKED]}),
            Example("none", "Refused: no events", {"events": "clicked"}, status=400),
        ),
        parameters=("X-Request-ID",),
        refusals=(*READING, 403, 500, *STORING),
        scope=SCOPE,
    ),
)
"""The routes of mail events."""
