"""Telling: whether one receiver hears of one group of alerts now, later or not, and why.

Pure; the shapes that the steps of `services.alerts.notify` pass on. Each decision is a word, and
every one of them is kept and shown. `Told.alerts` says when each alert was told, so that what
happened to it since (again, snoozed, escalated) can be compared with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.alerts.alert import Alert
from services.alerts.rule import Rule

Word = Literal[
    "sent",  # told now
    "waits_for_group",  # more of the group may come
    "told_already",  # nothing new since, and it is too soon to repeat
    "inhibited",  # another alert says it
    "silenced",
    "acknowledged",  # somebody has it; not repeated
    "snoozed",
    "quiet_hours",
    "waits_for_digest",
    "waits_for_escalation",  # the receiver hears of it only if nobody acknowledges it in time
    "braked",  # too many in an hour: held, and told in one message after the storm
    "below_priority",
    "inactive",  # the receiver or the rule is switched off
    "over",  # it was actioned, dismissed or resolved first
]

Reason = Literal["first", "more", "repeat", "digest", "escalation", "storm", "test"]
"""Why a notification goes out."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a receiver was told of a group so far (Alertmanager's notification log)."""

    at: datetime
    """Latest."""
    alerts: Mapping[UUID, datetime]
    """Alerts that were told and are still open, and when each was told last."""


@dataclass(frozen=True, slots=True)
class Group:
    """Alerts that one receiver is told together."""

    key: str
    rule: Rule | None
    alerts: Sequence[Alert]
    """The open ones, oldest first."""
    opened_at: datetime
    told: Told | None = None
    sent_lately: Sequence[datetime] = field(default_factory=tuple)
    """When the receiver was told anything, of any group, within the last hour, oldest first."""
    storm_told_at: datetime | None = None
    """When it was last told that there is a storm."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is to happen with a group and a receiver."""

    words: Mapping[UUID, Word]
    """For each alert of the group."""
    send: tuple[UUID, ...] = ()
    """Alerts that go out now; empty: nothing does."""
    reason: Reason | None = None
    again_at: datetime | None = None
    """When to look again, if nothing happens before; None: not by itself."""
