"""The SQL that asks suppression lists, which another service keeps and publishes."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection

from shared.array_text import array
from shared.privacy.gate import Pseudonym

MOST = 1_000
"""Lists that may name one key."""


class Listed(NamedTuple):
    """An entry of a list."""

    key: int
    list_id: UUID
    name: str
    kind: str
    on_hit: str
    sources: list[str]
    """Whose leads the list is asked about; none: all."""
    added_at: datetime


def kept(conn: Connection, tenant_id: str) -> Iterator[bool]:
    """Return whether the account keeps any lists, as the only one.

    In a pipeline it is awaited when it is taken, so that other questions can follow.
    """
    rows: Any = conn.execute(
        "SELECT EXISTS (SELECT FROM suppression.kept WHERE tenant_id = %(tenant)s)",
        {"tenant": tenant_id},
    )
    return (row[0] for row in rows)


def keepers(conn: Connection) -> Iterable[str]:
    """Return every account that keeps lists, on a connection that named no tenant."""
    return [tenant_id for (tenant_id,) in conn.execute("SELECT * FROM suppression.keepers()")]


def listed(
    conn: Connection, tenant_id: str, keys: Collection[Pseudonym], now: datetime
) -> list[Listed]:
    """Return the entries under *keys* that have not expired at *now*."""
    rows = conn.execute(
        """
        SELECT wanted.key, hit.list_id, hit.list_name, hit.kind, hit.on_hit, hit.sources,
               hit.added_at
        FROM unnest(%(keys)s::bigint[]) AS wanted (key)
        CROSS JOIN LATERAL (
            SELECT list_id, list_name, kind, on_hit, sources, added_at, expires_at
            FROM suppression.listed
            WHERE tenant_id = %(tenant)s AND key = wanted.key LIMIT %(most)s
        ) AS hit
        WHERE hit.expires_at IS NULL OR hit.expires_at > %(now)s
        """,
        {"tenant": tenant_id, "keys": array(keys), "most": MOST, "now": now},
    )
    return [Listed(*row) for row in rows]
