"""The SQL of scopes, on a connection it is handed."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from services.seen.scope import Scope


def held(conn: Connection[Any], tenant_id: str, names: Collection[str]) -> dict[str, UUID]:
    """Return the ids of the scopes *names* that there are; none is purged meanwhile."""
    rows = conn.execute(
        """
        SELECT name, id FROM seen.scopes
        WHERE tenant_id = %(tenant)s AND name = ANY (%(names)s) AND deleted_at IS NULL
        FOR KEY SHARE
        """,
        {"tenant": tenant_id, "names": list(names)},
    )
    return dict(rows.fetchall())


def add(
    conn: Connection[Any],
    tenant_id: str,
    new: Sequence[Scope],
    most: int,
) -> None:
    """Add scopes of new names, in the order given, as long as the account has fewer than *most*.

    One that somebody adds just now is awaited, and stays as it is.
    """
    for scope in new:
        conn.execute(
            """
            INSERT INTO seen.scopes (tenant_id, id, name, created_at)
            SELECT %(tenant)s, %(id)s, %(name)s, %(now)s
            WHERE (SELECT count(*) FROM seen.scopes
                   WHERE tenant_id = %(tenant)s AND deleted_at IS NULL) < %(most)s
            ON CONFLICT (tenant_id, name) WHERE deleted_at IS NULL DO NOTHING
            """,
            {
                "tenant": tenant_id,
                "id": scope.id,
                "name": scope.name,
                "now": scope.created_at,
                "most": most,
            },
        )


def page(
    conn: Connection[Any], tenant_id: str, after: UUID, most: int, name: str | None = None
) -> list[Scope]:
    """Return up to *most* scopes in use, oldest first, after that id; all, or those of *name*."""
    with conn.cursor(row_factory=class_row(Scope)) as cursor:
        return cursor.execute(
            """
            SELECT id, name, created_at FROM seen.scopes
            WHERE tenant_id = %(tenant)s AND id > %(after)s AND deleted_at IS NULL
              AND (%(name)s::text IS NULL OR name = %(name)s)
            ORDER BY id LIMIT %(most)s
            """,
            {"tenant": tenant_id, "after": after, "most": most, "name": name},
        ).fetchall()


def smallest(
    conn: Connection[Any], tenant_id: str, scope_ids: Sequence[UUID], most: int
) -> dict[UUID, tuple[int, UUID | None]]:
    """Return of each scope how many of its smallest marks there are, up to *most*, and the last."""
    rows = conn.execute(
        """
        SELECT wanted.id, found.number, found.last
        FROM unnest(%(ids)s::uuid[]) AS wanted (id)
        CROSS JOIN LATERAL (
            SELECT count(*) AS number, (array_agg(own.mark ORDER BY own.mark DESC))[1] AS last
            FROM (
                SELECT k.mark FROM seen.keys AS k
                WHERE k.tenant_id = %(tenant)s AND k.scope_id = wanted.id
                ORDER BY k.mark LIMIT %(most)s
            ) AS own
        ) AS found
        """,
        {"tenant": tenant_id, "ids": list(scope_ids), "most": most},
    )
    return {scope_id: (number, last) for scope_id, number, last in rows}


def delete(conn: Connection[Any], tenant_id: str, scope_id: UUID, now: datetime) -> Scope | None:
    """Delete a scope: none of its keys counts from now on. None if there is no such scope."""
    with conn.cursor(row_factory=class_row(Scope)) as cursor:
        return cursor.execute(
            """
            UPDATE seen.scopes SET deleted_at = %(now)s
            WHERE tenant_id = %(tenant)s AND id = %(id)s AND deleted_at IS NULL
            RETURNING id, name, created_at
            """,
            {"tenant": tenant_id, "id": scope_id, "now": now},
        ).fetchone()
