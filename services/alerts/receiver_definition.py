"""The definition of a receiver: what its owner said of when and what it hears, as JSON.

Pure. Times of day are `HH:MM`, days `mon` to `sun`. The address stands elsewhere, sealed.
"""

from collections.abc import Mapping
from datetime import time
from typing import Any
from uuid import UUID

from services.alerts.receiver import QuietHours, Receiver

Definition = Mapping[str, Any]
"""The names of USUAL, and what else its owner's words had."""

USUAL: Definition = {
    "quiet_hours": None,
    "digest": None,
    "digest_at": "08:00",
    "timezone": "UTC",
    "least_priority": "low",
    "most_an_hour": 30,
    "hears_all": False,
}
"""What holds of a receiver where its owner says nothing. Quiet hours have `from`, `to`,
`timezone`, `days` and `breaks_through`."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Of the week, in the order of Python's numbers."""


def as_receiver(
    id: UUID, name: str, channel: str, is_active: bool, version: int, definition: Definition
) -> Receiver:
    """Return the receiver that *definition* says; null stands for what is usual."""
    said = {**USUAL, **{name: one for name, one in definition.items() if one is not None}}
    return Receiver(
        id=id,
        name=name,
        channel=channel,
        quiet_hours=_quiet_hours(said["quiet_hours"], said["timezone"]),
        digest=said["digest"],
        digest_at=time.fromisoformat(said["digest_at"]),
        timezone=said["timezone"],
        least_priority=said["least_priority"],
        most_an_hour=said["most_an_hour"],
        hears_all=said["hears_all"],
        is_active=is_active,
        version=version,
    )


def _quiet_hours(said: Mapping[str, Any] | None, timezone: str) -> QuietHours | None:
    if not said:
        return None
    days = said.get("days") or DAYS
    return QuietHours(
        start=time.fromisoformat(said["from"]),
        end=time.fromisoformat(said["to"]),
        timezone=said.get("timezone") or timezone,
        days=frozenset(DAYS.index(day) for day in days),
        breaks_through=said.get("breaks_through") or "urgent",
    )
