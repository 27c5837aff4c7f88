"""The SQL that asks who objected, by the views that the signals service publishes."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection, sql

from shared import consents, objections
from shared.array_text import array
from shared.connection import PLANNED_ANEW


def objected(conn: Connection[Any], tenant_id: str, lead_ids: Sequence[UUID]) -> set[UUID]:
    """Return those of *lead_ids* whose person unsubscribed or complained and never agreed since.

    A person is all records of a subject: what they say on one of them counts for all.
    """
    rows: Any = conn.execute(
        _OBJECTED, {"tenant": tenant_id, "leads": array(lead_ids)}, prepare=PLANNED_ANEW
    )
    return {lead_id for (lead_id,) in rows}


def strangers(conn: Connection[Any], tenant_id: str, keys: Collection[int]) -> dict[int, datetime]:
    """Return when addresses objected or withdrew last that no lead has yet, by their pseudonyms.

    What a lead's person said since is asked of that lead.
    """
    rows: Any = conn.execute(
        """
        SELECT wanted.key, objection.at
        FROM unnest(%(keys)s::bigint[]) AS wanted (key)
        CROSS JOIN LATERAL (
            SELECT max(said.at) AS at
            FROM (
                SELECT recorded_at AS at FROM signals.objected
                WHERE tenant_id = %(tenant)s AND key BETWEEN wanted.key AND wanted.key
                UNION ALL
                SELECT withdrawn_at FROM public.withdrawn_addresses
                WHERE tenant_id = %(tenant)s AND key BETWEEN wanted.key AND wanted.key
                  AND purpose IN ('', 'lead_processing', 'marketing')
            ) AS said
        ) AS objection
        WHERE objection.at IS NOT NULL AND NOT EXISTS (
            SELECT FROM dedup.lead_keys AS known
            WHERE known.tenant_id = %(tenant)s AND known.blocking_key = wanted.key)
        """,
        {"tenant": tenant_id, "keys": array(keys)},
        prepare=PLANNED_ANEW,
    )
    return dict(rows)


_OBJECTED = sql.SQL("""
    SELECT lead.id
    FROM unnest(%(leads)s::uuid[]) AS wanted (id)
    CROSS JOIN LATERAL (
        SELECT id, subject_id FROM public.leads
        WHERE tenant_id = %(tenant)s AND id BETWEEN wanted.id AND wanted.id
        ORDER BY id LIMIT 1
    ) AS lead
    CROSS JOIN LATERAL ({objection}) AS objected
    LEFT JOIN LATERAL ({word}) AS word ON true
    WHERE objected.at IS NOT NULL
      AND (word.withdrawn_at IS NOT NULL OR objected.at >= coalesce(word.said_at, '-infinity'))
    """).format(
    objection=objections.newest("lead.subject_id"), word=consents.latest_word("lead.subject_id")
)
