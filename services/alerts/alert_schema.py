"""What callers may ask of alerts, and say of what they do with them."""

from marshmallow import fields, validate

from services.alerts.acting import LONGEST_SNOOZE
from services.alerts.sent_fields import (
    LONGEST_NAME,
    LONGEST_NOTE,
    Future,
    OfAccount,
    Paging,
    one_of,
    priority,
)
from shared.fields import Form

STATUSES = ("new", "read", "actioned", "dismissed", "resolved")
"""The contract's, and `resolved`: it is no longer so."""

OPEN = "open"
"""Stands for the statuses of an alert that has not ended."""

MOST_AT_ONCE = 1000
"""Alerts of one request."""

LONGEST_TYPE = 64

LONGEST_SNOOZE_MINUTES = int(LONGEST_SNOOZE.total_seconds() // 60)


class AlertPlace(Form):
    """Which alert."""

    alert_id = fields.UUID(required=True, metadata={"description": "The alert's `id`."})


class AlertPage(Paging):
    """Which alerts, and which part of their list."""

    status = one_of(
        (*STATUSES, OPEN), "Alerts in this status; `open`: new or read.", load_default=None
    )
    alert_type = fields.String(
        load_default=None,
        validate=validate.Length(min=1, max=LONGEST_TYPE),
        metadata={"description": "Alerts of this type.", "examples": ["high_score_match"]},
    )
    priority = priority("Alerts of this priority.", load_default=None)
    lead_id = fields.UUID(load_default=None, metadata={"description": "Alerts about this lead."})
    rule_id = fields.UUID(load_default=None, metadata={"description": "Alerts of this rule."})
    acknowledged = fields.Boolean(
        load_default=None,
        metadata={"description": "`true`: somebody has it; `false`: nobody; absent, all."},
    )
    assigned_to = fields.String(
        load_default=None,
        validate=validate.Length(min=1, max=LONGEST_NAME),
        metadata={"description": "Alerts that this person is to look after."},
    )


class Noted(OfAccount):
    """Something that is done with an alert, and why."""

    note = fields.String(
        allow_none=True,
        validate=validate.Length(
            max=LONGEST_NOTE, error=f"must have at most {LONGEST_NOTE} characters"
        ),
        metadata={"description": "Why, in your words; stored encrypted.", "examples": ["Called."]},
    )


class Assigned(Noted):
    """Who is to look after an alert."""

    assigned_to = fields.String(
        required=True,
        allow_none=True,
        validate=validate.Length(
            min=1, max=LONGEST_NAME, error=f"must have 1 to {LONGEST_NAME} characters"
        ),
        metadata={
            "description": "Who, by a name of your own; null: nobody.",
            "examples": ["team-a"],
        },
    )


class Snoozed(Noted):
    """Until when an alert is put off."""

    until = Future(f"Until when, at most {LONGEST_SNOOZE.days} days; this or `minutes`.")
    minutes = fields.Float(
        allow_none=True,
        validate=validate.Range(
            min=0,
            max=LONGEST_SNOOZE_MINUTES,
            min_inclusive=False,
            error=f"must be above 0 and at most {LONGEST_SNOOZE_MINUTES}",
        ),
        metadata={"description": "For how long; this or `until`.", "examples": [60]},
    )


class Several(Noted):
    """Alerts with which the same is done."""

    alert_ids = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(
            min=1, max=MOST_AT_ONCE, error=f"must list 1 to {MOST_AT_ONCE} alerts"
        ),
        metadata={"description": "Which. One that cannot be changes nothing of the others."},
    )
