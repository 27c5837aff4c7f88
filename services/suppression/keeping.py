"""Keeping lists: they are made, changed and deleted; a name is one list's alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.suppression import entry_store, list_store
from services.suppression.desk import Desk
from services.suppression.roll import MOST_LISTS, ON_HIT, Roll
from shared.connection import Connection
from shared.errors import Conflict, NotFound
from shared.ids import uuid7

UNKNOWN = {"list_id": "is no list of this account"}
"""What is said of an id that names none, and of another account's just the same."""

TAKEN = {"name": "is another list's"}

Said = Mapping[str, Any]
"""A list as `schema` loads it."""


def add(desk: Desk, tenant_id: str, said: Said, by: str, now: datetime) -> Roll:
    """Store a list and return it. Raises Conflict if its name is taken or there are too many."""
    kind = said["kind"]
    new = Roll(
        uuid7(),
        said["name"],
        kind,
        said.get("on_hit") or ON_HIT[kind],
        tuple(dict.fromkeys(said.get("sources") or ())),
        said.get("expires_after_days"),
        *(now, by, now, by),
    )
    with desk.database.transaction(tenant_id, [_turn(desk, tenant_id)]) as conn:
        if list_store.count(conn, tenant_id) >= MOST_LISTS:
            raise Conflict(f"An account may have {MOST_LISTS} lists; delete one.")
        if not list_store.add(conn, tenant_id, new):
            raise Conflict("There is a list of this name.", TAKEN)
    return new


def change(desk: Desk, tenant_id: str, list_id: UUID, said: Said, by: str, now: datetime) -> Roll:
    """Change what is *said* of a list and return it. Raises NotFound, Conflict as `add` does.

    Where its kind changes and nothing is said of hits, they are dealt with as before. When entries
    expire is settled as they are added.
    """
    changes = {name: said[name] for name in CHANGEABLE if name in said}
    if "sources" in changes:
        changes["sources"] = tuple(dict.fromkeys(changes["sources"] or ()))
    with desk.database.transaction(tenant_id, [_turn(desk, tenant_id)]) as conn:
        known = found(conn, tenant_id, list_id)
        changed = replace(known, **changes, changed_at=now, changed_by=by)
        if list_store.is_named(conn, tenant_id, changed.name, list_id):
            raise Conflict("There is a list of this name.", TAKEN)
        list_store.change(conn, tenant_id, changed)
    return changed


def delete(desk: Desk, tenant_id: str, list_id: UUID, by: str, now: datetime) -> Roll:
    """Have a list count no longer, and return what it was. Raises NotFound."""
    with desk.database.transaction(tenant_id, [_turn(desk, tenant_id)]) as conn:
        known = found(conn, tenant_id, list_id)
        list_store.delete(conn, tenant_id, list_id, now, by)
    return known


def one(desk: Desk, tenant_id: str, list_id: UUID) -> Roll:
    """Return a list. Raises NotFound."""
    with desk.database.transaction(tenant_id) as conn:
        return found(conn, tenant_id, list_id)


def size(desk: Desk, tenant_id: str, list_id: UUID) -> int:
    """Return how many entries a list has, those that expired since the last purge among them."""
    with desk.database.transaction(tenant_id) as conn:
        return entry_store.count(conn, tenant_id, list_id)


def page(
    desk: Desk, tenant_id: str, after: UUID | None, limit: int
) -> tuple[list[Roll], UUID | None]:
    """Return up to *limit* lists, oldest first, and the next `after`."""
    with desk.database.transaction(tenant_id) as conn:
        rows = list_store.page(conn, tenant_id, after or UUID(int=0), limit + 1)
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def found(conn: Connection, tenant_id: str, list_id: UUID) -> Roll:
    """Return a list. Raises NotFound."""
    known = list_store.one(conn, tenant_id, list_id)
    if known is None:
        raise NotFound(details=UNKNOWN)
    return known


def held(conn: Connection, tenant_id: str, list_id: UUID) -> Roll:
    """Return a list to which entries are to be added. Raises NotFound."""
    known = list_store.held(conn, tenant_id, list_id)
    if known is None:
        raise NotFound(details=UNKNOWN)
    return known


def _turn(desk: Desk, tenant_id: str) -> int:
    return desk.keyring.pseudonym(tenant_id, "suppression", "lists")


CHANGEABLE = ("name", "kind", "on_hit", "sources", "expires_after_days")
"""What may be said of a list."""
