"""What a rule would have done with what happened already: "would have fired 14 times".

Pure. Nothing is silenced, grouped or told: it counts happenings that the rule would have made an
alert of, and how many alerts they are.
"""

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.alerts.conditions import Count
from services.alerts.fingerprint import fingerprint
from services.alerts.happening import Happening
from services.alerts.rulebook import Ready, events

MOST_EXAMPLES = 10
"""Happenings that are named, the latest first."""

WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Example:
    """One happening that would have fired."""

    event_id: UUID
    lead_id: UUID | None
    occurred_at: datetime
    why: tuple[str, ...]
    """Cites what is known of the lead: for the rule's owner alone."""


@dataclass(frozen=True, slots=True)
class DryRun:
    """What would have come of a rule within a time."""

    days: Mapping[date, int]
    """How often it would have fired, by each day of the time, oldest first; local dates."""
    looked_at: int
    """Happenings that the rule hears."""
    fired: int
    alerts: int
    """Different ones, were none of them ended in between."""
    unknown: int
    """Happenings of which not enough was known to say."""
    examples: tuple[Example, ...]

    @property
    def in_words(self) -> str:
        """Return it as a sentence."""
        length = len(self.days)
        when = "on one day" if length == 1 else f"in {length} days"
        when = "last week" if length == WEEK_DAYS else when
        if not self.fired:
            return f"would not have fired {when}"
        often = "once" if self.fired == 1 else f"{self.fired:,} times"
        same = "" if self.alerts == self.fired else f", {_alerts(self.alerts)}"
        return f"would have fired {often} {when}{same}"


def dry_run(
    ready: Ready, happenings: Iterable[Happening], until: datetime, days: int, timezone: str = "UTC"
) -> DryRun:
    """Return what *ready* would have done in the *days* that end with that of *until*.

    *happenings* of all kinds, in any order; one that comes twice counts once. A count reaches back
    as far as they do: hand in a day more than is asked for. *timezone* is IANA's, for the days.
    """
    zone = ZoneInfo(timezone)
    last = until.astimezone(zone).date()
    per_day = {last - timedelta(days=back): 0 for back in range(days - 1, -1, -1)}
    tally = _Tally(ready.conditions.count)
    fired: list[Happening] = []
    found: Counter[bool | None] = Counter()
    for one in _in_order(ready, happenings):
        day = one.occurred_at.astimezone(zone).date()
        verdict = ready.conditions.verdict(one)
        counts = verdict is True and tally.reached(ready.conditions.counted_by(one), one)
        if day not in per_day or one.occurred_at > until:
            continue
        found[verdict] += 1
        if counts:
            per_day[day] += 1
            fired.append(one)
    return DryRun(
        days=per_day,
        looked_at=found.total(),
        fired=len(fired),
        alerts=len({fingerprint(ready.rule, one) for one in fired}),
        unknown=found[None],
        examples=tuple(_example(ready, one) for one in fired[: -MOST_EXAMPLES - 1 : -1]),
    )


def _alerts(number: int) -> str:
    return "all of them one alert" if number == 1 else f"as {number:,} alerts"


def _in_order(ready: Ready, happenings: Iterable[Happening]) -> list[Happening]:
    names = events(ready.rule)
    heard = {one.id: one for one in happenings if one.name in names}
    return sorted(heard.values(), key=lambda one: (one.occurred_at, one.id))


def _example(ready: Ready, one: Happening) -> Example:
    return Example(one.id, one.lead_id, one.occurred_at, tuple(ready.conditions.why(one)))


class _Tally:
    """How often something happened of late, by its key; without a count, once is enough."""

    def __init__(self, count: Count | None):
        self._count = count
        self._met: dict[str, deque[datetime]] = {}

    def reached(self, key: str | None, happening: Happening) -> bool:
        """Count *happening*, which is later than all before; True if that makes it enough."""
        if self._count is None:
            return True
        if key is None:
            return False
        met = self._met.setdefault(key, deque())
        met.append(happening.occurred_at)
        while met[0] <= happening.occurred_at - self._count.within:
            met.popleft()
        return len(met) >= self._count.at_least
