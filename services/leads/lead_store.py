"""Leads as they are answered, on a connection it is handed: what they said and where they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from shared.connection import PLANNED_ANEW

MOST_SHOWN = 50
"""Notes, changes and behaviours shown beside a lead (contract, section 3); the rest has routes of
its own."""

MOST_RECORDS = 100
"""Records of one person that are named beside one of them."""


@dataclass(frozen=True, slots=True)
class StoredLead:
    """One lead: the record, and beside it what its listing says; None where it is not listed."""

    id: UUID
    source_id: str
    status: str
    duplicate_of: UUID | None
    received_at: datetime
    submitted_at: datetime
    fields: Mapping[str, str]
    sealed: bytes | None
    investigation_id: UUID | None
    signal_strength: int | None
    intent_score: int | None
    country: str | None
    admin1: str | None
    place: str | None
    latitude: float | None
    longitude: float | None
    industry: str | None
    company_size: str | None
    lead_category: str | None
    lead_type: str | None
    assigned_to: str | None
    tags: Sequence[str] | None
    needs: Sequence[str] | None
    """As the signals service publishes them; None where it knows none."""


def one(conn: Connection[Any], tenant_id: str, lead_id: UUID) -> StoredLead | None:
    """Return one lead, or None if this tenant has no such."""
    return next(iter(many(conn, tenant_id, [lead_id])), None)


def many(conn: Connection[Any], tenant_id: str, lead_ids: Sequence[UUID]) -> list[StoredLead]:
    """Return the leads *lead_ids* in that order, without those that are there no more.

    BETWEEN with ORDER BY leaves one plan, the lookup of a whole key: PostgreSQL takes an account
    that its statistics do not know for one row, and then a walk through all of its rows along any
    index for as cheap as the primary key. See docs/decisions/0056.
    """
    rows: Any = conn.execute(
        """
        SELECT lead.id, lead.source_id, lead.status, lead.duplicate_of, lead.received_at,
               lead.submitted_at, lead.fields, lead.sealed,
               listed.investigation_id, listed.signal_strength, listed.intent_score,
               listed.country, listed.admin1, listed.place, listed.latitude, listed.longitude,
               listed.industry, listed.company_size, listed.lead_category, listed.lead_type,
               listed.assigned_to, listed.tags, scores.needs
        FROM unnest(%(ids)s::uuid[]) AS wanted (id)
        CROSS JOIN LATERAL (
            SELECT * FROM public.leads
            WHERE tenant_id = %(tenant)s AND id BETWEEN wanted.id AND wanted.id
            ORDER BY id LIMIT 1
        ) AS lead
        LEFT JOIN LATERAL (
            SELECT * FROM leads.listing
            WHERE tenant_id = %(tenant)s AND lead_id BETWEEN wanted.id AND wanted.id
            ORDER BY lead_id LIMIT 1
        ) AS listed ON true
        LEFT JOIN LATERAL (
            SELECT needs FROM signals.scores
            WHERE tenant_id = %(tenant)s AND lead_id BETWEEN wanted.id AND wanted.id
            ORDER BY lead_id LIMIT 1
        ) AS scores ON true
        """,
        {"tenant": tenant_id, "ids": list(lead_ids)},
        prepare=PLANNED_ANEW if len(lead_ids) > 1 else None,
        binary=True,
    )
    found = {row[0]: StoredLead(*row) for row in rows}
    return [found[lead_id] for lead_id in lead_ids if lead_id in found]


def records(conn: Connection[Any], tenant_id: str, lead_id: UUID) -> list[UUID]:
    """Return the other records received of whom a lead is about, oldest first, MOST_RECORDS."""
    rows = conn.execute(
        """
        SELECT record.id
        FROM (
            SELECT subject_id FROM public.leads
            WHERE tenant_id = %(tenant)s AND id BETWEEN %(lead)s AND %(lead)s
            ORDER BY id LIMIT 1
        ) AS lead
        CROSS JOIN LATERAL (
            SELECT id, received_at FROM public.leads
            WHERE tenant_id = %(tenant)s
              AND subject_id BETWEEN lead.subject_id AND lead.subject_id
            ORDER BY subject_id
        ) AS record
        WHERE record.id <> %(lead)s
        ORDER BY record.received_at, record.id LIMIT %(most)s
        """,
        {"tenant": tenant_id, "lead": lead_id, "most": MOST_RECORDS},
    )
    return [record_id for (record_id,) in rows]
