"""The SQL of senders' names for leads: by them a lead is found that was moved or taken back."""

from collections.abc import Sequence
from uuid import UUID

from psycopg import Connection

from shared.array_text import array
from shared.privacy.gate import Pseudonym


def remember(conn: Connection, tenant_id: str, named: Sequence[tuple[Pseudonym, UUID]]) -> None:
    """Note by which name of its sender's each lead is found; a name may stand for several.

    Nothing is fetched, so in a pipeline it costs no round trip.
    """
    conn.execute(
        """
        INSERT INTO dedup.provided (tenant_id, provided_key, lead_id)
        SELECT %(tenant)s, new.* FROM unnest(%(keys)s::bigint[], %(leads)s::uuid[]) AS new
        ON CONFLICT DO NOTHING
        """,
        {
            "tenant": tenant_id,
            "keys": array(key for key, _ in named),
            "leads": array(lead_id for _, lead_id in named),
        },
    )


def leads(conn: Connection, tenant_id: str, key: int) -> list[UUID]:
    """Return the stored leads that their sender calls by the name for which *key* stands.

    The oldest first: one that was posted again after days is there twice.
    """
    rows = conn.execute(
        """
        SELECT lead_id FROM dedup.provided
        WHERE tenant_id = %(tenant)s AND provided_key = %(key)s ORDER BY lead_id
        """,
        {"tenant": tenant_id, "key": key},
    )
    return [lead_id for (lead_id,) in rows]


def drop_fetches(conn: Connection, tenant_id: str, source_id: str, reference: str) -> bool:
    """Delete the jobs that are to fetch a lead; return True if one is under way and must end first.

    One that failed and waits cannot be told from one under way, so it counts as one, too.
    """
    return bool(
        conn.execute(
            """
            WITH dropped AS (
                DELETE FROM public.jobs
                WHERE tenant_id = %(tenant)s AND kind = 'dedup.fetch'
                  AND arguments ->> 'source_id' = %(source)s
                  AND arguments ->> 'reference' = %(reference)s
                  AND (claim IS NULL OR due_at <= now() OR dead_at IS NOT NULL)
                RETURNING id
            )
            SELECT FROM public.jobs
            WHERE tenant_id = %(tenant)s AND kind = 'dedup.fetch'
              AND arguments ->> 'source_id' = %(source)s
              AND arguments ->> 'reference' = %(reference)s
              AND id NOT IN (SELECT id FROM dropped)
            LIMIT 1
            """,
            {"tenant": tenant_id, "source": source_id, "reference": reference},
        ).fetchall()
    )
