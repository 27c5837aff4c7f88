"""What callers get back of a lead's history and of what people say of signals."""

from marshmallow import fields, validate

from services.signals.answer_schema import (
    NAMES,
    TEXT_SOURCES,
    SignalShown,
    identifier,
    many,
    points,
    text,
    truth,
)
from services.signals.feedback import VERDICTS
from shared.answers import Stamped
from shared.fields import Form


def _moment(meaning: str) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, metadata={"description": meaning})


class FeedbackShown(Form):
    """What somebody said of a signal, or of a whole text."""

    id = identifier("This word.")
    signal_id = identifier("The signal it is about; null: the whole text.", allow_none=True)
    verdict = text(
        "Of a signal, `right` or `wrong`; null of a whole text.",
        allow_none=True,
        validate=validate.OneOf(VERDICTS),
    )
    labels = many(
        fields.String(validate=validate.OneOf(NAMES)),
        "All that the text says; beside a verdict, what else it says.",
    )
    note = text("Why.", allow_none=True)
    given_by = text("An API key's prefix, or `local`.")
    given_at = _moment("When: ISO 8601, UTC.")


class DetectionShown(Form):
    """One reading of a text, a page or behaviour."""

    id = identifier("This detection.")
    detected_at = _moment("When: ISO 8601, UTC.")
    source = text("What was read.", validate=validate.OneOf(TEXT_SOURCES))
    holds = truth("True of the latest of its source: its signals are the lead's.")
    language = text("ISO 639-1; `und` where nothing can be told.")
    individual = truth("True if it is about a private person's own finances.")
    signal_strength = points("How strong its signals are together.")
    intent_score = points("How much they speak of the wish to buy something now.")
    needs_identified = many(fields.String(), "What they say is needed, the strongest first.")
    model = text("Which rules and weights read it.")
    signals = many(fields.Nested(SignalShown), "Its signals, the strongest first.")
    feedback = many(fields.Nested(FeedbackShown), "What people said of it, the latest first.")


class HistoryAnswer(Stamped):
    """A page of what was detected of a lead."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    count = fields.Integer(required=True, metadata={"description": "Detections on this page."})
    detections = many(fields.Nested(DetectionShown), "The newest first.")
    next_after = identifier(
        "What to send as `after` for the next page; null on the last.", allow_none=True
    )


class FeedbackGiven(FeedbackShown):
    """What was stored."""

    detection_id = identifier("The detection that it is about.")


class FeedbackAnswer(Stamped):
    """What somebody said is stored."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    feedback = fields.Nested(
        FeedbackGiven, required=True, metadata={"description": "What was stored."}
    )
