"""The storm brake: a receiver that was told too much in an hour hears no more for an hour.

Pure. The notification after the last one allowed holds all that is due at that moment and says
that there is a storm. What comes within an hour of it is held, and told in one message after it.
So there are never more than `most_an_hour` and one in any hour, and nothing is lost.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.alerts.receiver import Receiver

HOUR = timedelta(hours=1)
"""Over which notifications are counted, and for which the brake holds."""


def brake_ends_at(storm_told_at: datetime | None) -> datetime | None:
    """Return until when everything is held, be it past; None: there was no storm."""
    return storm_told_at + HOUR if storm_told_at else None


def is_braked(storm_told_at: datetime | None, now: datetime) -> bool:
    """True while everything is held."""
    ends_at = brake_ends_at(storm_told_at)
    return ends_at is not None and now < ends_at


def left(receiver: Receiver, sent_lately: Sequence[datetime], now: datetime) -> int:
    """Return how many notifications *receiver* may be sent before the brake holds."""
    return max(0, receiver.most_an_hour - sum(1 for at in sent_lately if now - at < HOUR))
