"""Listing: the scopes of an account, with about how many keys each has; and deleting one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.seen import scope_store
from services.seen.counting import MOST_READ, Count, counted
from services.seen.desk import Desk
from services.seen.scope import Scope
from shared.errors import NotFound

UNKNOWN_SCOPE = {"scope_id": "is no scope of this account"}
"""What is said of an id that names none, and of another account's just the same."""


def page(
    desk: Desk, tenant_id: str, asked: Mapping[str, Any]
) -> tuple[list[tuple[Scope, Count]], UUID | None]:
    """Return a page of scopes, oldest first, and after which id the next one begins, if any."""
    most = asked["limit"]
    after = asked["after"] or UUID(int=0)
    with desk.database.transaction(tenant_id) as conn:
        found = scope_store.page(conn, tenant_id, after, most + 1, asked.get("scope"))
        shown = found[:most]
        ids = [scope.id for scope in shown]
        marks = scope_store.smallest(conn, tenant_id, ids, MOST_READ) if ids else {}
    following = shown[-1].id if len(found) > most else None
    return [(scope, counted(*marks[scope.id])) for scope in shown], following


def delete(desk: Desk, tenant_id: str, scope_id: UUID, now: datetime) -> Scope:
    """Delete a scope, so that all of its keys are new again. Raises NotFound."""
    with desk.database.transaction(tenant_id) as conn:
        deleted = scope_store.delete(conn, tenant_id, scope_id, now)
    if deleted is None:
        raise NotFound(details=UNKNOWN_SCOPE)
    return deleted
