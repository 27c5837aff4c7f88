"""Notifying: receivers whose groups are due are told, or not yet, or not at all.

All due groups of a receiver are looked at together, under a lock on the receiver, so that its
storm brake counts right however many workers there are. The decisions, the notifications and the
jobs that deliver them are of one transaction: a worker that dies leaves all of it or nothing.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.alerts import alert_store, group_store, notification_store, rule_store, silence_store
from services.alerts import receiver_store as receivers
from services.alerts.delivery import hand_over
from services.alerts.group_store import Claimed, Decided, Due, Settled, Standing
from services.alerts.inhibiting import INHIBITIONS
from services.alerts.notify import Notice, Round, notices
from services.alerts.raising import Raiser
from services.alerts.receiver import Receiver
from services.alerts.rule import Rule
from services.alerts.storm import HOUR
from services.alerts.telling import Group, Step, Told
from services.alerts.watching import watch
from shared.connection import Connection
from shared.db import Database
from shared.errors import Unavailable
from shared.ids import uuid7

MOST_DUE = 1000
"""Due groups that are looked for at a time, of all accounts."""

SOONEST = timedelta(seconds=1)
"""A group is not looked at again by itself before: whatever a stage says, no loop runs hot."""

AFTER_A_FAULT = timedelta(minutes=1)
"""When groups are looked at again that could not be."""

log = logging.getLogger(__name__)


def notify(database: Database, clock: Callable[[], datetime], stop: Callable[[], bool]) -> None:
    """Tell whoever is to be told, until nothing is due or *stop*."""
    while not stop():
        with database.lookup() as conn:
            found = group_store.due(conn, clock(), MOST_DUE)
        told = 0
        for due in found:
            if stop():
                return
            told += tell(database, due, clock())
        if not told:
            return  # nothing, or what others are at


def follow(
    database: Database,
    raiser: Raiser,
    country: str,
    stop: Callable[[], bool],
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Raise what happened and tell whom it is due, until nothing is left; the worker's part.

    In turn, so that what was raised is told at once, and a flood of events holds up no digest.
    """
    busy = True
    while busy and not stop():
        busy = watch(database, raiser, country, clock, stop)
        notify(database, clock, stop)


def tell(database: Database, due: Due, now: datetime) -> int:
    """Look at the due groups of a receiver at *now*; return at how many.

    If that fails they are looked at later, so that no receiver holds up the others.
    """
    try:
        return _told(database, due, now)
    except Unavailable:
        raise
    except Exception as error:
        fields = {"receiver_id": str(due.receiver_id), "error": type(error).__name__}
        log.error("a receiver is told later", exc_info=error, extra={"fields": fields})
    with database.transaction(due.tenant_id) as conn:
        later = [
            Settled(one.group_key, now + AFTER_A_FAULT, False)
            for one in group_store.claimed(conn, due.tenant_id, due.receiver_id, now)
        ]
        group_store.settle(conn, due.tenant_id, due.receiver_id, later, now)
    return len(later)


def _told(database: Database, due: Due, now: datetime) -> int:
    tenant_id = due.tenant_id
    with database.transaction(tenant_id) as conn:
        taken = receivers.taken(conn, tenant_id, due.receiver_id)
        if taken is None:
            return 0
        receiver, storm_told_at = taken
        claimed = group_store.claimed(conn, tenant_id, receiver.id, now)
        if not claimed:
            return 0
        keys = [one.group_key for one in claimed]
        standings = group_store.standings(conn, tenant_id, receiver.id, keys, now)
        groups = _groups(conn, tenant_id, receiver, claimed, standings, storm_told_at, now)
        found = _round(conn, tenant_id, receiver, groups, standings, now)
        _store(conn, tenant_id, receiver, found, standings, now)
    escalated = [id for one in found.notices if one.reason == "escalation" for id in _sent(one)]
    if escalated:
        # By itself: who acts on an alert has it locked and waits for its groups.
        with database.transaction(tenant_id) as conn:
            alert_store.note_escalated(conn, tenant_id, escalated, now)
    return len(claimed)


def _groups(
    conn: Connection,
    tenant_id: str,
    receiver: Receiver,
    claimed: Sequence[Claimed],
    standings: Sequence[Standing],
    storm_told_at: datetime | None,
    now: datetime,
) -> list[Group]:
    """Return the groups as `notify` sees them."""
    rules = rule_store.known(conn, tenant_id, [one.rule_id for one in claimed if one.rule_id])
    lately = notification_store.lately(conn, tenant_id, receiver.id, now, HOUR)
    of: dict[str, list[Standing]] = {}
    for one in standings:
        of.setdefault(one.alert.group_key, []).append(one)
    return [_group(one, rules, of.get(one.group_key, ()), lately, storm_told_at) for one in claimed]


def _group(
    claimed: Claimed,
    rules: Mapping[UUID, Rule],
    standings: Sequence[Standing],
    lately: Sequence[datetime],
    storm_told_at: datetime | None,
) -> Group:
    told = {one.alert.id: one.told_at for one in standings if one.told_at}
    return Group(
        key=claimed.group_key,
        rule=rules.get(claimed.rule_id) if claimed.rule_id else None,
        alerts=[one.alert for one in standings],
        opened_at=claimed.opened_at,
        told=Told(claimed.told_at, told) if claimed.told_at else None,
        sent_lately=lately,
        storm_told_at=storm_told_at,
    )


def _round(
    conn: Connection,
    tenant_id: str,
    receiver: Receiver,
    groups: Sequence[Group],
    standings: Sequence[Standing],
    now: datetime,
) -> Round:
    silences = silence_store.in_force(conn, tenant_id, now)
    leads = {one.alert.lead_id for one in standings if one.alert.lead_id}
    others = alert_store.open_of_leads(conn, tenant_id, leads) if leads else []
    return notices(groups, receiver, silences, INHIBITIONS, others, now)


def _store(
    conn: Connection,
    tenant_id: str,
    receiver: Receiver,
    found: Round,
    standings: Sequence[Standing],
    now: datetime,
) -> None:
    """Write down what came of a round, and have its notices delivered."""
    before = {one.alert.id: one.word for one in standings}
    decided = [
        Decided(uuid7(), alert_id, word, step.again_at, alert_id in step.send)
        for step in found.steps.values()
        for alert_id, word in step.words.items()
        if word == "sent" or word != before.get(alert_id)
    ]
    group_store.decide(conn, tenant_id, receiver.id, decided, now)
    settled = [_settled(key, step, now) for key, step in found.steps.items()]
    group_store.settle(conn, tenant_id, receiver.id, settled, now)
    for notice in found.notices:
        _hand_over(conn, tenant_id, receiver, notice, now)
    if found.notices:
        of_storm = any(notice.reason == "storm" for notice in found.notices)
        receivers.note_told(conn, tenant_id, receiver.id, now, of_storm)


def _settled(group_key: str, step: Step, now: datetime) -> Settled:
    again_at = max(step.again_at, now + SOONEST) if step.again_at else None
    return Settled(group_key, again_at, bool(step.send))


def _hand_over(
    conn: Connection, tenant_id: str, receiver: Receiver, notice: Notice, now: datetime
) -> None:
    id = uuid7()
    notification_store.save(
        conn, tenant_id, id, receiver.id, notice.reason, list(notice.send), _sent(notice), now
    )
    hand_over(conn, tenant_id, id, receiver.id, receiver.channel)


def _sent(notice: Notice) -> list[UUID]:
    return [alert_id for alerts in notice.send.values() for alert_id in alerts]
