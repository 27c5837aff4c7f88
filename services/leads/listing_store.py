"""The SQL by which stored leads come to be listed, on a connection it is handed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection, sql

from services.leads.listing import Listing
from shared import consents
from shared.privacy.consent import Consent

MOST_COUNTED = 10_000
"""Leads that wait are counted no further."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A lead as it is stored, and its person's consent if it was read and one stands."""

    id: UUID
    source_id: str
    status: str
    duplicate: bool
    received_at: datetime
    fields: Mapping[str, str]
    sealed: bytes | None
    consent: Consent | None


def tenants(conn: Connection[Any], most: int) -> list[str]:
    """Return up to *most* tenants whose leads wait to be listed.

    The connection must have named no tenant: the function looks across them.
    """
    rows = conn.execute("SELECT tenant_id FROM leads.to_be_listed(%(most)s)", {"most": most})
    return [tenant_id for (tenant_id,) in rows]


def take(conn: Connection[Any], tenant_id: str, most: int, patiently: bool) -> list[UUID]:
    """Return up to *most* leads that wait; nobody else lists them before the transaction ends.

    *patiently*, the newest, those that another is listing awaited; else the oldest that nobody is.
    """
    statement = _NEWEST if patiently else _OLDEST
    rows = conn.execute(statement, {"tenant": tenant_id, "most": most})
    return [lead_id for (lead_id,) in rows]


def stored(
    conn: Connection[Any], tenant_id: str, lead_ids: Sequence[UUID], agreed: bool
) -> list[Stored]:
    """Return the leads *lead_ids* that are there; nobody changes them before the transaction ends.

    Otherwise a change between reading and listing would find no listing to follow in. Consents are
    read where it matters what people *agreed* to.
    """
    asked = {"tenant": tenant_id, "ids": sorted(lead_ids), "agreed": agreed}
    rows: Any = conn.execute(_STORED, asked)
    return [Stored(*(*row[:7], consents.standing(*row[7:]))) for row in rows]


def save(conn: Connection[Any], tenant_id: str, listings: Sequence[tuple[Stored, Listing]]) -> None:
    """List leads with what their signals add up to; one that is listed already stays as it is."""
    rows = [
        asdict(listing)
        | {
            "lead_id": lead.id,
            "source_id": lead.source_id,
            "status": lead.status,
            "duplicate": lead.duplicate,
            "received_at": lead.received_at,
        }
        for lead, listing in listings
    ]
    conn.execute(_SAVE, {"tenant": tenant_id, "rows": orjson.dumps(rows).decode()})


def bare(conn: Connection[Any], tenant_id: str, lead_ids: Sequence[UUID]) -> None:
    """Take out of the lists what those of *lead_ids* said that are listed: they withdrew."""
    if lead_ids:
        conn.execute("SELECT leads.bare(%(ids)s::uuid[])", {"ids": list(lead_ids)})


def done(conn: Connection[Any], tenant_id: str, lead_ids: Sequence[UUID]) -> None:
    """Forget that leads wait: they are listed, or were erased."""
    conn.execute(
        "DELETE FROM leads.unlisted WHERE tenant_id = %(tenant)s AND lead_id = ANY (%(ids)s)",
        {"tenant": tenant_id, "ids": list(lead_ids)},
    )


def waiting(conn: Connection[Any], tenant_id: str) -> int:
    """Return how many leads wait to be listed; MOST_COUNTED is as many or more."""
    row: Any = conn.execute(
        """
        SELECT count(*) FROM (
            SELECT FROM leads.unlisted WHERE tenant_id = %(tenant)s LIMIT %(most)s) AS waiting
        """,
        {"tenant": tenant_id, "most": MOST_COUNTED},
    ).fetchone()
    return int(row[0])


_STORED = sql.SQL("""
    SELECT lead.id, lead.source_id, lead.status, lead.duplicate_of IS NOT NULL,
           lead.received_at, lead.fields, lead.sealed,
           word.purposes, word.given_at, word.text_version, word.withdrawn_at
    FROM unnest(%(ids)s::uuid[]) AS wanted (id)
    CROSS JOIN LATERAL (
        SELECT * FROM public.leads
        WHERE tenant_id = %(tenant)s AND id BETWEEN wanted.id AND wanted.id
        ORDER BY id LIMIT 1 FOR SHARE
    ) AS lead
    LEFT JOIN LATERAL ({word}) AS word ON %(agreed)s
    """).format(word=consents.latest_word("lead.subject_id"))
_NEWEST = """
    SELECT lead_id FROM leads.unlisted WHERE tenant_id = %(tenant)s
    ORDER BY lead_id DESC LIMIT %(most)s FOR UPDATE
    """
_OLDEST = """
    SELECT lead_id FROM leads.unlisted WHERE tenant_id = %(tenant)s
    ORDER BY lead_id LIMIT %(most)s FOR UPDATE SKIP LOCKED
    """
_SAVE = """
    WITH listed AS (
        INSERT INTO leads.listing (
            tenant_id, lead_id, investigation_id, source_id, status, duplicate, received_at,
            signal_strength, intent_score,
            country, admin1, place, latitude, longitude, cell, industry, company, company_size,
            lead_category, lead_type, words)
        SELECT %(tenant)s, new.lead_id, investigation.id, source_id, new.status, duplicate,
               received_at, coalesce(scores.signal_strength, 0), coalesce(scores.intent_score, 0),
               country, admin1, place, latitude, longitude, cell, industry, company, company_size,
               lead_category, lead_type, words
        FROM jsonb_to_recordset(%(rows)s::jsonb) AS new (
            lead_id uuid, investigation_id uuid, source_id text, status text, duplicate boolean,
            received_at timestamptz, country text, admin1 text, place text,
            latitude double precision, longitude double precision, cell bigint, industry text,
            company text, company_size text, lead_category text, lead_type text, words text[])
        LEFT JOIN leads.investigations AS investigation
            ON investigation.tenant_id = %(tenant)s AND investigation.id = new.investigation_id
        LEFT JOIN LATERAL (
            SELECT signal_strength, intent_score FROM signals.scores
            WHERE tenant_id = %(tenant)s AND lead_id BETWEEN new.lead_id AND new.lead_id
            ORDER BY lead_id LIMIT 1
        ) AS scores ON true
        ON CONFLICT (tenant_id, lead_id) DO NOTHING
        RETURNING lead_id, words
    )
    INSERT INTO leads.words (tenant_id, word, lead_id)
    SELECT %(tenant)s, word, lead_id FROM listed CROSS JOIN unnest(words) AS word
    ON CONFLICT DO NOTHING
    """
