"""The calendar of caps and schedules: spans of time in a zone, and when leads are taken.

Clocks change: an hour lasts an hour, a day from midnight to midnight, be that 23 or 25 hours. A
schedule holds by what the clock on the wall shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.dedup.trade.terms import Opening

HOUR, DAY, WEEK, MONTH, TOTAL = "hour", "day", "week", "month", "total"

SPANS = (HOUR, DAY, WEEK, MONTH, TOTAL)
"""The spans that a cap may count in."""

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""When the span of a total began: before any lead."""

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""In the order of `date.weekday`."""

MIDNIGHT = time(0)

FORTNIGHT = 15
"""Days that are looked ahead: clocks are put forward over an opening once in two weeks at most."""


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time."""

    begins_at: datetime
    ends_at: datetime | None
    """Not included; None: it never ends."""


def zone(name: str | None) -> ZoneInfo:
    """Return the zone of an IANA *name*; UTC for None. Raises ZoneInfoNotFoundError."""
    return ZoneInfo(name or "UTC")


def span(per: str, now: datetime, where: ZoneInfo) -> Span:
    """Return the span *per*, one of SPANS, that *now* is in; its times are UTC.

    Raises ValueError for any other span.
    """
    local = now.astimezone(where)
    today = local.date()
    if per == TOTAL:
        return Span(BEGINNING, None)
    if per == HOUR:
        into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        begins = now.astimezone(UTC) - into
        return Span(begins, begins + timedelta(hours=1))
    if per == DAY:
        return _between(today, today + timedelta(days=1), where)
    if per == WEEK:
        monday = today - timedelta(days=today.weekday())
        return _between(monday, monday + timedelta(days=7), where)
    if per == MONTH:
        first = today.replace(day=1)
        return _between(first, (first + timedelta(days=31)).replace(day=1), where)
    raise ValueError(f"no span of the calendar: {per}")


def is_open(schedule: Sequence[Opening], now: datetime, where: ZoneInfo) -> bool:
    """Return whether leads are taken *now*; a *schedule* without openings is always open."""
    local = now.astimezone(where)
    return not schedule or any(
        DAYS[local.weekday()] == opening.day
        and opening.begins <= local.time()
        and (local.time() < opening.ends or opening.ends == MIDNIGHT)
        for opening in schedule
    )


def opens_at(schedule: Sequence[Opening], now: datetime, where: ZoneInfo) -> datetime:
    """Return the first moment from *now* on, in UTC, at which leads are taken."""
    if is_open(schedule, now, where):
        return now.astimezone(UTC)
    today = now.astimezone(where).date()
    candidates = (
        moment
        for day in (today + timedelta(days=n) for n in range(FORTNIGHT))
        for moment in _beginnings(schedule, day, where)
    )
    return next(each for each in candidates if each > now and is_open(schedule, each, where))


def _beginnings(schedule: Sequence[Opening], day: date, where: ZoneInfo) -> list[datetime]:
    """Return in order at what moments of *day* it may be that leads begin to be taken."""
    begun = [opening.begins for opening in schedule if opening.day == DAYS[day.weekday()]]
    moments = [moment for begins in begun for moment in _moments(day, begins, where)]
    whole = _between(day, day + timedelta(days=1), where)
    change = _change(whole.begins_at, whole.ends_at or whole.begins_at, where)
    return sorted(moments + ([change] if change else []))


def _between(first: date, end: date, where: ZoneInfo) -> Span:
    return Span(_moments(first, MIDNIGHT, where)[0], _moments(end, MIDNIGHT, where)[0])


def _moments(day: date, at: time, where: ZoneInfo) -> list[datetime]:
    """Return when the clock shows *at* on *day*: twice where it is put back.

    Where it is put forward over that time, it is the moment of the change (PEP 495: of a time that
    does not exist, fold 0 counts with the offset before the change and fold 1 with that after it).
    """
    local = datetime.combine(day, at, where)
    first, second = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    if first > second:
        return [_change(second, first, where) or first]
    return [first] if first == second else [first, second]


def _change(before: datetime, after: datetime, where: ZoneInfo) -> datetime | None:
    """Return when the clock is changed between two moments in UTC, to the second; None if not."""
    offset = before.astimezone(where).utcoffset()
    if after.astimezone(where).utcoffset() == offset:
        return None
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(where).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
