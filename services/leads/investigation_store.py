"""The SQL of investigations, on a connection it is handed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

NEWEST = UUID(int=2**128 - 1)
"""An id after all others."""


@dataclass(frozen=True, slots=True)
class Investigation:
    """A search that leads are found and kept for."""

    id: UUID
    name: str
    description: str
    status: str
    """`open`, or `closed`: it takes no more leads."""
    created_at: datetime
    created_by: str
    """Who did: the prefix of an API key, `local` or `command line`."""
    changed_at: datetime
    changed_by: str


def add(conn: Connection, tenant_id: str, new: Investigation) -> None:
    """Store a new investigation."""
    conn.execute(
        """
        INSERT INTO leads.investigations (tenant_id, id, name, description, status,
                                          created_at, created_by, changed_at, changed_by)
        VALUES (%(tenant)s, %(id)s, %(name)s, %(description)s, %(status)s,
                %(created_at)s, %(created_by)s, %(changed_at)s, %(changed_by)s)
        """,
        asdict(new) | {"tenant": tenant_id},
    )


def change(conn: Connection, tenant_id: str, changed: Investigation) -> None:
    """Store a known investigation as it is now."""
    conn.execute(
        """
        UPDATE leads.investigations
        SET name = %(name)s, description = %(description)s, status = %(status)s,
            changed_at = %(changed_at)s, changed_by = %(changed_by)s
        WHERE tenant_id = %(tenant)s AND id = %(id)s
        """,
        asdict(changed) | {"tenant": tenant_id},
    )


def one(
    conn: Connection, tenant_id: str, wanted: UUID, locked: bool = False
) -> Investigation | None:
    """Return the investigation of that id, or None; *locked*, nobody else changes it meanwhile."""
    with conn.cursor(row_factory=class_row(Investigation)) as cursor:
        statement = _ONE_LOCKED if locked else _ONE
        return cursor.execute(statement, {"tenant": tenant_id, "id": wanted}).fetchone()


def page(conn: Connection, tenant_id: str, after: UUID, most: int) -> list[Investigation]:
    """Return up to *most* investigations of an account, newest first, that came before *after*."""
    with conn.cursor(row_factory=class_row(Investigation)) as cursor:
        return cursor.execute(
            """
            SELECT id, name, description, status, created_at, created_by, changed_at, changed_by
            FROM leads.investigations
            WHERE tenant_id = %(tenant)s AND id < %(after)s ORDER BY id DESC LIMIT %(most)s
            """,
            {"tenant": tenant_id, "after": after, "most": most},
        ).fetchall()


def leads(conn: Connection, tenant_id: str, wanted: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many leads, without duplicates, are in each of the investigations that has any."""
    rows = conn.execute(
        """
        SELECT investigation_id, count(*) FROM leads.listing
        WHERE tenant_id = %(tenant)s AND investigation_id = ANY (%(wanted)s) AND NOT duplicate
        GROUP BY investigation_id
        """,
        {"tenant": tenant_id, "wanted": list(wanted)},
    )
    return dict(rows.fetchall())


_ONE = """
    SELECT id, name, description, status, created_at, created_by, changed_at, changed_by
    FROM leads.investigations WHERE tenant_id = %(tenant)s AND id = %(id)s
    """
_ONE_LOCKED = """
    SELECT id, name, description, status, created_at, created_by, changed_at, changed_by
    FROM leads.investigations WHERE tenant_id = %(tenant)s AND id = %(id)s FOR NO KEY UPDATE
    """
