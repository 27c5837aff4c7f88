"""Leads and their subjects: the records received, and the people they are about.

A *subject* is the person (record linkage: the entity; GDPR: the data subject).
A *lead* is one record received about a subject. Reading needs the keyring,
because the privacy mode may have sealed fields.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection
from psycopg.types.json import Jsonb

from shared.privacy.gate import Kept, Sealed

RAW_BODY_KEPT_FOR = timedelta(days=7)
"""How long the sealed request body is kept, to settle what a sender really sent."""


@dataclass(frozen=True, slots=True)
class Lead:
    """One record received about a person, as it is stored."""

    id: UUID
    subject_id: UUID
    source_id: str
    kept: Kept
    received_at: datetime
    submitted_at: datetime
    duplicate_of: UUID | None = None
    status: str = "new"
    raw: Sealed | None = None


def save(conn: Connection, tenant_id: str, leads: Sequence[Lead]) -> None:
    """Store *leads*, the subjects they bring, their consents and their sealed bodies."""
    new_subjects = [lead for lead in leads if lead.duplicate_of is None]
    if new_subjects:
        conn.execute(
            """
            INSERT INTO public.subjects (tenant_id, id, created_at)
            SELECT %(tenant)s, id, created_at
            FROM unnest(%(ids)s::uuid[], %(times)s::timestamptz[]) AS subject (id, created_at)
            """,
            {
                "tenant": tenant_id,
                "ids": [lead.subject_id for lead in new_subjects],
                "times": [lead.received_at for lead in new_subjects],
            },
        )
    conn.execute(
        """
        INSERT INTO public.leads (tenant_id, id, subject_id, source_id, status, fields, sealed,
                                  duplicate_of, received_at, submitted_at)
        SELECT %(tenant)s, lead.*
        FROM unnest(%(ids)s::uuid[], %(subjects)s::uuid[], %(sources)s::text[],
                    %(statuses)s::text[], %(fields)s::jsonb[], %(sealed)s::bytea[],
                    %(originals)s::uuid[], %(received)s::timestamptz[],
                    %(submitted)s::timestamptz[]) AS lead
        """,
        {
            "tenant": tenant_id,
            "ids": [lead.id for lead in leads],
            "subjects": [lead.subject_id for lead in leads],
            "sources": [lead.source_id for lead in leads],
            "statuses": [lead.status for lead in leads],
            "fields": [Jsonb(lead.kept.clear, dumps=orjson.dumps) for lead in leads],
            "sealed": [lead.kept.sealed for lead in leads],
            "originals": [lead.duplicate_of for lead in leads],
            "received": [lead.received_at for lead in leads],
            "submitted": [lead.submitted_at for lead in leads],
        },
    )
    _save_bodies(conn, tenant_id, [lead for lead in leads if lead.raw is not None])
    _save_consents(conn, tenant_id, [lead for lead in leads if lead.kept.consent is not None])


def _save_bodies(conn: Connection, tenant_id: str, leads: Sequence[Lead]) -> None:
    if leads:
        conn.execute(
            """
            INSERT INTO public.raw_bodies (tenant_id, lead_id, sealed, expires_at)
            SELECT %(tenant)s, raw.*
            FROM unnest(%(ids)s::uuid[], %(sealed)s::bytea[], %(expiries)s::timestamptz[]) AS raw
            """,
            {
                "tenant": tenant_id,
                "ids": [lead.id for lead in leads],
                "sealed": [lead.raw for lead in leads],
                "expiries": [lead.received_at + RAW_BODY_KEPT_FOR for lead in leads],
            },
        )


def _save_consents(conn: Connection, tenant_id: str, leads: Sequence[Lead]) -> None:
    for lead in leads:
        consent = lead.kept.consent
        assert consent is not None  # the caller chose the leads that have one
        conn.execute(
            """
            INSERT INTO public.consents (tenant_id, id, lead_id, purposes, text_version,
                                         given_at, proof, recorded_at)
            VALUES (%(tenant)s, gen_random_uuid(), %(lead)s, %(purposes)s, %(text)s,
                    %(given)s, %(proof)s, %(recorded)s)
            """,
            {
                "tenant": tenant_id,
                "lead": lead.id,
                "purposes": sorted(consent.purposes),
                "text": consent.text_version,
                "given": consent.given_at,
                "proof": consent.proof,
                "recorded": lead.received_at,
            },
        )


def purge_expired_bodies(conn: Connection) -> int:
    """Delete every raw body past its time, of all tenants; return how many.

    The connection must have named no tenant: then the policy `expired` is the only one that
    lets rows go, which is why no WHERE stands here.
    """
    cursor: Any = conn.execute("DELETE FROM public.raw_bodies")
    return cursor.rowcount
