"""The SQL that asks who objected, by the view that the signals service publishes."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection, sql

from shared import consents
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


_OBJECTED = sql.SQL("""
    SELECT lead.id
    FROM unnest(%(leads)s::uuid[]) AS wanted (id)
    CROSS JOIN LATERAL (
        SELECT id, subject_id FROM public.leads
        WHERE tenant_id = %(tenant)s AND id BETWEEN wanted.id AND wanted.id
        ORDER BY id LIMIT 1
    ) AS lead
    CROSS JOIN LATERAL (
        SELECT max(objection.recorded_at) AS at
        FROM (
            SELECT id FROM public.leads
            WHERE tenant_id = %(tenant)s
              AND subject_id BETWEEN lead.subject_id AND lead.subject_id
            ORDER BY subject_id
        ) AS record
        CROSS JOIN LATERAL (
            SELECT recorded_at FROM signals.objections
            WHERE tenant_id = %(tenant)s AND lead_id BETWEEN record.id AND record.id
            ORDER BY lead_id
        ) AS objection
    ) AS objected
    LEFT JOIN LATERAL ({word}) AS word ON true
    WHERE objected.at IS NOT NULL
      AND (word.withdrawn_at IS NOT NULL OR objected.at >= coalesce(word.said_at, '-infinity'))
    """).format(word=consents.latest_word("lead.subject_id"))
