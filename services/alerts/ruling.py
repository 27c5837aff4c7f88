"""Ruling: rules are made, changed and removed; what they name must be there, and versions stay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.alerts import group_store, receiver_store
from services.alerts import rule_store as store
from services.alerts.conditions import Tree
from services.alerts.desk import Desk
from services.alerts.rule_definition import USUAL, Definition
from services.alerts.rule_reading import read_rule
from services.alerts.rule_store import Stored, Version
from shared.connection import Connection
from shared.errors import Conflict, Meaningless, NotFound, ServiceError
from shared.ids import uuid7

UNKNOWN = {"rule_id": "is no rule of this account"}
"""What is said of an id that names none, and of another account's just the same."""

NO_RECEIVER = "is no receiver of this account"

MOST = 1000
"""Rules of an account: each event is held against all that hear it."""

Said = Mapping[str, Any]
"""A rule as `rule_schema` loads it."""


class Changed(Conflict):
    """Somebody changed this rule since you read it; read it again."""


def add(desk: Desk, tenant_id: str, said: Said, by: str) -> Stored:
    """Store a new rule and return it.

    Raises Malformed or Meaningless, naming all that is wrong; Conflict if there are too many.
    """
    with _in_turn(desk, tenant_id) as conn:
        _check_room(conn, tenant_id, 1)
        added = _Pen(desk, conn, tenant_id, datetime.now(UTC), by).new(said)
        store.save(conn, tenant_id, added)
    return added


def set_up(desk: Desk, tenant_id: str, rules: Sequence[Said], by: str) -> list[Stored]:
    """Store all of *rules*, or none, and return them in their order.

    One that is called as a rule of the account becomes its next version, if it differs; so to set
    up the same again changes nothing. Raises as `add`, a fault naming the rule as well.
    """
    called = [said["rule_name"] for said in rules]
    if len(set(called)) < len(called):
        raise Meaningless(details={"rules": "two are called the same"})
    now = datetime.now(UTC)
    with _in_turn(desk, tenant_id) as conn:
        known = {one.definition["rule_name"]: one for one in store.page(conn, tenant_id, {}, MOST)}
        _check_room(conn, tenant_id, len(set(called) - known.keys()))
        made = _all_read(_Pen(desk, conn, tenant_id, now, by), rules, known)
        for one in made:
            if one is not known.get(one.definition["rule_name"]):
                store.save(conn, tenant_id, one)
                group_store.wake_all(conn, tenant_id, now, rule_id=one.id)
    return made


def change(desk: Desk, tenant_id: str, rule_id: UUID, said: Said, by: str) -> Stored:
    """Store a version with what *said* names and return it; without a difference there is none.

    Raises NotFound, Changed if `version` is not the present one, Malformed and Meaningless.
    """
    now = datetime.now(UTC)
    with desk.database.transaction(tenant_id) as conn:
        before = _found(conn, tenant_id, rule_id, locked=True)
        if said.get("version") not in (None, before.version):
            raise Changed(details={"version": f"is {before.version} by now"})
        after = _Pen(desk, conn, tenant_id, now, by).next(before, said, before.definition)
        if after is not before:
            store.save(conn, tenant_id, after)
            group_store.wake_all(conn, tenant_id, now, rule_id=rule_id)
    return after


def remove(desk: Desk, tenant_id: str, rule_id: UUID, by: str) -> None:
    """Remove a rule; its alerts stay, and are told no more. Raises NotFound."""
    now = datetime.now(UTC)
    with desk.database.transaction(tenant_id) as conn:
        before = _found(conn, tenant_id, rule_id, locked=True)
        after = replace(
            before,
            version=before.version + 1,
            is_active=False,
            changed_at=now,
            changed_by=by,
            deleted_at=now,
        )
        store.save(conn, tenant_id, after)
        group_store.wake_all(conn, tenant_id, now, rule_id=rule_id)


def found(desk: Desk, tenant_id: str, rule_id: UUID) -> Stored:
    """Return a rule. Raises NotFound, for another account's just the same."""
    with desk.database.transaction(tenant_id) as conn:
        return _found(conn, tenant_id, rule_id)


def page(desk: Desk, tenant_id: str, asked: Said, limit: int) -> tuple[list[Stored], UUID | None]:
    """Return up to *limit* rules, oldest first, and the next `after`."""
    with desk.database.transaction(tenant_id) as conn:
        rows = store.page(conn, tenant_id, asked, limit + 1)
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def versions(
    desk: Desk, tenant_id: str, rule_id: UUID, before: int, limit: int
) -> tuple[list[Version], int | None]:
    """Return up to *limit* versions of a rule, the latest first, and the next `before`."""
    with desk.database.transaction(tenant_id) as conn:
        _found(conn, tenant_id, rule_id)
        rows = store.versions(conn, tenant_id, rule_id, before, limit + 1)
    return rows[:limit], rows[limit - 1].version if len(rows) > limit else None


def unsaved(desk: Desk, tenant_id: str, said: Said, by: str) -> Stored:
    """Return *said* as a rule that is stored nowhere. Raises as `add`."""
    with desk.database.transaction(tenant_id) as conn:
        pen = _Pen(desk, conn, tenant_id, datetime.now(UTC), by)
        return pen.new({**said, "is_active": True})


@dataclass(frozen=True, slots=True)
class _Pen:
    """What writes the rules of one transaction."""

    desk: Desk
    conn: Connection
    tenant_id: str
    now: datetime
    by: str

    def new(self, said: Said) -> Stored:
        """Return *said* as a new rule. Raises Malformed and Meaningless, as all here."""
        definition, understood = self._read(said, USUAL)
        return Stored(
            id=uuid7(),
            version=1,
            is_active=said.get("is_active", True),
            definition=definition,
            understood=understood,
            created_at=self.now,
            created_by=self.by,
            changed_at=self.now,
            changed_by=self.by,
        )

    def next(self, before: Stored, said: Said, base: Definition) -> Stored:
        """Return the version after *before*, or that itself if nothing differs.

        What *said* leaves out is as *base* has it.
        """
        definition, understood = self._read(said, base)
        is_active = said.get("is_active", before.is_active)
        after = replace(before, definition=definition, understood=understood, is_active=is_active)
        if after == before:
            return before
        return replace(after, version=before.version + 1, changed_at=self.now, changed_by=self.by)

    def _read(self, said: Said, base: Definition) -> tuple[Definition, Tree]:
        """Return the definition that *said* makes of *base*, and its conditions, read."""
        named, unknown = _receivers(self.conn, self.tenant_id, said)
        definition = _defined({**said, **named}, base)
        told = _told_channels(self.conn, self.tenant_id, definition)
        definition = {**definition, "told_channels": told}
        try:
            understood = read_rule(definition, self.desk.country)
        except ServiceError as error:
            raise type(error)(error.message, {**error.details, **unknown}) from None
        if unknown:
            raise Meaningless("This rule cannot work as it is; see details.", unknown)
        return definition, understood


def _all_read(pen: _Pen, rules: Sequence[Said], known: Mapping[str, Stored]) -> list[Stored]:
    """Return *rules* as they are stored. Raises the first kind of error, with all that is wrong."""
    made: list[Stored] = []
    faults: dict[str, object] = {}
    first: ServiceError | None = None
    for number, said in enumerate(rules):
        try:
            before = known.get(said["rule_name"])
            made.append(pen.next(before, said, USUAL) if before else pen.new(said))
        except ServiceError as error:
            first = first or error
            faults |= {f"rules[{number}].{name}": what for name, what in error.details.items()}
    if first:
        raise type(first)(first.message, faults)
    return made


def _defined(said: Said, before: Definition) -> Definition:
    """Return the one *before* with what *said* names; null means what is usual."""
    changes = {
        name: USUAL[name] if said[name] is None else said[name] for name in USUAL if name in said
    }
    return {**USUAL, **before, **changes}


def _receivers(
    conn: Connection, tenant_id: str, said: Said
) -> tuple[dict[str, Any], dict[str, object]]:
    """Return the fields of *said* that name receivers, by id; and what is wrong with them.

    A receiver that was removed since a rule named it is no fault of a change to something else.
    """
    escalation = said.get("escalation") or {}
    lists = {
        "receivers": said.get("receivers") or (),
        "escalation.receivers": escalation.get("receivers") or (),
    }
    wanted = sorted({one for names in lists.values() for one in names})
    ids = receiver_store.called(conn, tenant_id, wanted) if wanted else {}
    unknown: dict[str, object] = {
        f"{path}[{at}]": NO_RECEIVER
        for path, names in lists.items()
        for at, one in enumerate(names)
        if one not in ids
    }
    read = {
        path: list(dict.fromkeys(str(ids[one][0]) for one in names if one in ids))
        for path, names in lists.items()
    }
    named: dict[str, Any] = {}
    if said.get("receivers") is not None:
        named["receivers"] = read["receivers"]
    if escalation:
        named["escalation"] = {**escalation, "receivers": read["escalation.receivers"]}
    return named, unknown


def _told_channels(conn: Connection, tenant_id: str, definition: Definition) -> list[str]:
    """Return the channels that mean all their receivers: the rule names none of them itself."""
    if not definition["alert_channels"]:
        return []
    known = receiver_store.called(conn, tenant_id, definition["receivers"])
    chosen = {channel for _, channel in known.values()}
    return [one for one in definition["alert_channels"] if one not in chosen]


def _check_room(conn: Connection, tenant_id: str, more: int) -> None:
    if store.count(conn, tenant_id) + more > MOST:
        raise Conflict(f"An account may have {MOST} rules.")


def _in_turn(desk: Desk, tenant_id: str) -> Any:
    """Return a transaction of the account that no other one adds rules beside."""
    turn = desk.gate.keyring.pseudonym(tenant_id, "alerts", "rules")
    return desk.database.transaction(tenant_id, [turn])


def _found(conn: Connection, tenant_id: str, rule_id: UUID, locked: bool = False) -> Stored:
    known = store.one(conn, tenant_id, rule_id, locked)
    if known is None:
        raise NotFound(details=UNKNOWN)
    return known
