"""The SQL of silences, on a connection it is handed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from services.alerts.silence import Silence

MOST_IN_FORCE = 1000
"""Silences of an account that are looked at."""


def add(conn: Connection[Any], tenant_id: str, silence: Silence, now: datetime) -> None:
    """Store a new silence."""
    conn.execute(
        """
        INSERT INTO alerts.silences (tenant_id, id, matchers, starts_at, ends_at, comment,
                                     created_at, created_by)
        VALUES (%(tenant)s, %(id)s, %(matchers)s, %(starts_at)s, %(ends_at)s, %(comment)s,
                %(now)s, %(by)s)
        """,
        {
            "tenant": tenant_id,
            "id": silence.id,
            "matchers": Jsonb(dict(silence.matchers)),
            "starts_at": silence.starts_at,
            "ends_at": silence.ends_at,
            "comment": silence.comment,
            "now": now,
            "by": silence.created_by,
        },
    )


def one(conn: Connection[Any], tenant_id: str, silence_id: UUID) -> Silence | None:
    """Return the silence of that id, or None."""
    with conn.cursor(row_factory=class_row(Silence)) as cursor:
        return cursor.execute(
            """
            SELECT id, matchers, starts_at, ends_at, comment, created_by FROM alerts.silences
            WHERE tenant_id = %(tenant)s AND id = %(id)s
            """,
            {"tenant": tenant_id, "id": silence_id},
        ).fetchone()


def page(
    conn: Connection[Any],
    tenant_id: str,
    after: UUID,
    most: int,
    ends_after: datetime | None = None,
) -> list[Silence]:
    """Return up to *most* silences, oldest first, from *after* that id on.

    *ends_after* leaves out those that were over then.
    """
    with conn.cursor(row_factory=class_row(Silence)) as cursor:
        return cursor.execute(
            """
            SELECT id, matchers, starts_at, ends_at, comment, created_by FROM alerts.silences
            WHERE tenant_id = %(tenant)s AND id > %(after)s
              AND (%(ends_after)s::timestamptz IS NULL OR ends_at > %(ends_after)s)
            ORDER BY id LIMIT %(most)s
            """,
            {"tenant": tenant_id, "after": after, "most": most, "ends_after": ends_after},
        ).fetchall()


def in_force(conn: Connection[Any], tenant_id: str, now: datetime) -> list[Silence]:
    """Return the silences that are not over at *now*, those to come as well."""
    return page(conn, tenant_id, UUID(int=0), MOST_IN_FORCE, now)


def count(conn: Connection[Any], tenant_id: str, now: datetime) -> int:
    """Return how many silences of an account are not over at *now*."""
    row = conn.execute(
        """
        SELECT count(*) FROM alerts.silences
        WHERE tenant_id = %(tenant)s AND ends_at > %(now)s
        """,
        {"tenant": tenant_id, "now": now},
    ).fetchone()
    return row[0] if row else 0


def expire(conn: Connection[Any], tenant_id: str, silence_id: UUID, now: datetime) -> bool:
    """End a silence at *now*; False if it was over, or there is none.

    One that had not begun ends a microsecond after it would have begun: it never was in force. Who
    calls this wakes the account's groups (`group_store.wake_all`).
    """
    row = conn.execute(
        """
        UPDATE alerts.silences
        SET ends_at = greatest(%(now)s, starts_at + interval '1 microsecond')
        WHERE tenant_id = %(tenant)s AND id = %(id)s AND ends_at > %(now)s RETURNING id
        """,
        {"tenant": tenant_id, "id": silence_id, "now": now},
    ).fetchone()
    return row is not None
