"""Dealing: what somebody does with an alert is stored, with who did it; its receivers follow.

`services.alerts.acting` says what an act makes of an alert.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.alerts import alert_store, group_store, history_store, rule_store
from services.alerts.acting import Act, NotFromHere, acted
from services.alerts.alert_store import Stored
from services.alerts.desk import Desk
from services.alerts.history_store import Action
from services.alerts.rule import Escalation
from shared.connection import Connection
from shared.errors import NotFound, ServiceError
from shared.ids import uuid7

UNKNOWN = {"alert_id": "is no alert of this account"}
"""What is said of an id that names none, and of another account's just the same."""


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does it, and why in their words."""

    by: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Several:
    """What was done with several alerts."""

    done: list[UUID]
    changed: int
    left: Mapping[UUID, str]
    """Those with which it could not be done, and why."""


def deal(
    desk: Desk, tenant_id: str, alert_id: UUID, act: Act, doer: Doer, now: datetime
) -> tuple[Stored, bool]:
    """Do *act* with an alert; return it as it is now, and whether anything changed.

    Raises NotFound, and NotFromHere where its status does not allow it.
    """
    with desk.database.transaction(tenant_id) as conn:
        changed = _done(desk, conn, tenant_id, alert_id, act, doer, now)
        if changed:
            group_store.wake_of(conn, tenant_id, [alert_id], now)
        stored = alert_store.one(conn, desk.gate, tenant_id, alert_id)
    if stored is None:
        raise NotFound(details=UNKNOWN)
    return stored, changed


def deal_with_all(
    desk: Desk, tenant_id: str, alert_ids: Sequence[UUID], act: Act, doer: Doer, now: datetime
) -> Several:
    """Do *act* with each of *alert_ids*; what cannot be is left and named."""
    done: list[UUID] = []
    changed: list[UUID] = []
    left: dict[UUID, str] = {}
    with desk.database.transaction(tenant_id) as conn:
        alert_store.hold(conn, tenant_id, alert_ids)
        for alert_id in sorted(set(alert_ids)):
            try:
                if _done(desk, conn, tenant_id, alert_id, act, doer, now):
                    changed.append(alert_id)
                done.append(alert_id)
            except ServiceError as error:
                left[alert_id] = "; ".join(str(why) for why in error.details.values())
        if changed:
            group_store.wake_of(conn, tenant_id, changed, now)
    return Several(done, len(changed), left)


def _done(
    desk: Desk,
    conn: Connection,
    tenant_id: str,
    alert_id: UUID,
    act: Act,
    doer: Doer,
    now: datetime,
) -> bool:
    """Do *act* with an alert that this transaction locks; True if it is another now."""
    stored = alert_store.one(conn, desk.gate, tenant_id, alert_id, locked=True)
    if stored is None:
        raise NotFound(details=UNKNOWN)
    before = stored.alert
    after = acted(before, act, _escalation(conn, tenant_id, before.rule_id), now)
    if after.is_open and not before.is_open:
        _check_alone(conn, tenant_id, alert_id, act)
    if after == before and not doer.note:
        return False
    alert_store.save(conn, tenant_id, after, now, doer.by)
    action = Action(uuid7(), act.name, _details(act), doer.note or None, now, doer.by)
    history_store.act(conn, desk.gate, tenant_id, alert_id, action)
    return after != before


def _check_alone(conn: Connection, tenant_id: str, alert_id: UUID, act: Act) -> None:
    rival = alert_store.rival(conn, tenant_id, alert_id)
    if rival is not None:
        raise NotFromHere(details={act.name: f"it happened again since, and is open: {rival}"})


def _escalation(conn: Connection, tenant_id: str, rule_id: UUID | None) -> Escalation | None:
    if rule_id is None:
        return None
    rule = rule_store.known(conn, tenant_id, [rule_id]).get(rule_id)
    return rule.escalation if rule else None


def _details(act: Act) -> dict[str, Any]:
    if act.name == "assign":
        return {"assigned_to": act.assigned_to}
    return {"snoozed_until": act.snoozed_until.isoformat()} if act.snoozed_until else {}
