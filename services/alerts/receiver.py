"""A receiver: one address of one channel, and when it wants to hear.

Pure. The address itself is sealed where it is stored, and is not here: deciding needs none.
"""

from dataclasses import dataclass
from datetime import time
from typing import Literal
from uuid import UUID

from services.alerts.rule import Priority

Digest = Literal["hourly", "daily"]


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When a receiver is left alone, by the clock on its wall. An end before the start is next day.

    `urgent` breaks through, unless `breaks_through` says otherwise.
    """

    start: time
    end: time
    timezone: str
    """A name of the IANA time zone database."""
    days: frozenset[int] = frozenset(range(7))
    """Days on which it begins, Monday is 0."""
    breaks_through: Priority = "urgent"
    """The least priority that is told all the same."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody, or something, that hears of alerts."""

    id: UUID
    name: str
    channel: str
    """A name of `services.alerts.channels.CHANNELS`."""
    quiet_hours: QuietHours | None = None
    digest: Digest | None = None
    """None: each group by itself. `urgent` never waits for a digest."""
    digest_at: time = time(8)
    """Of a daily digest, by the clock of `timezone`."""
    timezone: str = "UTC"
    least_priority: Priority = "low"
    """What is below it is not told to this receiver."""
    most_an_hour: int = 30
    """The storm brake: notifications in any hour, after which one says that there are more."""
    hears_all: bool = False
    """True: it hears every alert, whomever its rule names, and those of no rule."""
    is_active: bool = True
    version: int = 1
