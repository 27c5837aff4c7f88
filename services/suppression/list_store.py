"""The SQL of suppression lists, on a connection it is handed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from services.suppression.roll import Roll


def add(conn: Connection[Any], tenant_id: str, roll: Roll) -> bool:
    """Store a new list; False if another one has its name."""
    row = conn.execute(
        """
        INSERT INTO suppression.lists (tenant_id, id, name, kind, on_hit, sources,
                                       expires_after_days, created_at, created_by, changed_at,
                                       changed_by)
        VALUES (%(tenant)s, %(id)s, %(name)s, %(kind)s, %(on_hit)s, %(sources)s::text[], %(days)s,
                %(at)s, %(by)s, %(at)s, %(by)s)
        ON CONFLICT (tenant_id, name) WHERE deleted_at IS NULL DO NOTHING RETURNING id
        """,
        _written(tenant_id, roll),
    ).fetchone()
    return row is not None


def change(conn: Connection[Any], tenant_id: str, roll: Roll) -> None:
    """Store a list as it is from now on; whoever adds entries to it is awaited."""
    conn.execute(
        """
        UPDATE suppression.lists
        SET name = %(name)s, kind = %(kind)s, on_hit = %(on_hit)s, sources = %(sources)s::text[],
            expires_after_days = %(days)s, changed_at = %(at)s, changed_by = %(by)s
        WHERE tenant_id = %(tenant)s AND id = %(id)s AND deleted_at IS NULL
        """,
        _written(tenant_id, roll),
    )


def is_named(conn: Connection[Any], tenant_id: str, name: str, but: UUID) -> bool:
    """Return whether a list other than *but* has that name."""
    row = conn.execute(
        """
        SELECT FROM suppression.lists
        WHERE tenant_id = %(tenant)s AND name = %(name)s AND id <> %(but)s AND deleted_at IS NULL
        """,
        {"tenant": tenant_id, "name": name, "but": but},
    ).fetchone()
    return row is not None


def delete(conn: Connection[Any], tenant_id: str, list_id: UUID, now: datetime, by: str) -> None:
    """Have a list count no longer; the purge takes its entries, and then it."""
    conn.execute(
        """
        UPDATE suppression.lists SET deleted_at = %(now)s, changed_at = %(now)s, changed_by = %(by)s
        WHERE tenant_id = %(tenant)s AND id = %(id)s AND deleted_at IS NULL
        """,
        {"tenant": tenant_id, "id": list_id, "now": now, "by": by},
    )


def one(conn: Connection[Any], tenant_id: str, list_id: UUID) -> Roll | None:
    """Return the list of that id, or None."""
    with conn.cursor(row_factory=class_row(Roll)) as cursor:
        return cursor.execute(
            """
            SELECT id, name, kind, on_hit, sources, expires_after_days, created_at, created_by,
                   changed_at, changed_by
            FROM suppression.lists
            WHERE tenant_id = %(tenant)s AND id = %(id)s AND deleted_at IS NULL
            """,
            {"tenant": tenant_id, "id": list_id},
        ).fetchone()


def held(conn: Connection[Any], tenant_id: str, list_id: UUID) -> Roll | None:
    """Return the list of that id, or None; nobody changes or deletes it until the transaction ends.

    Others may hold it, too.
    """
    with conn.cursor(row_factory=class_row(Roll)) as cursor:
        return cursor.execute(
            """
            SELECT id, name, kind, on_hit, sources, expires_after_days, created_at, created_by,
                   changed_at, changed_by
            FROM suppression.lists
            WHERE tenant_id = %(tenant)s AND id = %(id)s AND deleted_at IS NULL FOR SHARE
            """,
            {"tenant": tenant_id, "id": list_id},
        ).fetchone()


def page(conn: Connection[Any], tenant_id: str, after: UUID, most: int) -> list[Roll]:
    """Return up to *most* lists, oldest first, from *after* that id on."""
    with conn.cursor(row_factory=class_row(Roll)) as cursor:
        return cursor.execute(
            """
            SELECT id, name, kind, on_hit, sources, expires_after_days, created_at, created_by,
                   changed_at, changed_by
            FROM suppression.lists
            WHERE tenant_id = %(tenant)s AND id > %(after)s AND deleted_at IS NULL
            ORDER BY id LIMIT %(most)s
            """,
            {"tenant": tenant_id, "after": after, "most": most},
        ).fetchall()


def count(conn: Connection[Any], tenant_id: str) -> int:
    """Return how many lists an account keeps."""
    row = conn.execute(
        """
        SELECT count(*) FROM suppression.lists
        WHERE tenant_id = %(tenant)s AND deleted_at IS NULL
        """,
        {"tenant": tenant_id},
    ).fetchone()
    return row[0] if row else 0


def _written(tenant_id: str, roll: Roll) -> dict[str, Any]:
    return {
        "tenant": tenant_id,
        "id": roll.id,
        "name": roll.name,
        "kind": roll.kind,
        "on_hit": roll.on_hit,
        "sources": list(roll.sources),
        "days": roll.expires_after_days,
        "at": roll.changed_at,
        "by": roll.changed_by,
    }
