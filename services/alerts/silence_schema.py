"""What callers may say of silences."""

from typing import Any

from marshmallow import ValidationError, fields, validate

from services.alerts.sent_fields import LONGEST_NOTE, Future, OfAccount, Paging
from shared.fields import Form

MOST_MATCHERS = 20
"""Facts that one silence compares."""

LONGEST_MINUTES = 366 * 24 * 60
"""A silence for ever is a rule that is switched off."""


class Matcher(fields.Raw):
    """What a fact must equal: a text, a number, true or false."""

    def _deserialize(self, value: Any, *context: Any, **options: Any) -> Any:
        if isinstance(value, bool | int | float) or (
            isinstance(value, str) and 1 <= len(value) <= LONGEST_NOTE
        ):
            return value
        raise ValidationError("must be a text, a number, true or false")


class NewSilence(OfAccount):
    """A new silence."""

    matchers = fields.Dict(
        keys=fields.String(),
        values=Matcher(metadata={"type": ["string", "number", "boolean"]}),
        required=True,
        validate=validate.Length(
            min=1, max=MOST_MATCHERS, error=f"must name 1 to {MOST_MATCHERS} facts"
        ),
        metadata={
            "description": "Facts of alerts, all of which must be equal: `rule_id`, `alert_type`, "
            "`lead_id`, `priority`, or one that `GET /alerts/facts` says is kept.",
            "examples": [{"alert_type": "new_lead", "country": "US"}],
        },
    )
    starts_at = Future("When it begins; absent, now.")
    ends_at = Future("When it ends; this or `minutes`.")
    minutes = fields.Float(
        allow_none=True,
        validate=validate.Range(
            min=0,
            max=LONGEST_MINUTES,
            min_inclusive=False,
            error="must be above 0, and at most a year",
        ),
        metadata={"description": "How long it lasts; this or `ends_at`."},
    )
    comment = fields.String(
        allow_none=True,
        validate=validate.Length(
            max=LONGEST_NOTE, error=f"must have at most {LONGEST_NOTE} characters"
        ),
        metadata={"description": "Why. Name nobody in it.", "examples": ["Import of old leads"]},
    )


class SilencePlace(Form):
    """Which silence."""

    silence_id = fields.UUID(required=True, metadata={"description": "The silence's `id`."})


class SilencePage(Paging):
    """Which silences, and which part of their list."""

    active = fields.Boolean(
        load_default=False,
        metadata={"description": "`true`: those that are not over; absent, all."},
    )
