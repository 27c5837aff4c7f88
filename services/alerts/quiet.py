"""Quiet hours: when a receiver is left alone, by the clock on its wall.

Pure. Quiet hours are spans of time between two showings of a clock (`wall_clock`), so a change of
clocks inside of one makes it an hour shorter or longer and never breaks it in two: a start that is
shown twice is the first showing, an end that is shown twice the second.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from services.alerts.alert import Alert
from services.alerts.receiver import QuietHours
from services.alerts.stage import NOTHING, Asked, Says, at_least
from services.alerts.wall_clock import day_of, shown

AHEAD = 8
"""Days that are looked at: after a week, quiet hours come again."""


class Spell(NamedTuple):
    """Whether it is quiet, and until when that stays so."""

    is_quiet: bool
    until: datetime | None
    """None: it stays so."""


def quiet_hours(alert: Alert, asked: Asked) -> Says:
    """Say that the receiver is left alone just now, unless *alert* is urgent enough."""
    quiet = asked.receiver.quiet_hours
    if quiet is None or at_least(alert.priority, quiet.breaks_through):
        return NOTHING
    spell = spell_at(quiet, asked.now)
    return Says("quiet_hours" if spell.is_quiet else None, spell.until)


@lru_cache(maxsize=4096)
def spell_at(quiet: QuietHours, moment: datetime) -> Spell:
    """Return whether it is quiet at *moment* (aware), and until when.

    A start that equals the end is a whole day. The end itself is not quiet any more.
    """
    spans = _spans(quiet, moment)
    for start, end in spans:
        if start <= moment < end:
            return Spell(True, None if is_endless(quiet) else end)
        if moment < start:
            return Spell(False, start)
    return Spell(False, None)


def is_endless(quiet: QuietHours) -> bool:
    """True if it is always quiet: such hours are refused when somebody asks for them."""
    return quiet.start == quiet.end and len(quiet.days) == 7


def _spans(quiet: QuietHours, moment: datetime) -> list[tuple[datetime, datetime]]:
    """Return the spans around and after *moment*, those that meet made one."""
    today = day_of(moment, quiet.timezone)
    spans: list[tuple[datetime, datetime]] = []
    for ahead in range(-2, AHEAD + 1):
        day = today + timedelta(days=ahead)
        if day.weekday() not in quiet.days:
            continue
        over_night = timedelta(days=int(quiet.end <= quiet.start))
        start = shown(day, quiet.start, quiet.timezone)
        end = shown(day + over_night, quiet.end, quiet.timezone, last=True)
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        elif start < end:
            spans.append((start, end))
    return spans
