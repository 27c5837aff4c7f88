"""What the webhook of alerts answers; the API description shows it."""

from marshmallow import fields

from services.alerts.answer_fields import many, succeeded
from shared.answers import Fault, Stamped
from shared.fields import Form


class Raised(Form):
    """What came of something that happened."""

    success = succeeded()
    alert_ids = many(
        fields.UUID(), "Alerts that it raised, or was counted to; empty: no rule was met."
    )
    suppressed_by = fields.String(
        metadata={
            "description": "Why nothing more is told, as far as that is known at once: `no_rule`, "
            "`not_often_enough`, `open_alert`, `silenced`, `inhibited`, `acknowledged`, "
            "`snoozed`, `seen_before`; absent where somebody may hear of it."
        }
    )


class RaisedAnswer(Stamped, Raised):
    """What came of something that happened."""


class ItemAnswer(Form):
    """What came of one event of a batch."""

    id = fields.Raw(
        required=True,
        allow_none=True,
        metadata={"description": "Your name for it.", "type": ["string", "integer"]},
    )
    success = fields.Boolean(required=True, metadata={"description": "False: see `error`."})
    alert_ids = fields.List(fields.UUID(), metadata={"description": "As for one event."})
    suppressed_by = fields.String(metadata={"description": "As for one event."})
    error = fields.Nested(Fault, metadata={"description": "What is wrong with it."})


class RaisedBatchAnswer(Stamped):
    """What came of many events, in the order sent."""

    success = succeeded()
    results = many(fields.Nested(ItemAnswer), "One answer an event.")
