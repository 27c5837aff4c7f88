"""SQL of changes: which alerts changed since a cursor."""

from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Cursor

from shared.connection import Connection


class Changed(NamedTuple):
    """The alerts that changed, by id, and the cursor of the moment that knows of all of them."""

    cursor: str
    ids: list[UUID]


def now(conn: Connection) -> str:
    """Return the cursor of this moment."""
    return _one(conn.execute("SELECT pg_current_snapshot()::text"))[0]


def changed(conn: Connection, tenant_id: str, since: str, most: int) -> Changed:
    """Return the tenant's alerts that were written after the cursor *since*, oldest write first.

    At most *most* and one: then there are more.
    """
    row = _one(
        conn.execute(
            """
            WITH moment AS (SELECT pg_current_snapshot() AS cursor)
            SELECT moment.cursor::text, ARRAY(
                SELECT a.id FROM alerts.alerts AS a
                WHERE a.tenant_id = %(tenant_id)s
                  AND a.changed_in >= pg_snapshot_xmin(%(since)s::pg_snapshot)
                  AND a.changed_in < pg_snapshot_xmax(moment.cursor)
                  AND NOT pg_visible_in_snapshot(a.changed_in, %(since)s::pg_snapshot)
                ORDER BY a.changed_in, a.id LIMIT %(most)s)
            FROM moment
            """,
            {"tenant_id": tenant_id, "since": since, "most": most + 1},
        )
    )
    return Changed(row[0], row[1])


def tenants_changed(conn: Connection, listening: list[str], since: str) -> tuple[str, set[str]]:
    """Return the cursor of this moment, and who of *listening* has alerts written since.

    *since* is a transaction: the oldest that had not ended for one of them. Of no tenant's
    transaction: migration 0020 lets the app ask this of all tenants, and no more.
    """
    row = _one(
        conn.execute(
            """
            SELECT pg_current_snapshot()::text, ARRAY(
                SELECT tenant_id FROM alerts.changed_of(%(listening)s, %(since)s::xid8))
            """,
            {"listening": listening, "since": since},
        )
    )
    return row[0], set(row[1])


def _one(cursor: Cursor[Any]) -> Any:
    (row,) = cursor.fetchall()
    return row
