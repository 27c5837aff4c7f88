"""How many leads a service may still be given today, and which of several is next.

Pure. A day is the provider's: that of the time zone of its `active_hours`, UTC where none is said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from services.matching.service import Service

NEAR = 0.5
"""Points that two scores may differ by and be equal: what recency fades by in three days, and
far less than what fields that are missing leave open."""

NEVER = datetime.min.replace(tzinfo=UTC)
"""Before any lead was given."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A service that may have the lead."""

    service: Service
    match_score: float
    last_given_at: datetime | None
    """When it last was given a lead; None: never."""


def day_of(service: Service, now: datetime) -> date:
    """Return the day that it is for the provider at *now* (aware)."""
    name = service.active_hours.get("timezone")
    return now.astimezone(ZoneInfo(name) if name else UTC).date()


def left(service: Service, given: int) -> int | None:
    """Return how many leads more it takes of a day on which it was *given* some; None: any."""
    if service.daily_capacity is None:
        return None
    return max(0, service.daily_capacity - given)


def next_in_turn(candidates: Sequence[Candidate]) -> Candidate:
    """Return who gets the lead: the best, and among equals who got none for longest.

    Equal are those within NEAR of the best. Then the better one, then the smaller id. Raises
    ValueError if there is none.
    """
    best = max(one.match_score for one in candidates)
    equal = [one for one in candidates if one.match_score >= best - NEAR]
    return min(equal, key=_turn)


def _turn(one: Candidate) -> tuple[datetime, float, str]:
    return one.last_given_at or NEVER, -one.match_score, str(one.service.id)


def days(services: Sequence[Service], now: datetime) -> Mapping[UUID, date]:
    """Return today of each of *services* that has a limit."""
    return {
        UUID(str(service.id)): day_of(service, now)
        for service in services
        if service.daily_capacity is not None
    }
