"""The SQL that reads what rules look at of leads, from others' published views."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row


def held(conn: Connection[Any], tenant_id: str, lead_ids: Sequence[UUID]) -> set[UUID]:
    """Return those of *lead_ids* that are here; nobody erases them before the transaction ends."""
    rows = conn.execute(
        """
        SELECT id FROM public.leads
        WHERE tenant_id = %(tenant)s AND id = ANY (%(leads)s)
        ORDER BY id FOR KEY SHARE
        """,
        {"tenant": tenant_id, "leads": list(lead_ids)},
    )
    return {lead_id for (lead_id,) in rows}


def traits(
    conn: Connection[Any], tenant_id: str, lead_ids: Sequence[UUID]
) -> dict[UUID, dict[str, Any]]:
    """Return what is known of *lead_ids* by names of facts, as far as they are listed yet."""
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            """
            SELECT lead.lead_id, lead.status, lead.duplicate, lead.received_at, lead.source_id,
                   lead.investigation_id, lead.signal_strength, lead.intent_score, lead.country,
                   lead.admin1, lead.place, lead.latitude, lead.longitude, lead.industry,
                   lead.company_size, lead.lead_category, lead.lead_type, lead.assigned_to,
                   lead.tags, score.needs
            FROM unnest(%(leads)s::uuid[]) AS wanted (id)
            CROSS JOIN LATERAL (
                SELECT * FROM leads.traits
                WHERE tenant_id = %(tenant)s AND lead_id BETWEEN wanted.id AND wanted.id
                ORDER BY lead_id LIMIT 1
            ) AS lead
            LEFT JOIN LATERAL (
                SELECT needs FROM signals.scores
                WHERE tenant_id = %(tenant)s AND lead_id BETWEEN wanted.id AND wanted.id
                ORDER BY lead_id LIMIT 1
            ) AS score ON true
            """,
            {"tenant": tenant_id, "leads": list(lead_ids)},
        ).fetchall()
    return {row.pop("lead_id"): row for row in rows}


def unlisted(conn: Connection[Any], tenant_id: str, lead_ids: Sequence[UUID]) -> bool:
    """Return whether one of *lead_ids* is here and not listed yet."""
    row: Any = conn.execute(
        """
        SELECT EXISTS (
            SELECT FROM public.leads AS lead
            WHERE lead.tenant_id = %(tenant)s AND lead.id = ANY (%(leads)s)
              AND NOT EXISTS (
                SELECT FROM leads.traits AS listed
                WHERE listed.tenant_id = lead.tenant_id AND listed.lead_id = lead.id))
        """,
        {"tenant": tenant_id, "leads": list(lead_ids)},
    ).fetchone()
    return bool(row[0])
