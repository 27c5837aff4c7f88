"""A rule: which happenings are worth an alert, how urgent it is, and who is to hear of it.

Pure. Terms are Alertmanager's: alerts of one *group* are told together, the first at once or
after `group_wait`, more of them each `group_interval`, and the same again each `repeat_interval`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

Priority = Literal["low", "medium", "high", "urgent"]

PRIORITIES: tuple[Priority, ...] = ("low", "medium", "high", "urgent")
"""Ascending (contract, section 3)."""

RULE_TYPES: Mapping[str, tuple[str, ...]] = {
    "new_lead": ("lead.created",),
    "high_score_match": ("high_score_match",),
    "geographic": ("lead.created",),
    "industry": ("lead.created",),
    "behavior_change": ("behavior.changed",),
    "signal_strength": ("signal.detected", "lead.created"),
    "late_duplicate": ("lead.late_duplicate",),
    "review_waiting": ("review.waiting",),
    "consent_withdrawn": ("consent.withdrawn",),
    "custom": (),
}
"""Each type with the events that it hears (contract, section 3, and the issue's); `custom` hears
those that the rule names in `events`."""

GROUP_INTERVAL = timedelta(minutes=5)
REPEAT_INTERVAL = timedelta(hours=4)
"""Alertmanager's defaults. Its `group_wait` of 30 s is none here: the first goes out at once
(contract, section 4)."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """Who hears of an alert that nobody acknowledged in time."""

    after: timedelta
    receivers: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of a rule, already checked."""

    id: UUID
    rule_name: str
    rule_type: str
    """A name of RULE_TYPES."""
    conditions: Mapping[str, Any] = field(default_factory=dict)
    """As their owner wrote them; `services.alerts.conditions` reads them."""
    events: tuple[str, ...] = ()
    """Those that are heard; empty: those of the type."""
    priority: Priority | None = None
    """None: by what happened (`services.alerts.urgency`)."""
    receivers: tuple[UUID, ...] = ()
    """Beside the dashboard, which hears everything."""
    channels: tuple[str, ...] = ()
    """Channels of which all receivers hear of it: those that `receivers` names none of."""
    group_by: tuple[str, ...] = ()
    """Facts by which alerts are told apart: none, and all of the rule's are one group."""
    group_wait: timedelta = timedelta(0)
    group_interval: timedelta = GROUP_INTERVAL
    repeat_interval: timedelta = REPEAT_INTERVAL
    escalation: Escalation | None = None
    title: str | None = None
    """A template; None: that of the event."""
    message: str | None = None
    is_active: bool = True
    version: int = 1

    @property
    def heard(self) -> tuple[str, ...]:
        """Return the names of the events that the rule looks at."""
        return self.events or RULE_TYPES[self.rule_type]
