"""An alert: that a rule found something worth telling, from then until somebody has dealt with it.

Pure. Statuses are the contract's; acknowledged and snoozed are marks beside them, for an
acknowledged alert stays open. `escalate_at` is the clock of its escalation, here beside
`escalated_at` because acts of people stop it and start it anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.alerts.happening import Fact
from services.alerts.rule import Priority

Status = Literal["new", "read", "actioned", "dismissed", "resolved"]

MOST_TYPES = 100
"""Types of alerts that a summary counts; workflows may name any."""

OPEN: frozenset[Status] = frozenset({"new", "read"})
"""Statuses of an alert that somebody may still have to do with; one that happens again within
them is the same alert, counted once more. After them it is a new one (re-armed)."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert as it stands. Its words are sealed where they are stored, and are not here."""

    id: UUID
    rule_id: UUID | None
    """None: it was sent as it is, by no rule."""
    alert_type: str
    fingerprint: str
    group_key: str
    lead_id: UUID | None
    priority: Priority
    status: Status
    first_at: datetime
    last_at: datetime
    """When it happened last."""
    times: int = 1
    facts: Mapping[str, Fact] = field(default_factory=dict)
    """Ids, verdicts and places: what silences, inhibitions and groups look at."""
    acknowledged_at: datetime | None = None
    assigned_to: str | None = None
    snoozed_until: datetime | None = None
    escalate_at: datetime | None = None
    """When it escalates, if nobody has it until then; None: it does not (any more)."""
    escalated_at: datetime | None = None
    """When a receiver first heard of it by escalation."""

    @property
    def is_open(self) -> bool:
        """True while somebody may still have to do with it."""
        return self.status in OPEN
