"""When a clock on a wall shows a time, in a zone that changes its clocks or does not.

Pure. Twice a year a zone may skip wall times (a gap) or show them twice (a fold), see PEP 495.
Here a time in a gap is reached at the moment the clock jumps over it, and a time in a fold is
either its first or its second showing, as the caller says.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SECOND = timedelta(seconds=1)


def shown(day: date, at: time, timezone: str, *, last: bool = False) -> datetime:
    """Return the moment (UTC) at which the clock of *timezone* shows *at* on *day*.

    A time that is shown twice: the first showing, or the second where *last*. One that is skipped:
    when the clock jumps. Raises ZoneInfoNotFoundError for a zone that is not known.
    """
    zone = ZoneInfo(timezone)
    wall = datetime.combine(day, at.replace(tzinfo=None), zone)
    first, second = (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= second:
        return second if last else first
    return _jump(second, first, zone)


def day_of(moment: datetime, timezone: str) -> date:
    """Return the date on the wall of *timezone* at *moment*."""
    return moment.astimezone(ZoneInfo(timezone)).date()


def has(day: date, timezone: str) -> bool:
    """Return whether *timezone* has *day*: Apia went from 29 to 31 December 2011."""
    return day_of(shown(day, time(), timezone), timezone) == day


@lru_cache(maxsize=4096)
def full_hour(moment: datetime, timezone: str) -> datetime:
    """Return the first moment (UTC) from *moment* on at which the clock shows a full hour.

    Zones are not all whole hours apart (Kathmandu is 5:45 ahead), nor are all changes of clocks
    (30 minutes on Lord Howe Island).
    """
    zone = ZoneInfo(timezone)
    found = moment.astimezone(UTC)
    while past := _past_the_hour(found, zone):
        found += timedelta(hours=1) - past
    return found


def _past_the_hour(moment: datetime, zone: ZoneInfo) -> timedelta:
    wall = moment.astimezone(zone)
    return timedelta(minutes=wall.minute, seconds=wall.second, microseconds=wall.microsecond)


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment between *before* and *after* at which the zone's offset changes."""
    old = before.astimezone(zone).utcoffset()
    while after - before > SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
