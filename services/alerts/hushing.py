"""Hushing: silences are asked for, listed and ended; none is for ever, or of everything."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.alerts import group_store
from services.alerts import silence_store as store
from services.alerts.condition_values import Fault, equal
from services.alerts.desk import Desk
from services.alerts.happening import Fact
from services.alerts.rule import PRIORITIES
from services.alerts.silence import Silence
from services.alerts.silence_schema import LONGEST_MINUTES
from services.alerts.vocabulary import FACTS, OWN, known, meant
from shared.connection import Connection
from shared.errors import Conflict, Malformed, Meaningless, NotFound
from shared.field_names import shown
from shared.ids import uuid7
from shared.normalize.industry import industry

UNKNOWN = {"silence_id": "is no silence of this account"}
"""What is said of an id that names none, and of another account's just the same."""

MOST = 200
"""Silences of an account that are not over."""

OF_ALERT = ("alert_type", "priority", "rule_id")
"""What is no fact, and known of every alert; `lead_id` is a fact, too."""

LONGEST = timedelta(minutes=LONGEST_MINUTES)

Said = Mapping[str, Any]
"""A silence as `silence_schema` loads it."""


def add(desk: Desk, tenant_id: str, said: Said, by: str) -> Silence:
    """Store a silence and return it.

    Raises Malformed or Meaningless for matchers that no alert meets and for times that are none,
    Conflict if there are too many.
    """
    now = datetime.now(UTC)
    starts_at, ends_at = _times(said, now)
    matchers = _matchers(said["matchers"])
    new = Silence(uuid7(), matchers, starts_at, ends_at, said.get("comment") or "", by)
    turn = desk.gate.keyring.pseudonym(tenant_id, "alerts", "silences")
    with desk.database.transaction(tenant_id, [turn]) as conn:
        if store.count(conn, tenant_id, now) >= MOST:
            raise Conflict(f"An account may have {MOST} silences at a time; end one.")
        store.add(conn, tenant_id, new, now)
        group_store.wake_all(conn, tenant_id, now)
    return new


def end(desk: Desk, tenant_id: str, silence_id: UUID) -> Silence:
    """End a silence now and return it; one that is over stays as it is. Raises NotFound."""
    now = datetime.now(UTC)
    with desk.database.transaction(tenant_id) as conn:
        if store.expire(conn, tenant_id, silence_id, now):
            group_store.wake_all(conn, tenant_id, now)
        return _found(conn, tenant_id, silence_id)


def found(desk: Desk, tenant_id: str, silence_id: UUID) -> Silence:
    """Return a silence. Raises NotFound, for another account's just the same."""
    with desk.database.transaction(tenant_id) as conn:
        return _found(conn, tenant_id, silence_id)


def page(desk: Desk, tenant_id: str, asked: Said, limit: int) -> tuple[list[Silence], UUID | None]:
    """Return up to *limit* silences, oldest first, and the next `after`.

    *asked*: `after`, and `active`, which leaves out those that are over.
    """
    ends_after = datetime.now(UTC) if asked["active"] else None
    after = asked["after"] or UUID(int=0)
    with desk.database.transaction(tenant_id) as conn:
        rows = store.page(conn, tenant_id, after, limit + 1, ends_after)
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def _times(said: Said, now: datetime) -> tuple[datetime, datetime]:
    """Return when the silence begins and ends. Raises Malformed, Meaningless."""
    starts_at = said.get("starts_at") or now
    until, minutes = said.get("ends_at"), said.get("minutes")
    if (until is None) == (minutes is None):
        raise Malformed(details={"ends_at": "send either ends_at or minutes"})
    name = "ends_at" if minutes is None else "minutes"
    if starts_at > now + LONGEST:
        raise Meaningless(details={"starts_at": "is more than a year ahead"})
    ends_at = until if until is not None else starts_at + timedelta(minutes=minutes or 0)
    if ends_at <= max(starts_at, now):
        raise Meaningless(details={name: "is over before it begins, or by now"})
    if ends_at - starts_at > LONGEST:
        raise Meaningless(details={name: "lasts longer than a year: switch the rule off instead"})
    return starts_at, ends_at


def _matchers(said: Mapping[str, Any]) -> dict[str, Fact]:
    """Return what *said* wants facts to equal, by their names, as alerts keep them.

    Raises Malformed with all that no alert can meet.
    """
    found: dict[str, Fact] = {}
    faults: dict[str, object] = {}
    for position, (name, value) in enumerate(said.items(), 1):
        fact = known(name)
        try:
            if name in OF_ALERT or fact is None:
                found[name] = _of_alert(name, value)
            else:
                found[fact.name] = _of_fact(fact.name, value)
        except Fault as fault:
            faults[f"matchers.{shown(name, position)}"] = fault.wrong[0].reason
    if faults:
        raise Malformed("This silence cannot be read; see details.", faults)
    return found


def _of_alert(name: str, value: Any) -> Fact:
    if name not in OF_ALERT:
        raise Fault("is no fact" + meant(name, (*OF_ALERT, *FACTS)))
    if not isinstance(value, str):
        raise Fault("must be text")
    if name == "priority" and value not in PRIORITIES:
        raise Fault(f"must be one of {', '.join(PRIORITIES)}")
    return value


def _of_fact(name: str, value: Any) -> Fact:
    fact = known(name)
    assert fact is not None
    if not fact.is_kept or (name.startswith(OWN) and isinstance(value, str)):
        raise Fault("is not kept with alerts, so no silence can match it")
    if fact.sort == "industry":
        trade = industry(value) if isinstance(value, str) else None
        if trade is None:
            raise Fault("is no industry we know; try a plainer word or a NAICS code")
        return trade.name if trade.is_group else trade.code
    if fact.sort == "list":
        raise Fault("is a list, which equals no one value")
    read: Fact = equal(fact, value)
    return read


def _found(conn: Connection, tenant_id: str, silence_id: UUID) -> Silence:
    known = store.one(conn, tenant_id, silence_id)
    if known is None:
        raise NotFound(details=UNKNOWN)
    return known
