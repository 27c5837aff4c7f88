"""Analytics: what became of an account's leads, counted over all of them and by day or week.

Everything is counted when it is asked for; nothing is estimated, and what no service knows yet is
null. A duplicate counts with the day it came, not as a lead of its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.leads.filter import STATUSES

LONGEST_PERIOD = timedelta(days=400)
"""A year and a month beside it, for a comparison with the year before."""

STEPS = {"day": timedelta(days=1), "week": timedelta(days=7)}
"""How long a bucket of a time series is; a week begins on Monday (ISO 8601)."""

MOST_SOURCES = 20
"""Sources told apart in a time series; the others are counted together."""

OTHER = "other"
"""What the sources beyond those are counted as."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The leads of one bucket and one source."""

    begins: date
    source_id: str | None
    """None for the sources that are counted together."""
    leads: int
    duplicates: int
    turned_away: int
    """Of those that are no duplicates: a machine's, or marked invalid."""
    flagged: int


@dataclass(frozen=True, slots=True)
class Period:
    """The days of a time series, in one time zone."""

    first: date
    last: date
    """Included."""
    step: str
    """One of STEPS."""
    zone: ZoneInfo

    @property
    def begins(self) -> datetime:
        """Return the first moment of the first bucket."""
        return datetime.combine(next(self.buckets()), time(), self.zone)

    @property
    def ends(self) -> datetime:
        """Return the first moment after the last day."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone)

    def buckets(self) -> Iterator[date]:
        """Yield the day that each bucket begins with."""
        day = self.first
        if self.step == "week":
            day -= timedelta(days=day.weekday())
        while day <= self.last:
            yield day
            day += STEPS[self.step]


def series(
    period: Period, counted: Iterable[Counted], response_hours: Mapping[date, float]
) -> list[dict[str, object]]:
    """Return one entry a bucket, oldest first; a bucket without leads is all zeros.

    *response_hours* is by bucket the median time from a lead's arrival to the first contact.
    """
    by_bucket: dict[date, list[Counted]] = defaultdict(list)
    for each in counted:
        by_bucket[each.begins].append(each)
    return [
        _entry(begins, by_bucket[begins], response_hours.get(begins)) for begins in period.buckets()
    ]


def _entry(begins: date, counted: Sequence[Counted], hours: float | None) -> dict[str, object]:
    leads = sum(each.leads for each in counted)
    duplicates = sum(each.duplicates for each in counted)
    accepted = leads - duplicates - sum(each.turned_away for each in counted)
    return {
        "date": begins,
        "leads": leads,
        "by_source": [
            {"source_id": each.source_id or OTHER, "leads": each.leads}
            for each in sorted(counted, key=lambda each: (each.source_id is None, -each.leads))
        ],
        "duplicates_prevented": duplicates,
        "flagged": sum(each.flagged for each in counted),
        "accepted": accepted,
        "acceptance_rate": round(accepted / leads, 4) if leads else None,
        "median_response_hours": None if hours is None else round(hours, 2),
    }


@dataclass(frozen=True, slots=True)
class OfStatus:
    """The leads of one status, duplicates or not."""

    status: str
    duplicate: bool
    leads: int
    strength: float
    """The sum of their signal strengths."""
    intent: float
    """The sum of their intent scores."""


def overview(counted: Iterable[OfStatus], investigations: int) -> dict[str, object]:
    """Return the contract's numbers; averages of nothing are null, and so is what nobody knows."""
    counted = list(counted)
    own = [each for each in counted if not each.duplicate]
    total = sum(each.leads for each in own)
    by_status = {each.status: each.leads for each in own}
    return {
        "lead_stats": {
            "total_leads": total,
            **{f"{status}_leads": by_status.get(status, 0) for status in STATUSES},
            "avg_signal_strength": _average((each.strength for each in own), total),
            "avg_intent_score": _average((each.intent for each in own), total),
        },
        "match_stats": {"total_matches": 0, "avg_match_score": None, "conversions": 0},
        "tracking_stats": {"total_profiles": 0, "investigations": investigations},
        "duplicates_prevented": sum(each.leads for each in counted if each.duplicate),
    }


def _average(sums: Iterable[float], total: int) -> float | None:
    return round(sum(sums) / total, 2) if total else None
