"""The SQL of scans and of an account's nights, on a connection it is handed."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from services.dedup.scan.scan import Scan

NEWEST = UUID(int=2**128 - 1)
"""An id after all others."""


def tenants(conn: Connection[Any], most: int) -> list[str]:
    """Return up to *most* tenants that have a scan to go on with.

    The connection must have named no tenant: the function looks across them.
    """
    rows = conn.execute("SELECT tenant_id FROM dedup.tenants_scanning(%(most)s)", {"most": most})
    return [tenant_id for (tenant_id,) in rows]


def tenants_to_look_at(conn: Connection[Any], night: datetime, after: str, most: int) -> list[str]:
    """Return up to *most* tenants after *after* at whom nobody has looked since *night*.

    They have leads and want their nights. The connection must have named no tenant.
    """
    rows = conn.execute(
        """
        SELECT tenant_id FROM dedup.tenants_to_look_at(%(night)s, %(after)s, %(most)s)
        """,
        {"night": night, "after": after, "most": most},
    )
    return [tenant_id for (tenant_id,) in rows]


def looked(conn: Connection[Any], tenant_id: str, at: datetime) -> bool:
    """Note that somebody looks at an account now; False if it is the first time."""
    row: Any = conn.execute(
        """
        WITH before AS (
            SELECT looked_at FROM dedup.scan_habits WHERE tenant_id = %(tenant)s
        ), noted AS (
            INSERT INTO dedup.scan_habits (tenant_id, looked_at) VALUES (%(tenant)s, %(at)s)
            ON CONFLICT (tenant_id) DO UPDATE SET looked_at = excluded.looked_at
        )
        SELECT EXISTS (SELECT FROM before WHERE looked_at IS NOT NULL)
        """,
        {"tenant": tenant_id, "at": at},
    ).fetchone()
    return bool(row[0])


def nightly(conn: Connection[Any], tenant_id: str) -> bool:
    """Return whether the account wants its nights; who said nothing does."""
    row = conn.execute(
        "SELECT nightly FROM dedup.scan_habits WHERE tenant_id = %(tenant)s",
        {"tenant": tenant_id},
    ).fetchone()
    return row is None or bool(row[0])


def set_nightly(conn: Connection[Any], tenant_id: str, wanted: bool) -> None:
    """Store whether the account wants its nights."""
    conn.execute(
        """
        INSERT INTO dedup.scan_habits (tenant_id, nightly) VALUES (%(tenant)s, %(wanted)s)
        ON CONFLICT (tenant_id) DO UPDATE SET nightly = excluded.nightly
        """,
        {"tenant": tenant_id, "wanted": wanted},
    )


def add(conn: Connection[Any], tenant_id: str, scan: Scan) -> bool:
    """Store a new scan; False if the account has one that is under way."""
    row = conn.execute(
        """
        INSERT INTO dedup.scans (tenant_id, id, only_unchecked, status, asked_at, asked_by)
        VALUES (%(tenant)s, %(id)s, %(only_unchecked)s, %(status)s, %(asked_at)s, %(asked_by)s)
        ON CONFLICT (tenant_id) WHERE ended_at IS NULL DO NOTHING RETURNING id
        """,
        asdict(scan) | {"tenant": tenant_id},
    ).fetchone()
    return row is not None


def under_way(conn: Connection[Any], tenant_id: str) -> Scan | None:
    """Return the scan of the account that has not ended."""
    return _first(conn, _OPEN, {"tenant": tenant_id})


def taken(conn: Connection[Any], tenant_id: str) -> Scan | None:
    """Return that scan; nobody else works on it before the transaction ends. None: somebody is."""
    return _first(conn, _OPEN + "FOR UPDATE SKIP LOCKED", {"tenant": tenant_id})


def one(conn: Connection[Any], tenant_id: str, scan_id: UUID, locked: bool = False) -> Scan | None:
    """Return one scan, or None; *locked*, nobody changes it meanwhile."""
    return _first(conn, _ONE_LOCKED if locked else _ONE, {"tenant": tenant_id, "id": scan_id})


def page(conn: Connection[Any], tenant_id: str, after: UUID | None, most: int) -> list[Scan]:
    """Return up to *most* scans, the latest first, that were asked for before *after*."""
    return _all(conn, _PAGE, {"tenant": tenant_id, "after": after or NEWEST, "most": most})


def save(conn: Connection[Any], tenant_id: str, scan: Scan) -> None:
    """Store how far a scan is."""
    conn.execute(
        """
        UPDATE dedup.scans
        SET status = %(status)s, started_at = %(started_at)s, ended_at = %(ended_at)s,
            after_lead = %(after_lead)s, leads_total = %(leads_total)s,
            leads_done = %(leads_done)s, leads_failed = %(leads_failed)s,
            pairs_compared = %(pairs_compared)s, pairs_known = %(pairs_known)s,
            reviews_opened = %(reviews_opened)s
        WHERE tenant_id = %(tenant)s AND id = %(id)s
        """,
        asdict(scan) | {"tenant": tenant_id},
    )


def end(conn: Connection[Any], tenant_id: str, scan_id: UUID, status: str, at: datetime) -> None:
    """Store that a scan has ended."""
    conn.execute(
        """
        UPDATE dedup.scans SET status = %(status)s, ended_at = %(at)s
        WHERE tenant_id = %(tenant)s AND id = %(id)s
        """,
        {"tenant": tenant_id, "id": scan_id, "status": status, "at": at},
    )


def _first(conn: Connection[Any], statement: str, said: dict[str, Any]) -> Scan | None:
    return next(iter(_all(conn, statement, said)), None)


def _all(conn: Connection[Any], statement: str, said: dict[str, Any]) -> list[Scan]:
    with conn.cursor(row_factory=class_row(Scan)) as cursor:
        return cursor.execute(statement, said).fetchall()


_SCAN = """
    SELECT id, only_unchecked, status, asked_at, asked_by, started_at, ended_at, after_lead,
           leads_total, leads_done, leads_failed, pairs_compared, pairs_known, reviews_opened
    FROM dedup.scans
    WHERE tenant_id = %(tenant)s
    """
_OPEN = _SCAN + "AND ended_at IS NULL "
_ONE = _SCAN + "AND id = %(id)s "
_ONE_LOCKED = _ONE + "FOR UPDATE"
_PAGE = _SCAN + "AND id < %(after)s ORDER BY id DESC LIMIT %(most)s"
