"""The SQL of the entries of suppression lists, on a connection it is handed."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from services.suppression.roll import Hit, Roll
from shared.array_text import array
from shared.connection import PLANNED_ANEW

MOST_AT_ONCE = 20_000
"""Entries that one statement adds: it takes a tenth of a second, a hundredth of what it may."""


def add(
    conn: Connection[Any], tenant_id: str, roll: Roll, keys: Iterable[int], now: datetime
) -> int:
    """Add entries to a list that is `held`; return how many of them did not count at *now*.

    *keys* are at most MOST_AT_ONCE, each once and in ascending order, so that no two who add the
    same wait for each other. One that is there already counts as long as the new one would.
    """
    row = conn.execute(
        """
        WITH written AS (
            INSERT INTO suppression.entries AS own (tenant_id, key, list_id, added_at, expires_at)
            SELECT %(tenant)s, new.key, %(list)s, %(now)s, %(expiry)s::timestamptz
            FROM unnest(%(keys)s::bigint[]) AS new (key)
            ON CONFLICT (tenant_id, key, list_id) DO UPDATE
                SET added_at = CASE WHEN own.expires_at <= excluded.added_at
                                    THEN excluded.added_at ELSE own.added_at END,
                    expires_at = excluded.expires_at
                WHERE own.expires_at < coalesce(excluded.expires_at, 'infinity')
            RETURNING own.added_at
        )
        SELECT count(*) FROM written WHERE added_at = %(now)s
        """,
        {
            "tenant": tenant_id,
            "list": roll.id,
            "now": now,
            "expiry": roll.expiry(now),
            "keys": array(keys),
        },
    ).fetchone()
    return row[0] if row else 0


def remove(conn: Connection[Any], tenant_id: str, list_id: UUID, keys: Iterable[int]) -> set[int]:
    """Take entries from a list; return the keys of those that were there.

    They are locked in the order in which `add` takes them: nobody waits for one who waits for them.
    """
    rows = conn.execute(
        """
        WITH held AS MATERIALIZED (
            SELECT key FROM suppression.entries
            WHERE tenant_id = %(tenant)s AND list_id = %(list)s AND key = ANY (%(keys)s::bigint[])
            ORDER BY key FOR UPDATE
        )
        DELETE FROM suppression.entries AS own USING held
        WHERE own.tenant_id = %(tenant)s AND own.list_id = %(list)s AND own.key = held.key
        RETURNING own.key
        """,
        {"tenant": tenant_id, "list": list_id, "keys": array(keys)},
    )
    return {key for (key,) in rows}


def naming(
    conn: Connection[Any],
    tenant_id: str,
    keys: Iterable[int],
    now: datetime,
    lists: Collection[UUID] | None = None,
    source_id: str | None = None,
) -> list[Hit]:
    """Return the lists of which an entry with one of *keys* counts at *now*, by their ids.

    Only *lists* if some are given, and with *source_id* only those that are asked about its leads.
    """
    with conn.cursor(row_factory=class_row(Hit)) as cursor:
        return cursor.execute(
            """
            SELECT hit.list_id, hit.list_name AS name, hit.kind, hit.on_hit,
                   min(hit.added_at) AS added_at
            FROM unnest(%(keys)s::bigint[]) AS wanted (key)
            CROSS JOIN LATERAL (
                SELECT own.list_id, own.list_name, own.kind, own.on_hit, own.sources, own.added_at,
                       own.expires_at
                FROM suppression.listed AS own
                WHERE own.tenant_id = %(tenant)s AND own.key = wanted.key LIMIT 1000
            ) AS hit
            WHERE (hit.expires_at IS NULL OR hit.expires_at > %(now)s)
              AND (%(lists)s::uuid[] IS NULL OR hit.list_id = ANY (%(lists)s::uuid[]))
              AND (%(source)s::text IS NULL OR hit.sources = '{}'
                   OR %(source)s::text = ANY (hit.sources))
            GROUP BY hit.list_id, hit.list_name, hit.kind, hit.on_hit
            ORDER BY hit.list_id LIMIT 1000
            """,
            {
                "tenant": tenant_id,
                "keys": array(keys),
                "now": now,
                "lists": None if lists is None else array(lists),
                "source": source_id,
            },
            prepare=PLANNED_ANEW,
        ).fetchall()


def count(conn: Connection[Any], tenant_id: str, list_id: UUID) -> int:
    """Return how many entries a list has, those among them that expired since the last purge."""
    row = conn.execute(
        """
        SELECT count(*) FROM suppression.entries
        WHERE tenant_id = %(tenant)s AND list_id = %(list)s
        """,
        {"tenant": tenant_id, "list": list_id},
    ).fetchone()
    return row[0] if row else 0
