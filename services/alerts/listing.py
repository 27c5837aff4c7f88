"""Listing: alerts as people look at them, with the names of their rules and what became of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from services.alerts import alert_store, history_store, overview_store, rule_store
from services.alerts.alert import MOST_TYPES
from services.alerts.alert_schema import OPEN
from services.alerts.alert_store import Stored
from services.alerts.dealing import UNKNOWN
from services.alerts.desk import Desk
from services.alerts.history_store import Action, Decision, Delivery
from services.alerts.overview_store import Summary
from shared.connection import Connection
from shared.errors import NotFound


class Page(NamedTuple):
    """Alerts, newest first."""

    alerts: Sequence[Stored]
    names: Mapping[UUID, str]
    """Of their rules, by the rules' ids."""
    next_after: UUID | None


class History(NamedTuple):
    """What became of an alert; each list the latest first."""

    actions: Sequence[Action]
    decisions: Sequence[Decision]
    deliveries: Sequence[Delivery]


def page(desk: Desk, tenant_id: str, asked: Mapping[str, Any], limit: int) -> Page:
    """Return up to *limit* alerts that are all that *asked* says, as `alert_schema` loads it."""
    if asked["status"] == OPEN:
        asked = {**asked, "status": None, "is_open": True}
    with desk.database.transaction(tenant_id) as conn:
        rows = alert_store.page(conn, desk.gate, tenant_id, asked, limit + 1)
        called = named(conn, tenant_id, rows[:limit])
    return Page(rows[:limit], called, rows[limit - 1].id if len(rows) > limit else None)


def one(desk: Desk, tenant_id: str, alert_id: UUID) -> tuple[Stored, Mapping[UUID, str]]:
    """Return an alert and the name of its rule. Raises NotFound."""
    with desk.database.transaction(tenant_id) as conn:
        stored = alert_store.one(conn, desk.gate, tenant_id, alert_id)
        if stored is None:
            raise NotFound(details=UNKNOWN)
        return stored, named(conn, tenant_id, [stored])


def names(desk: Desk, tenant_id: str, alerts: Sequence[Stored]) -> Mapping[UUID, str]:
    """Return the names of the rules of *alerts*, by the rules' ids."""
    with desk.database.transaction(tenant_id) as conn:
        return named(conn, tenant_id, alerts)


def summary(desk: Desk, tenant_id: str, now: datetime) -> tuple[Summary, Mapping[str, int]]:
    """Return the alerts of the week before *now*, counted, and by type."""
    with desk.database.transaction(tenant_id) as conn:
        counted = overview_store.summary(conn, tenant_id, now)
        return counted, overview_store.by_type(conn, tenant_id, now, MOST_TYPES)


def history(desk: Desk, tenant_id: str, alert_id: UUID) -> History:
    """Return what became of an alert. Raises NotFound."""
    with desk.database.transaction(tenant_id) as conn:
        if alert_store.one(conn, desk.gate, tenant_id, alert_id) is None:
            raise NotFound(details=UNKNOWN)
        return History(
            history_store.actions(conn, desk.gate, tenant_id, alert_id),
            history_store.decisions(conn, tenant_id, alert_id),
            history_store.deliveries(conn, tenant_id, alert_id),
        )


def named(conn: Connection, tenant_id: str, alerts: Sequence[Stored]) -> dict[UUID, str]:
    """Return the names of the rules of *alerts*, by the rules' ids, in a transaction under way."""
    ids = {one.alert.rule_id for one in alerts if one.alert.rule_id}
    rules = rule_store.known(conn, tenant_id, sorted(ids)) if ids else {}
    return {id: rule.rule_name for id, rule in rules.items()}
