"""Grouping: when alerts of a group are due to be told, and when the same is told again.

Pure. After Alertmanager: the first of a group at once (or after `group_wait`), more of them each
`group_interval`, the same again each `repeat_interval`. Unlike there, an alert is repeated only
while nobody looked at it, and not for ever: it tells of something that happened once.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from services.alerts.alert import Alert
from services.alerts.escalation import escalates_at
from services.alerts.rule import GROUP_INTERVAL, REPEAT_INTERVAL
from services.alerts.stage import Asked, Says, earliest
from services.alerts.telling import Group, Told, Word

REPEATED_FOR = timedelta(days=3)
"""After its last happening an alert is repeated this long: longer than a weekend. A judgement."""

NEVER = timedelta(0)
"""A rule with this `repeat_interval` repeats nothing."""


class Ripe(NamedTuple):
    """When an alert is due for a receiver."""

    at: datetime | None
    """It may be past; None: not by itself."""
    word: Word
    """Why not before."""
    is_escalation: bool = False
    waits_for_digest: bool = False


def grouped(alert: Alert, asked: Asked) -> Says:
    """Say that *alert* is not due yet, or was told already."""
    found = ripe(alert, asked)
    later = escalates_at(alert, asked)
    later = later if later is not None and later > asked.now else None
    if found.at is None or asked.now < found.at:
        return Says(found.word, earliest(found.at, later))
    return Says(None, later)


def ripe(alert: Alert, asked: Asked) -> Ripe:
    """Return when the receiver is due to hear of *alert*, before quiet hours and digests."""
    escalates = escalates_at(alert, asked)
    if escalates is not None and escalates <= asked.now:
        return Ripe(escalates, "waits_for_escalation", is_escalation=True)
    told_at = _told_at(alert, asked.group)
    if not hears(asked):
        word: Word = "told_already" if told_at else "waits_for_escalation"
        return Ripe(escalates, word if told_at or escalates else "inactive")
    in_digest = asked.receiver.digest is not None and alert.priority != "urgent"
    if told_at is not None:
        return Ripe(_again(alert, asked.group, told_at), "told_already", waits_for_digest=in_digest)
    if in_digest:
        came = max(asked.group.opened_at, alert.first_at)
        return Ripe(came, "waits_for_digest", waits_for_digest=True)
    return Ripe(asked.opens_at, "waits_for_group")


def opens_at(group: Group) -> datetime:
    """Return when those of *group* that were not told yet are due, all of them together."""
    rule, told = group.rule, group.told
    fresh = (one.first_at for one in group.alerts if _told_at(one, group) is None)
    opened = max(group.opened_at, min(fresh, default=group.opened_at))
    opened += rule.group_wait if rule else timedelta(0)
    if told is None:
        return opened
    pause = rule.group_interval if rule else GROUP_INTERVAL
    repeats = rule.repeat_interval if rule else REPEAT_INTERVAL
    # What is new goes with a repetition; else short repetitions would put it off again and again.
    return max(opened, told.at + (min(pause, repeats) if repeats > NEVER else pause))


def hears(asked: Asked) -> bool:
    """True if the receiver hears of the group as such, and not by escalation alone."""
    rule = asked.group.rule
    receiver = asked.receiver
    if rule is None or receiver.hears_all:
        return True
    return receiver.id in rule.receivers or receiver.channel in rule.channels


def told_after(group: Group, sent: Iterable[UUID], now: datetime) -> Told:
    """Return what the receiver was told of *group*, once *sent* went out; ended alerts go."""
    before = group.told.alerts if group.told else {}
    still = {alert.id for alert in group.alerts}
    kept = {id: at for id, at in before.items() if id in still}
    return Told(now, kept | dict.fromkeys(sent, now))


def _told_at(alert: Alert, group: Group) -> datetime | None:
    return group.told.alerts.get(alert.id) if group.told else None


def _again(alert: Alert, group: Group, told_at: datetime) -> datetime | None:
    """Return when *alert*, told at *told_at*, is told again; None: not by itself."""
    if alert.snoozed_until is not None and told_at < alert.snoozed_until:
        return alert.snoozed_until
    assert group.told is not None
    pause = group.rule.repeat_interval if group.rule else REPEAT_INTERVAL
    was_seen = alert.status != "new" and alert.last_at <= told_at
    if pause <= NEVER or was_seen or group.told.at - alert.last_at > REPEATED_FOR:
        return None
    return group.told.at + pause
