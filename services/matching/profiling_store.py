"""The SQL by which profiles follow what they are read from, on a connection it is handed."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from psycopg import Connection


class Note(NamedTuple):
    """Something of a lead changed."""

    id: int
    lead_id: UUID
    left_subject: UUID | None
    """The person that the lead was taken for before; None: the same."""


def tenants(conn: Connection[Any], most: int) -> list[str]:
    """Return up to *most* tenants whose leads are to be read anew.

    The connection must have named no tenant: the function looks across them.
    """
    rows = conn.execute("SELECT tenant_id FROM matching.to_be_read(%(most)s)", {"most": most})
    return [tenant_id for (tenant_id,) in rows]


def noted(conn: Connection[Any], tenant_id: str, most: int, newest: bool) -> list[Note]:
    """Return up to *most* notes, those of the newest leads first, or of the oldest."""
    rows = conn.execute(
        _NEWEST if newest else _OLDEST, {"tenant": tenant_id, "most": most}
    ).fetchall()
    return [Note(*row) for row in rows]


def held(conn: Connection[Any], tenant_id: str, lead_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return the persons of those of *lead_ids* that nobody is erasing, by lead.

    Nobody erases them before the transaction ends. Whoever is erasing one has its notes, too, in
    hand: to wait for each other would be a deadlock.
    """
    rows: Any = conn.execute(
        """
        SELECT lead.id, lead.subject_id FROM unnest(%(leads)s::uuid[]) AS wanted (id)
        CROSS JOIN LATERAL (
            SELECT id, subject_id FROM public.leads
            WHERE tenant_id = %(tenant)s AND id BETWEEN wanted.id AND wanted.id
            ORDER BY id LIMIT 1 FOR KEY SHARE SKIP LOCKED
        ) AS lead
        """,
        {"tenant": tenant_id, "leads": sorted(lead_ids)},
    ).fetchall()
    return dict(rows)


def of_persons(conn: Connection[Any], tenant_id: str, subject_ids: Sequence[UUID]) -> list[UUID]:
    """Return the leads of persons, held as by `held`."""
    rows = conn.execute(
        """
        SELECT lead.id FROM unnest(%(subjects)s::uuid[]) AS person
        CROSS JOIN LATERAL (
            SELECT id FROM public.leads
            WHERE tenant_id = %(tenant)s AND subject_id = person
            FOR KEY SHARE SKIP LOCKED
        ) AS lead
        """,
        {"tenant": tenant_id, "subjects": list(subject_ids)},
    ).fetchall()
    return [lead_id for (lead_id,) in rows]


def save(
    conn: Connection[Any], tenant_id: str, profiles: Sequence[Mapping[str, Any]]
) -> list[UUID]:
    """Store profiles; return the leads of those that say something else than before.

    Whoever calls holds the tenant's lock: revisions are to rise in the order of commits.
    """
    text = orjson.dumps(profiles).decode()
    rows = conn.execute(_SAVE, {"tenant": tenant_id, "rows": text}).fetchall()
    return [lead_id for (lead_id,) in rows]


def done(conn: Connection[Any], tenant_id: str, notes: Sequence[Note]) -> None:
    """Delete *notes*."""
    conn.execute(
        """
        DELETE FROM matching.unread
        USING unnest(%(leads)s::uuid[], %(ids)s::bigint[]) AS read (lead_id, id)
        WHERE unread.tenant_id = %(tenant)s AND unread.lead_id = read.lead_id
          AND unread.id = read.id AND unread.lead_id BETWEEN %(first)s AND %(last)s
        """,
        {
            "first": min((note.lead_id for note in notes), default=None),
            "last": max((note.lead_id for note in notes), default=None),
            "tenant": tenant_id,
            "leads": [note.lead_id for note in notes],
            "ids": [note.id for note in notes],
        },
    )


_OLDEST = """
    SELECT id, lead_id, left_subject FROM matching.unread WHERE tenant_id = %(tenant)s
    ORDER BY lead_id, id LIMIT %(most)s
    """
_NEWEST = """
    SELECT id, lead_id, left_subject FROM matching.unread WHERE tenant_id = %(tenant)s
    ORDER BY lead_id DESC, id DESC LIMIT %(most)s
    """
_SAVE = """
    INSERT INTO matching.profiles AS kept (
        tenant_id, lead_id, revision, shown, purposes, lead_type, company_size, currency,
        industry, needs, lead_category, country, admin1, latitude, longitude, loan_amount,
        revenue, founded_year, signal_strength, intent_score, last_activity_at)
    SELECT %(tenant)s, lead_id, nextval('matching.revisions'), shown, purposes, lead_type,
           company_size, currency, industry, needs, lead_category, country, admin1, latitude,
           longitude, loan_amount, revenue, founded_year, signal_strength, intent_score,
           last_activity_at
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS new (
        lead_id uuid, shown boolean, purposes text[], lead_type text, company_size text,
        currency text, industry text, needs text[], lead_category text, country text,
        admin1 text, latitude double precision, longitude double precision,
        loan_amount double precision, revenue double precision, founded_year integer,
        signal_strength smallint, intent_score smallint, last_activity_at timestamptz)
    ON CONFLICT (tenant_id, lead_id) DO UPDATE SET
        revision = excluded.revision, shown = excluded.shown, purposes = excluded.purposes,
        lead_type = excluded.lead_type, company_size = excluded.company_size,
        currency = excluded.currency, industry = excluded.industry, needs = excluded.needs,
        lead_category = excluded.lead_category, country = excluded.country,
        admin1 = excluded.admin1, latitude = excluded.latitude,
        longitude = excluded.longitude, loan_amount = excluded.loan_amount,
        revenue = excluded.revenue, founded_year = excluded.founded_year,
        signal_strength = excluded.signal_strength, intent_score = excluded.intent_score,
        last_activity_at = excluded.last_activity_at
    WHERE (kept.shown, kept.purposes, kept.lead_type, kept.company_size, kept.currency,
           kept.industry, kept.needs, kept.lead_category, kept.country, kept.admin1,
           kept.latitude, kept.longitude, kept.loan_amount, kept.revenue, kept.founded_year,
           kept.signal_strength, kept.intent_score, kept.last_activity_at)
          IS DISTINCT FROM
          (excluded.shown, excluded.purposes, excluded.lead_type, excluded.company_size,
           excluded.currency, excluded.industry, excluded.needs, excluded.lead_category,
           excluded.country, excluded.admin1, excluded.latitude, excluded.longitude,
           excluded.loan_amount, excluded.revenue, excluded.founded_year,
           excluded.signal_strength, excluded.intent_score, excluded.last_activity_at)
    RETURNING lead_id
    """
