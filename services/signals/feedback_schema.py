"""What callers may say of signals, and ask of a lead's history."""

from typing import Any

from marshmallow import fields, post_load, validate

from services.signals.feedback import LONGEST_NOTE, MOST_LABELS, VERDICTS, Opinion
from services.signals.kinds import KINDS
from services.signals.schema import OfAccount
from shared.fields import Form, Text
from shared.web.query import Account

PAGE, LONGEST_PAGE = 50, 200
"""Detections in one answer: unless the caller asks for another number, and at most."""


class Labels(fields.List):
    """Types of signals."""

    def __init__(self, meaning: str, required: bool = False):
        names = tuple(KINDS)
        super().__init__(
            fields.String(
                validate=validate.OneOf(names, error=f"must be one of {', '.join(names)}")
            ),
            required=required,
            validate=validate.Length(max=MOST_LABELS, error=f"must list at most {MOST_LABELS}"),
            metadata={"description": meaning, "examples": [["growth"]]},
        )


class Noted(OfAccount):
    """What may be said beside it."""

    note = Text("Why, for whoever reads it; kept sealed.", longest=LONGEST_NOTE)


class SignalFeedback(Noted):
    """What somebody says of one signal."""

    verdict = fields.String(
        required=True,
        validate=validate.OneOf(VERDICTS, error=f"must be one of {', '.join(VERDICTS)}"),
        metadata={"description": "Whether the text says so.", "examples": ["wrong"]},
    )
    labels = Labels("What else the text says: of a wrong signal, what it should have been.")

    @post_load
    def opinion(self, data: dict[str, Any], **options: Any) -> Opinion:
        """Return it as the flow takes it."""
        return _opinion(data)


class DetectionFeedback(Noted):
    """What somebody says of one text."""

    labels = Labels("All that the text says; an empty list: nothing.", required=True)

    @post_load
    def opinion(self, data: dict[str, Any], **options: Any) -> Opinion:
        """Return it as the flow takes it."""
        return _opinion(data)


def _opinion(data: dict[str, Any]) -> Opinion:
    labels = tuple(dict.fromkeys(data.get("labels") or ()))
    return Opinion(labels, data.get("verdict"), (data.get("note") or "").strip())


class SignalPlace(Form):
    """Which signal."""

    signal_id = fields.UUID(
        required=True, metadata={"description": "The `id` of a signal that was kept."}
    )


class DetectionPlace(Form):
    """Which detection."""

    detection_id = fields.UUID(
        required=True, metadata={"description": "The `detection_id` that a request answered."}
    )


class LeadSignalsPlace(Form):
    """Whose signals."""

    lead_id = fields.UUID(required=True, metadata={"description": "The lead's `id`."})


class HistoryPage(Form):
    """Which part of a lead's history."""

    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(min=1, max=LONGEST_PAGE, error=f"must be from 1 to {LONGEST_PAGE}"),
        metadata={"description": "How many detections at most."},
    )
    after = fields.UUID(
        load_default=None,
        metadata={"description": "`next_after` of the page before; absent, the first page."},
    )


class HistoryQuery(HistoryPage, Account):
    """Which part of a lead's history, and whose."""
