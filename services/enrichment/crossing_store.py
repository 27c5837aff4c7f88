"""The SQL that finds other leads of whom the same was found, by keys alone: nothing is opened."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from shared.array_text import array
from shared.privacy.gate import Pseudonym


@dataclass(frozen=True, slots=True)
class Hit:
    """A finding of another lead under one of the keys."""

    key: Pseudonym
    lead_id: UUID
    field: str
    provider: str


def is_investigation(conn: Connection, tenant_id: str, wanted: UUID) -> bool:
    """Return whether the account has that investigation, by the view that its owner publishes."""
    row = conn.execute(
        "SELECT FROM leads.searches WHERE tenant_id = %(tenant)s AND id = %(id)s",
        {"tenant": tenant_id, "id": wanted},
    ).fetchone()
    return row is not None


def hits(
    conn: Connection,
    tenant_id: str,
    lead_id: UUID,
    investigation_id: UUID,
    keys: Collection[Pseudonym],
    now: datetime,
    most: int,
) -> list[Hit]:
    """Return up to *most* findings under *keys* of the investigation's other leads, by lead.

    Duplicates of known people are none of them, nor what has expired at *now*.
    """
    with conn.cursor(row_factory=class_row(Hit)) as cursor:
        return cursor.execute(
            """
            SELECT found.crossed_key AS key, found.lead_id, found.field, found.provider
            FROM unnest(%(keys)s::bigint[]) AS wanted (key)
            CROSS JOIN LATERAL (
                SELECT crossed_key, lead_id, field, provider FROM enrichment.findings
                WHERE tenant_id = %(tenant)s AND crossed_key BETWEEN wanted.key AND wanted.key
                  AND lead_id <> %(lead)s AND expires_at > %(now)s
                ORDER BY crossed_key
            ) AS found
            CROSS JOIN LATERAL (
                SELECT investigation_id, duplicate FROM leads.traits
                WHERE tenant_id = %(tenant)s AND lead_id BETWEEN found.lead_id AND found.lead_id
                ORDER BY lead_id LIMIT 1
            ) AS listed
            WHERE listed.investigation_id = %(investigation)s AND NOT listed.duplicate
            ORDER BY found.lead_id, found.crossed_key, found.provider, found.field
            LIMIT %(most)s
            """,
            {
                "tenant": tenant_id,
                "lead": lead_id,
                "investigation": investigation_id,
                "keys": array(keys),
                "now": now,
                "most": most,
            },
        ).fetchall()
