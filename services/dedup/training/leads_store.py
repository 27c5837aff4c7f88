"""The SQL of reading an account's leads to train on, on a connection it is handed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import Connection


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """What is compared of one lead."""

    lead_id: UUID
    subject_id: UUID
    submitted_at: datetime
    ip_key: int | None
    compared: bytes
    """Sealed where the privacy mode says so."""


def page(conn: Connection, tenant_id: str, before: UUID | None, most: int) -> list[StoredRecord]:
    """Return the newest *most* records that came before a lead, the newest first."""
    rows = conn.execute(
        """
        SELECT record.lead_id, lead.subject_id, record.submitted_at, record.ip_key,
               record.compared
        FROM (
            SELECT lead_id, submitted_at, ip_key, compared FROM dedup.records
            WHERE tenant_id = %(tenant)s AND lead_id < %(before)s
            ORDER BY lead_id DESC LIMIT %(most)s
        ) AS record
        CROSS JOIN LATERAL (
            SELECT subject_id FROM public.leads
            WHERE tenant_id = %(tenant)s AND id BETWEEN record.lead_id AND record.lead_id
            ORDER BY id LIMIT 1
        ) AS lead
        ORDER BY record.lead_id DESC
        """,
        {"tenant": tenant_id, "before": before or UUID(int=2**128 - 1), "most": most},
    )
    return [StoredRecord(*row) for row in rows]
