"""Investigations: the searches that leads are found and kept for, each closed when it is over."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.leads import investigation_store as store
from services.leads.investigation_store import Investigation
from shared.connection import Connection
from shared.db import Database
from shared.errors import Conflict, NotFound
from shared.ids import uuid7

UNKNOWN = {"investigation_id": "is no investigation of this account"}
"""What is said of an id that names none, and of another account's just the same."""


class Closed(Conflict):
    """This investigation is closed and takes no more leads; open it first."""


@dataclass(frozen=True, slots=True)
class Counted:
    """An investigation, and how many leads are in it; duplicates do not count."""

    investigation: Investigation
    leads: int

    def answer(self) -> dict[str, Any]:
        """Return it as callers read it."""
        one = self.investigation
        return {
            "id": one.id,
            "name": one.name,
            "description": one.description,
            "status": one.status,
            "leads": self.leads,
            "created_at": one.created_at.astimezone(UTC),
            "created_by": one.created_by,
            "changed_at": one.changed_at.astimezone(UTC),
            "changed_by": one.changed_by,
        }


def begin(database: Database, tenant_id: str, new: Mapping[str, Any], by: str) -> Counted:
    """Store a new investigation, open, and return it. *new*: `name`, `description`."""
    now = datetime.now(UTC)
    begun = Investigation(uuid7(), new["name"], new["description"], "open", now, by, now, by)
    with database.transaction(tenant_id) as conn:
        store.add(conn, tenant_id, begun)
    return Counted(begun, 0)


def change(
    database: Database, tenant_id: str, wanted: UUID, changes: Mapping[str, Any], by: str
) -> Counted:
    """Change what *changes* names (name, description, status) and return it. Raises NotFound."""
    with database.transaction(tenant_id) as conn:
        known = _found(conn, tenant_id, wanted, locked=True)
        changed = replace(known, **{name: changes[name] for name in _CHANGEABLE if name in changes})
        if changed != known:
            changed = replace(changed, changed_at=datetime.now(UTC), changed_by=by)
            store.change(conn, tenant_id, changed)
        leads = store.leads(conn, tenant_id, [wanted])
    return Counted(changed, leads.get(wanted, 0))


def found(database: Database, tenant_id: str, wanted: UUID) -> Counted:
    """Return an investigation. Raises NotFound, for another account's just the same."""
    with database.transaction(tenant_id) as conn:
        known = _found(conn, tenant_id, wanted)
        leads = store.leads(conn, tenant_id, [wanted])
    return Counted(known, leads.get(wanted, 0))


def page(
    database: Database, tenant_id: str, after: UUID | None, limit: int
) -> tuple[list[Counted], UUID | None]:
    """Return up to *limit* investigations from *after* on, newest first, and the next `after`."""
    with database.transaction(tenant_id) as conn:
        known = store.page(conn, tenant_id, after or store.NEWEST, limit + 1)
        shown = known[:limit]
        leads = store.leads(conn, tenant_id, [one.id for one in shown])
    following = shown[-1].id if len(known) > limit else None
    return [Counted(one, leads.get(one.id, 0)) for one in shown], following


def check_open(database: Database, tenant_id: str, wanted: UUID) -> None:
    """Return if leads may join the investigation. Raises NotFound or Closed, naming the field."""
    with database.transaction(tenant_id) as conn:
        known = _found(conn, tenant_id, wanted)
    if known.status != "open":
        raise Closed(details={"investigation_id": "is closed"})


def _found(conn: Connection, tenant_id: str, wanted: UUID, locked: bool = False) -> Investigation:
    known = store.one(conn, tenant_id, wanted, locked)
    if known is None:
        raise NotFound(details=UNKNOWN)
    return known


_CHANGEABLE = ("name", "description", "status")
