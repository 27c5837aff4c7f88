"""Leads and their subjects: the records received, and the people they are about.

A *subject* is the person (record linkage: the entity; GDPR: the data subject).
A *lead* is one record received about a subject. Reading needs the keyring,
because the privacy mode may have sealed fields.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection, sql
from psycopg.types.json import Jsonb

from shared import consents
from shared.events import Event
from shared.frozen import frozen
from shared.privacy.consent import Consent
from shared.privacy.gate import Gate, Kept, Sealed

RAW_BODY_KEPT_FOR = timedelta(days=7)
"""How long the sealed request body is kept, to settle what a sender really sent."""


@frozen
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
    created: Event | None = None
    """What is told of a lead that is a new person."""


def save(conn: Connection, tenant_id: str, leads: Sequence[Lead]) -> None:
    """Store *leads*, the subjects they bring, their consents, sealed bodies and first events."""
    agreed = any(lead.kept.consent for lead in leads)
    rows = orjson.dumps([_row(lead) for lead in leads]).decode()
    conn.execute(_SAVE_AGREED if agreed else _SAVE, {"tenant": tenant_id, "rows": rows})


_LEADS = """
    WITH new AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS new (
            id uuid, subject_id uuid, source_id text, status text, fields jsonb, sealed text,
            duplicate_of uuid, received_at timestamptz, submitted_at timestamptz,
            raw text, raw_expires_at timestamptz, consent jsonb, event jsonb)
    ), subject AS (
        INSERT INTO public.subjects (tenant_id, id, created_at)
        SELECT %(tenant)s, subject_id, received_at FROM new WHERE duplicate_of IS NULL
    ), lead AS (
        INSERT INTO public.leads (tenant_id, id, subject_id, source_id, status, fields, sealed,
                                  duplicate_of, received_at, submitted_at)
        SELECT %(tenant)s, id, subject_id, source_id, status, fields,
               decode(sealed, 'base64'), duplicate_of, received_at, submitted_at
        FROM new
    ), body AS (
        INSERT INTO public.raw_bodies (tenant_id, lead_id, sealed, expires_at)
        SELECT %(tenant)s, id, decode(raw, 'base64'), raw_expires_at
        FROM new WHERE raw IS NOT NULL
    )
    """
"""What every lead brings; the row of a consent or event is told below."""

_CONSENTS = """
    , consent AS (
        INSERT INTO public.consents (tenant_id, id, lead_id, purposes, text_version, given_at,
                                     proof, recorded_at)
        SELECT %(tenant)s, gen_random_uuid(), id,
               ARRAY(SELECT jsonb_array_elements_text(consent -> 'purposes')),
               consent ->> 'text_version', (consent ->> 'given_at')::timestamptz,
               decode(consent ->> 'proof', 'base64'), received_at
        FROM new WHERE jsonb_typeof(consent) = 'object'
    )
    """

_EVENTS = """
    INSERT INTO public.events (tenant_id, id, event, lead_id, data, occurred_at)
    SELECT %(tenant)s, (event ->> 'id')::uuid, event ->> 'event', id, event -> 'data',
           (event ->> 'occurred_at')::timestamptz
    FROM new WHERE jsonb_typeof(event) = 'object'
    """

_SAVE = _LEADS + _EVENTS
"""Triggers are asked of a table into which no row went, too: most leads bring no consent."""

_SAVE_AGREED = _LEADS + _CONSENTS + _EVENTS


def _row(lead: Lead) -> dict[str, object]:
    """Return *lead* as one JSON row: one parameter costs less than an array for every column."""
    consent = lead.kept.consent
    return {
        "id": lead.id,
        "subject_id": lead.subject_id,
        "source_id": lead.source_id,
        "status": lead.status,
        "fields": lead.kept.clear,
        "sealed": base64_or_none(lead.kept.sealed),
        "duplicate_of": lead.duplicate_of,
        "received_at": lead.received_at,
        "submitted_at": lead.submitted_at,
        "raw": base64_or_none(lead.raw),
        "raw_expires_at": lead.received_at + RAW_BODY_KEPT_FOR,
        "event": lead.created and lead.created.row(),
        "consent": consent
        and {
            "purposes": sorted(consent.purposes),
            "text_version": consent.text_version,
            "given_at": consent.given_at,
            "proof": base64_or_none(lead.kept.proof),
        },
    }


def base64_or_none(data: bytes | None) -> str | None:
    """Return *data* as JSON can carry it."""
    return None if data is None else b64encode(data).decode()


@dataclass(frozen=True, slots=True)
class Said:
    """One lead as it was received: what it said and when, and what its person agrees to now."""

    id: UUID
    source_id: str
    received_at: datetime
    submitted_at: datetime
    fields: Mapping[str, str]
    consent: Consent | None
    withdrawn: bool = False
    """True if they took their latest word back, wholly."""


def find(conn: Connection, gate: Gate, tenant_id: str, lead_id: UUID) -> Said | None:
    """Return one lead with its sealed fields opened, and its person's consent if one stands."""
    row: Any = conn.execute(_FIND, {"tenant": tenant_id, "lead": lead_id}).fetchone()
    if row is None:
        return None
    source_id, received_at, submitted_at, fields, sealed, *word = row
    if sealed is not None:
        fields = fields | orjson.loads(gate.unseal(tenant_id, sealed, str(lead_id)))
    consent, withdrawn = consents.standing(*word), word[-1] is not None
    return Said(lead_id, source_id, received_at, submitted_at, fields, consent, withdrawn)


_FIND = sql.SQL("""
    SELECT lead.source_id, lead.received_at, lead.submitted_at, lead.fields, lead.sealed,
           word.purposes, word.given_at, word.text_version, word.withdrawn_at
    FROM public.leads AS lead
    LEFT JOIN LATERAL ({word}) AS word ON true
    WHERE lead.tenant_id = %(tenant)s AND lead.id = %(lead)s
    """).format(word=consents.latest_word("lead.subject_id"))


def turn_away(conn: Connection, tenant_id: str, lead_id: UUID) -> None:
    """Note that a lead is nobody's: its submission was a machine's."""
    conn.execute(
        """
        UPDATE public.leads SET status = 'invalid'
        WHERE tenant_id = %(tenant)s AND id = %(lead)s AND status = 'new'
        """,
        {"tenant": tenant_id, "lead": lead_id},
    )


def move(conn: Connection, tenant_id: str, lead_id: UUID, before: str, after: str) -> bool:
    """Give a lead the status *after* and return True; False if it has not the status *before*."""
    row = conn.execute(
        """
        UPDATE public.leads SET status = %(after)s
        WHERE tenant_id = %(tenant)s AND id = %(lead)s AND status = %(before)s
        RETURNING id
        """,
        {"tenant": tenant_id, "lead": lead_id, "before": before, "after": after},
    ).fetchone()
    return row is not None


def copy(conn: Connection, tenant_id: str, leads: Sequence[Lead]) -> set[UUID]:
    """Store those of many *leads* whose ids are not there yet, their subjects and consents.

    Each lead is a subject of its own; bodies are not kept. Returns the ids that are new. Under
    row-level security PostgreSQL refuses COPY into a table, hence the temporary ones; the
    connection must not be in pipeline mode, which knows no COPY. Ids are taken in order: of two
    transactions that bring the same ones, the second waits at the first of them, and no more.
    """
    new = {
        row[0]
        for row in conn.execute(
            """
            INSERT INTO public.subjects (tenant_id, id, created_at)
            SELECT %(tenant)s, arriving.id, arriving.received_at
            FROM unnest(%(ids)s::uuid[], %(received)s::timestamptz[]) AS arriving (id, received_at)
            WHERE NOT EXISTS (SELECT FROM public.leads AS known
                              WHERE known.tenant_id = %(tenant)s AND known.id = arriving.id)
            ORDER BY arriving.id
            ON CONFLICT DO NOTHING
            RETURNING id
            """,
            {
                "tenant": tenant_id,
                "ids": [lead.id for lead in leads],
                "received": [lead.received_at for lead in leads],
            },
        )
    }
    _copy_new(
        conn, tenant_id, sorted((one for one in leads if one.id in new), key=lambda one: one.id)
    )
    return new


def _copy_new(conn: Connection, tenant_id: str, leads: Sequence[Lead]) -> None:
    conn.execute(
        """
        CREATE TEMPORARY TABLE IF NOT EXISTS arriving_leads (
            id uuid, source_id text, status text, fields jsonb, sealed bytea,
            received_at timestamptz, submitted_at timestamptz) ON COMMIT DELETE ROWS
        """
    )
    with conn.cursor().copy("COPY pg_temp.arriving_leads FROM STDIN BINARY") as rows:
        rows.set_types(["uuid", "text", "text", "jsonb", "bytea", "timestamptz", "timestamptz"])
        for lead in leads:
            clear = Jsonb(lead.kept.clear, dumps=orjson.dumps)
            described = (lead.id, lead.source_id, lead.status, clear, lead.kept.sealed)
            rows.write_row((*described, lead.received_at, lead.submitted_at))
    conn.execute(
        """
        INSERT INTO public.leads (tenant_id, id, subject_id, source_id, status, fields, sealed,
                                  received_at, submitted_at)
        SELECT %(tenant)s, id, id, source_id, status, fields, sealed, received_at, submitted_at
        FROM pg_temp.arriving_leads
        """,
        {"tenant": tenant_id},
    )
    _copy_consents(conn, tenant_id, [lead for lead in leads if lead.kept.consent])


def _copy_consents(conn: Connection, tenant_id: str, leads: Sequence[Lead]) -> None:
    if not leads:
        return
    conn.execute(
        """
        CREATE TEMPORARY TABLE IF NOT EXISTS arriving_consents (
            lead_id uuid, purposes text[], text_version text, given_at timestamptz, proof bytea,
            recorded_at timestamptz) ON COMMIT DELETE ROWS
        """
    )
    with conn.cursor().copy("COPY pg_temp.arriving_consents FROM STDIN BINARY") as rows:
        rows.set_types(["uuid", "text[]", "text", "timestamptz", "bytea", "timestamptz"])
        for lead in leads:
            if consent := lead.kept.consent:
                agreed = (sorted(consent.purposes), consent.text_version, consent.given_at)
                rows.write_row((lead.id, *agreed, lead.kept.proof, lead.received_at))
    conn.execute(
        """
        INSERT INTO public.consents (tenant_id, id, lead_id, purposes, text_version, given_at,
                                     proof, recorded_at)
        SELECT %(tenant)s, gen_random_uuid(), lead_id, purposes, text_version, given_at, proof,
               recorded_at
        FROM pg_temp.arriving_consents
        """,
        {"tenant": tenant_id},
    )


def purge_expired_bodies(conn: Connection) -> int:
    """Delete every raw body past its time, of all tenants; return how many.

    The connection must have named no tenant: then the policy `expired` is the only one that
    lets rows go, which is why no WHERE stands here.
    """
    cursor: Any = conn.execute("DELETE FROM public.raw_bodies")
    return cursor.rowcount
