"""The SQL of leads that are listed for a service, on a connection it is handed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True)
class Listed:
    """What may be known of a lead without opening what it said, and its match, if it is kept."""

    lead_id: UUID
    lead_status: str
    place: str | None
    admin1: str | None
    country: str | None
    industry: str | None
    company_size: str | None
    lead_type: str | None
    lead_category: str | None
    signal_strength: int
    intent_score: int
    match_id: UUID | None
    status: str | None
    outdated: bool | None
    """True if the service was changed since the two were matched."""
    matched_at: datetime | None


def listed(
    conn: Connection[Any], tenant_id: str, lead_ids: Sequence[UUID], service_id: UUID | None
) -> dict[UUID, Listed]:
    """Return those of *lead_ids* that are listed; their matches are those with *service_id*."""
    with conn.cursor(row_factory=class_row(Listed)) as cursor:
        rows = cursor.execute(
            """
            SELECT lead.lead_id, lead.status AS lead_status, lead.place, lead.admin1,
                   lead.country, lead.industry, lead.company_size, lead.lead_type,
                   lead.lead_category, lead.signal_strength, lead.intent_score,
                   match.id AS match_id, match.status, match.outdated, match.matched_at
            FROM unnest(%(leads)s::uuid[]) AS wanted (id)
            CROSS JOIN LATERAL (
                SELECT * FROM leads.profiles
                WHERE tenant_id = %(tenant)s AND lead_id BETWEEN wanted.id AND wanted.id
                ORDER BY lead_id LIMIT 1
            ) AS lead
            LEFT JOIN LATERAL (
                SELECT id, status, matched_at, service_version < (
                           SELECT version FROM matching.services
                           WHERE tenant_id = %(tenant)s AND id = %(service)s) AS outdated
                FROM matching.matches
                WHERE tenant_id = %(tenant)s AND lead_id BETWEEN wanted.id AND wanted.id
                  AND service_id = %(service)s AND ended_at IS NULL
                ORDER BY lead_id LIMIT 1
            ) AS match ON true
            """,
            {"tenant": tenant_id, "leads": list(lead_ids), "service": service_id},
        ).fetchall()
    return {row.lead_id: row for row in rows}
