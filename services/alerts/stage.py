"""A stage: one of the reasons for which a receiver is not told of an alert now.

Pure. Each stage says a word, or nothing where it has nothing against telling, and until when it
says so. What the stages say is all that the outcome comes from, so the earliest of those moments
is the earliest at which the outcome can change by itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from services.alerts.alert import Alert
from services.alerts.receiver import Receiver
from services.alerts.rule import PRIORITIES, Priority
from services.alerts.silence import Silence
from services.alerts.telling import Group, Word


class Says(NamedTuple):
    """What a stage says of an alert."""

    word: Word | None = None
    """None: it may be told, as far as this stage goes."""
    until: datetime | None = None
    """None: it does not change by itself."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What every stage looks at beside the alert."""

    group: Group
    receiver: Receiver
    silences: Sequence[Silence]
    is_inhibited: Callable[[Alert], bool]
    opens_at: datetime
    """When those of the group that were not told yet are due, all together."""
    now: datetime
    """Aware."""


Stage = Callable[[Alert, Asked], Says]

NOTHING = Says()


def at_least(priority: Priority, least: Priority) -> bool:
    """True if *priority* is *least* or more."""
    return PRIORITIES.index(priority) >= PRIORITIES.index(least)


def earliest(*moments: datetime | None) -> datetime | None:
    """Return the first of *moments*; None is never."""
    return min((moment for moment in moments if moment is not None), default=None)
