"""What callers may post as something that happened."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from marshmallow import ValidationError, fields, validate

from services.alerts.posting import DIRECT, Posted
from services.alerts.rule import PRIORITIES
from services.alerts.rule_reading import EVENT
from services.alerts.sent_fields import OfAccount, Whole
from services.alerts.templates import LONGEST_MESSAGE, LONGEST_TITLE
from shared.errors import Malformed
from shared.fields import Form, Moment
from shared.idempotency import LONGEST_KEY, named_key
from shared.validation import loaded

MOST_EVENTS = 500
"""Events of one batch."""

MOST_BYTES = 50_000
"""JSON of the `data` of one event."""

LONGEST_ITEM_ID = 255
"""Characters of a caller's own name for an event of a batch."""

LONGEST_TYPE = 64
"""Characters of an alert's type."""


class Data(fields.Dict):
    """What an event says: an object of the sender's own."""

    def __init__(self) -> None:
        super().__init__(
            keys=fields.String(),
            allow_none=True,
            metadata={
                "description": "What it says; a rule looks at it as `data.<name>`, and at facts of "
                "ours by their names. Of the event `alert`: `title`, `alert_type`, `message`, "
                "`priority`. `fingerprint`: what is the same of two that are the same.",
                "examples": [{"match_score": 91, "service_name": "Small business loan"}],
            },
        )

    def _deserialize(self, value: Any, *context: Any, **options: Any) -> dict[str, Any]:
        found: dict[str, Any] = super()._deserialize(value, *context, **options)
        try:
            size = len(orjson.dumps(found))
        except TypeError:  # from Python alone: what comes by HTTP was JSON
            raise ValidationError("cannot be written as JSON") from None
        if size > MOST_BYTES:
            raise ValidationError(f"must have at most {MOST_BYTES} bytes")
        return found


class Happened(Form):
    """Something that happened, mostly to a lead."""

    event = fields.String(
        required=True,
        validate=Whole(
            f"^(?:{EVENT.pattern})$",
            error="must be a name of 1 to 64 letters, digits and _ . : -",
        ),
        metadata={
            "description": "Its name: one of ours, a type of rules, a word of your own, or `alert` "
            "for an alert that is sent as it is, by no rule.",
            "examples": ["high_score_match"],
        },
    )
    lead_id = fields.UUID(
        allow_none=True, metadata={"description": "The lead; 404 for one of another account."}
    )
    data = Data()
    occurred_at = Moment("When it happened; absent, now.")
    submission_id = fields.String(
        allow_none=True,
        validate=validate.Length(max=LONGEST_KEY),
        metadata={"description": "Your name for it: sent again, nothing more happens."},
    )


class AlertRequest(Happened, OfAccount):
    """One thing that happened."""


class EventOfBatch(Happened):
    """One event of a batch."""

    id = fields.Raw(
        allow_none=True,
        metadata={
            "description": "Your own name for it, a text or a whole number; answered as sent.",
            "type": ["string", "integer"],
            "maxLength": LONGEST_ITEM_ID,
            "examples": ["row-17"],
        },
    )


class BatchOfEvents(OfAccount):
    """Many things that happened, of one account."""

    events = fields.List(
        fields.Raw(allow_none=True),
        required=True,
        validate=validate.Length(
            min=1, max=MOST_EVENTS, error=f"must list 1 to {MOST_EVENTS} events"
        ),
        metadata={"description": "The events, answered in this order."},
    )


def posted(data: Mapping[str, Any], key: str | None) -> Posted:
    """Return what one request tells; *key* is its Idempotency-Key. Raises Malformed."""
    return _posted(loaded(_REQUEST, data), key)


def events(data: Mapping[str, Any]) -> list[Any]:
    """Return the events of a batch as they were sent. Raises Malformed."""
    sent: list[Any] = loaded(_BATCH, data)["events"]
    return sent


def item(data: Any) -> Posted:
    """Return what one event of a batch tells. Raises Malformed."""
    if not isinstance(data, Mapping):
        raise Malformed(details={"event": "must be an object"})
    return _posted(loaded(_ITEM, data), None)


def item_name(data: Any) -> Any:
    """Return what a caller calls an event, if it is a name that may be said back; else None."""
    name = data.get("id") if isinstance(data, Mapping) else None
    if isinstance(name, str) and len(name) <= LONGEST_ITEM_ID:
        return name
    return name if isinstance(name, int) and not isinstance(name, bool) else None


def _posted(said: Mapping[str, Any], key: str | None) -> Posted:
    data = said.get("data") or {}
    if said["event"] == DIRECT:
        _check_direct(data)
    return Posted(
        name=said["event"],
        lead_id=said.get("lead_id"),
        data=data,
        occurred_at=said.get("occurred_at") or datetime.now(UTC),
        key=named_key(key, said.get("submission_id")),
    )


def _check_direct(data: Mapping[str, Any]) -> None:
    """Raise Malformed unless *data* is an alert that can be sent as it is."""
    faults = {
        f"data.{name}": fault
        for name, longest, needed in _TEXTS
        if (fault := _fault(data.get(name), longest, needed))
    }
    if data.get("priority") is not None and data["priority"] not in PRIORITIES:
        faults["data.priority"] = f"must be one of {', '.join(PRIORITIES)}"
    if faults:
        raise Malformed(details=faults)


def _fault(text: Any, longest: int, needed: bool) -> str | None:
    if text is None:
        return "is required" if needed else None
    if not isinstance(text, str):
        return "must be text"
    fits = len(text) <= longest and (text.strip() or not needed)
    return None if fits else f"must have {int(needed)} to {longest} characters"


_TEXTS = (
    ("title", LONGEST_TITLE, True),
    ("message", LONGEST_MESSAGE, False),
    ("alert_type", LONGEST_TYPE, False),
)
_REQUEST, _BATCH, _ITEM = AlertRequest(), BatchOfEvents(), EventOfBatch()
