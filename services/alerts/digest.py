"""Digests: what is not urgent comes at the full hour, or once a day, in one message.

Pure. The moments are those of the receiver's own clock. What was due at one and could not be told
then (quiet hours, a silence) is told as soon as nothing is in the way, not a digest later.
"""

from datetime import datetime, timedelta

from services.alerts.alert import Alert
from services.alerts.grouping import ripe
from services.alerts.receiver import Receiver
from services.alerts.stage import NOTHING, Asked, Says
from services.alerts.wall_clock import day_of, full_hour, has, shown


def digest(alert: Alert, asked: Asked) -> Says:
    """Say that *alert* waits for the receiver's digest; an urgent or escalated one does not."""
    found = ripe(alert, asked)
    if not found.waits_for_digest or found.at is None:
        return NOTHING
    due = next_digest(asked.receiver, found.at)
    return Says("waits_for_digest", due) if asked.now < due else NOTHING


def next_digest(receiver: Receiver, moment: datetime) -> datetime:
    """Return when the first digest is due from *moment* on; *moment* itself where there is none.

    A daily one comes once a day, also on days on which its time is skipped or shown twice.
    """
    if receiver.digest == "hourly":
        return full_hour(moment, receiver.timezone)
    if receiver.digest == "daily":
        return _daily(receiver, moment)
    return moment


def _daily(receiver: Receiver, moment: datetime) -> datetime:
    day = day_of(moment, receiver.timezone)
    due = shown(day, receiver.digest_at, receiver.timezone)
    while due < moment or not has(day, receiver.timezone):
        day += timedelta(days=1)
        due = shown(day, receiver.digest_at, receiver.timezone)
    return due
