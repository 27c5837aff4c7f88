"""What callers may say of rules of alerts."""

from collections.abc import Mapping
from typing import Any

import orjson
from marshmallow import ValidationError, fields, validate

from services.alerts.channels import CHANNELS
from services.alerts.rule import RULE_TYPES
from services.alerts.rule_reading import MOST_EVENTS, MOST_GROUPED
from services.alerts.sent_fields import (
    LONGEST_NAME,
    LONGEST_PAGE,
    MOST_VERSION,
    PAGE,
    Named,
    OfAccount,
    Paging,
    Texts,
    Zone,
    one_of,
    priority,
    version_read,
    whole,
)
from services.alerts.templates import LONGEST_MESSAGE, LONGEST_TITLE
from services.alerts.vocabulary import LONGEST_NAME as LONGEST_FACT
from shared.fields import Form, Switch

DASHBOARD = "dashboard"
"""The channel that hears everything, whatever a rule says."""

MOST_RECEIVERS = 20
"""Receivers that one rule names."""

MOST_BYTES = 50_000
"""JSON of the conditions of a rule."""

HOUR, DAY = 3_600, 86_400
"""Seconds."""

LONGEST_ESCALATION_MINUTES = 7 * 24 * 60

LONGEST_DRY_RUN_DAYS, USUAL_DRY_RUN_DAYS = 30, 7


class Conditions(fields.Dict):
    """An object of conditions; `services.alerts.condition_reading` says later what it means."""

    def __init__(self) -> None:
        super().__init__(
            keys=fields.String(),
            allow_none=True,
            metadata={
                "description": "All of them must hold: `min_<fact>`, `max_<fact>`, a fact and what "
                "it equals (of a list, any), `all`, `any`, `not`, `exists`, `contains`, "
                "`starts_with`, `near`, `location`, `region`, `industry`, `during`, `count`. "
                "`GET /alerts/facts` lists the facts. Empty: each event of the type.",
                "examples": [{"min_intent_score": 80, "any": [{"region": "Texas"}]}],
            },
        )

    def _deserialize(self, value: Any, *context: Any, **options: Any) -> dict[str, Any]:
        found: dict[str, Any] = super()._deserialize(value, *context, **options)
        if len(orjson.dumps(found)) > MOST_BYTES:
            raise ValidationError(f"must have at most {MOST_BYTES} bytes")
        return found


def _receivers(meaning: str, least: int = 0) -> Texts:
    name = fields.String(validate=validate.Length(min=1, max=LONGEST_NAME))
    example = ["0198c1de-0a1b-7c2d-8e3f-405162738495"]
    return Texts(meaning, name, MOST_RECEIVERS, example, least)


def _template(meaning: str, longest: int, example: str) -> fields.String:
    return fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=longest, error=f"must have 1 to {longest} characters"),
        metadata={"description": meaning, "examples": [example]},
    )


class EscalationSaid(Form):
    """Who hears of an alert that nobody acknowledged in time."""

    after_minutes = whole(
        "So long after it came, unless somebody acknowledged it.",
        1,
        LONGEST_ESCALATION_MINUTES,
        required=True,
    )
    receivers = fields.List(
        fields.String(validate=validate.Length(min=1, max=LONGEST_NAME)),
        required=True,
        validate=validate.Length(
            min=1, max=MOST_RECEIVERS, error=f"must list 1 to {MOST_RECEIVERS}"
        ),
        metadata={"description": "Receivers, by `id` or by name."},
    )


class Told(Form):
    """What may be said of a rule beside its name and type; null means what is usual."""

    conditions = Conditions()
    events = Texts(
        "Events that it hears; empty: those of the type. Required of `custom`.",
        fields.String(validate=validate.Length(min=1, max=64)),
        MOST_EVENTS,
        ["lead.created"],
    )
    priority = priority("How urgent its alerts are; null: by what happened.", allow_none=True)
    alert_channels = Texts(
        "Channels that hear of it: all receivers of such a channel, unless `receivers` names one "
        "of them. `dashboard` hears everything.",
        one_of((DASHBOARD, *CHANNELS), "A channel."),
        len(CHANNELS) + 1,
        ["dashboard", "email"],
    )
    receivers = _receivers("Receivers that hear of it, by `id` or by name.")
    group_by = Texts(
        "Facts by which alerts are told apart; empty: all of the rule are told together.",
        fields.String(validate=validate.Length(min=1, max=LONGEST_FACT)),
        MOST_GROUPED,
        ["country"],
    )
    group_wait_seconds = whole(
        "How long the first of a group waits for others; 0: not at all.", 0, HOUR, allow_none=True
    )
    group_interval_seconds = whole(
        "How long after a notification more of the group are told; 300.", 1, DAY, allow_none=True
    )
    repeat_interval_seconds = whole(
        "How long after it the same is told again, while nobody has it; 14400. 0: never.",
        0,
        30 * DAY,
        allow_none=True,
    )
    escalation = fields.Nested(
        EscalationSaid,
        allow_none=True,
        metadata={"description": "Who hears of it if nobody acknowledges it in time."},
    )
    title = _template(
        "A template: text with facts in braces.", LONGEST_TITLE, "{match_score:.0f} points"
    )
    message = _template(
        "A template.", LONGEST_MESSAGE, "A lead from {place|somewhere}, intent {intent_score}."
    )


RULE_TYPE = "What kind of event it is about; `custom` hears the `events` that it names."


class NewRule(Told, OfAccount):
    """A new rule."""

    rule_name = Named("What people call it.", "High intent", required=True)
    rule_type = one_of(tuple(RULE_TYPES), RULE_TYPE, required=True)
    is_active = Switch("False: it raises nothing.")


class RuleChange(Told, OfAccount):
    """What is to be otherwise; what is absent stays as it is."""

    rule_name = Named("What people call it.", "High intent")
    rule_type = one_of(tuple(RULE_TYPES), RULE_TYPE)
    is_active = Switch("False: it raises nothing.")
    version = version_read()


class Rehearsal(Form):
    """For which time a rule is tried."""

    days = whole("Days that end now.", 1, LONGEST_DRY_RUN_DAYS, load_default=USUAL_DRY_RUN_DAYS)
    timezone = Zone("IANA; by which days are counted. UTC.")


class RehearsalAsked(Rehearsal, OfAccount):
    """A stored rule to try."""


class UnsavedRule(NewRule, Rehearsal):
    """A rule to try that is not stored."""

    rule_name = Named("What people call it.", "High intent", load_default="A rule to try")


class RulePlace(Form):
    """Which rule."""

    rule_id = fields.UUID(required=True, metadata={"description": "The rule's `id`."})


class RulePage(Paging):
    """Which rules, and which part of their list."""

    rule_type = one_of(tuple(RULE_TYPES), "Rules of this type.", load_default=None)
    is_active = fields.Boolean(
        load_default=None,
        metadata={"description": "`true` or `false`: active ones or others; absent, all."},
    )


class RuleVersionPage(Form):
    """Which part of a rule's history."""

    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(min=1, max=LONGEST_PAGE, error=f"must be from 1 to {LONGEST_PAGE}"),
        metadata={"description": "How many at most."},
    )
    before = fields.Integer(
        load_default=MOST_VERSION,
        validate=validate.Range(min=1, max=MOST_VERSION, error="must be 1 or more"),
        metadata={"description": "Versions before this one: `next_before` of the page before."},
    )


def named(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return where *said* names receivers, and what it calls each."""
    escalation = said.get("escalation") or {}
    return [
        *((f"receivers[{at}]", one) for at, one in enumerate(said.get("receivers") or ())),
        *(
            (f"escalation.receivers[{at}]", one)
            for at, one in enumerate(escalation.get("receivers") or ())
        ),
    ]
