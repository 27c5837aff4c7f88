"""Asking for scans: an account has one at a time, which everybody sees and may cancel."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from services.dedup.scan import scan_store
from services.dedup.scan.scan import Scan
from shared.connection import Connection
from shared.db import Database
from shared.errors import Conflict, NotFound
from shared.ids import uuid7

UNKNOWN = {"scan_id": "is no scan of this account"}


class ScanUnderWay(Conflict):
    """Another scan is under way; wait for it, or cancel it."""


def ask(database: Database, tenant_id: str, only_unchecked: bool, by: str) -> Scan:
    """Have an account's stored leads scanned. Raises ScanUnderWay with the id of another."""
    scan = Scan(uuid7(), only_unchecked, "waiting", datetime.now(UTC), by)
    with database.transaction(tenant_id) as conn:
        if scan_store.add(conn, tenant_id, scan):
            return scan
        other = scan_store.under_way(conn, tenant_id)
    raise ScanUnderWay(details={"scan_id": str(other.id)} if other else None)


def found(database: Database, tenant_id: str, scan_id: UUID) -> Scan:
    """Return a scan. Raises NotFound."""
    with database.transaction(tenant_id) as conn:
        return _found(conn, tenant_id, scan_id)


def page(
    database: Database, tenant_id: str, after: UUID | None, limit: int
) -> tuple[list[Scan], UUID | None, bool]:
    """Return up to *limit* scans, the latest first, the next `after`, and whether nights are on."""
    with database.transaction(tenant_id) as conn:
        rows = scan_store.page(conn, tenant_id, after, limit + 1)
        nightly = scan_store.nightly(conn, tenant_id)
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None, nightly


def cancel(database: Database, tenant_id: str, scan_id: UUID) -> tuple[Scan, bool]:
    """Let a scan go no further; what it found stays. Return it, and whether it was under way.

    Raises NotFound.
    """
    with database.transaction(tenant_id) as conn:
        scan = _found(conn, tenant_id, scan_id, locked=True)
        if scan.ended_at is not None:
            return scan, False
        now = datetime.now(UTC)
        scan_store.end(conn, tenant_id, scan_id, "cancelled", now)
    return replace(scan, status="cancelled", ended_at=now), True


def set_nightly(database: Database, tenant_id: str, wanted: bool) -> None:
    """Have an account's new leads scanned at night, or not."""
    with database.transaction(tenant_id) as conn:
        scan_store.set_nightly(conn, tenant_id, wanted)


def _found(conn: Connection, tenant_id: str, scan_id: UUID, locked: bool = False) -> Scan:
    scan = scan_store.one(conn, tenant_id, scan_id, locked)
    if scan is None:
        raise NotFound(details=UNKNOWN)
    return scan
