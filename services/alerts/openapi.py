"""What the API description says of alerts, with examples that work."""

from marshmallow import fields, validate

from services.alerts.alert_openapi import ALERT_OPERATIONS
from services.alerts.answer_schema import RaisedAnswer, RaisedBatchAnswer
from services.alerts.live.live_openapi import LIVE_OPERATIONS
from services.alerts.receiver_openapi import RECEIVER_OPERATIONS
from services.alerts.rule_openapi import RULE_OPERATIONS
from services.alerts.schema import MOST_EVENTS, AlertRequest, BatchOfEvents, EventOfBatch
from services.alerts.silence_openapi import SILENCE_OPERATIONS
from services.alerts.unsubscribe_openapi import OPERATIONS as UNSUBSCRIBE_OPERATIONS
from shared.answers import ServiceHealth
from shared.web.operation import JSON, READING, STORING, Example, Operation
from shared.web.query import Account

PATH = "/webhook/leadfly/alerts"

TAG = "Alerts"

SCOPE = "write:leads"

PLAIN = ("X-Request-ID",)

KEYED = (*PLAIN, "Idempotency-Key")


class EventBatchRequest(BatchOfEvents):
    """Up to 500 events of one account."""

    events = fields.List(
        fields.Nested(EventOfBatch),
        required=True,
        validate=validate.Length(min=1, max=MOST_EVENTS),
        metadata={"description": "The events, answered in this order."},
    )


DIRECT = {
    "user_id": "acme",
    "event": "alert",
    "data": {
        "alert_type": "high_score_match",
        "title": "High value match found",
        "message": "A lead scored 95 with Premium Service.",
        "priority": "urgent",
    },
}

ORDER = {"user_id": "acme", "event": "order.cancelled", "data": {"amount": 4200}}

UNTITLED = {"user_id": "acme", "event": "alert", "data": {"priority": "panic"}}

BATCH = {"user_id": "acme", "events": [ORDER | {"id": "row-1"}, {"id": "row-2", "event": "alert"}]}

OPERATIONS = (
    Operation(
        "POST",
        PATH,
        "Tell of something that happened",
        "The active rules that hear the event and whose conditions it meets raise an alert each. "
        "One that is open with the same fingerprint is counted once more instead. An event "
        "that no active rule hears is an alert by itself, as `alert` is: `data.title` and, if you "
        "like, `alert_type`, `message` and `priority`. What LeadFly does by itself needs no post: "
        "its events are heard as they happen. Sent again under the same `Idempotency-Key` or "
        "`submission_id` within a day, nothing more happens.",
        RaisedAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (AlertRequest,)},
        examples=(
            Example("direct", "An alert as it is", DIRECT),
            Example("order", "An event of your own, for rules to hear", ORDER),
            Example("untitled", "Refused: no title, and no such priority", UNTITLED, status=400),
        ),
        parameters=KEYED,
        refusals=(*READING, 403, 404, 422, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "POST",
        f"{PATH}/batch",
        "Tell of up to 500 things that happened",
        "Answers in the order sent, each with the `id` of its event. One event's fault never fails "
        "the rest: its place in `results` holds the error.",
        RaisedBatchAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (EventBatchRequest,)},
        examples=(Example("events", "An event, and an alert without a title", BATCH),),
        parameters=PLAIN,
        refusals=(*READING, 403, 500, *STORING),
        scope=SCOPE,
    ),
    Operation(
        "GET",
        f"{PATH}/health",
        "Could alerts be raised now?",
        "Answers 200 if the database is reachable and migrated, else 503 and why.",
        ServiceHealth,
        tag=TAG,
        other_answers={503: ServiceHealth},
        refusals=(403, 429, 500),
    ),
    *ALERT_OPERATIONS,
    *RULE_OPERATIONS,
    *RECEIVER_OPERATIONS,
    *SILENCE_OPERATIONS,
    *UNSUBSCRIBE_OPERATIONS,
    *LIVE_OPERATIONS,
)
