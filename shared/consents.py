"""What a person agreed to, on a connection it is handed: their latest word counts, for all who ask.

A person is all records of a subject, and each consent is one word of theirs, said when it was given
and, where it was taken back, once more when it was withdrawn. The latest word replaces all before
it: an older consent never outlives the withdrawal of a newer one. See docs/decisions/0069.

Whoever reads other things in the same statement joins `latest_word`, and reads its row with
`standing`; whoever wants nothing else asks `latest` or `latest_of_many`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg import Connection, sql

from shared.array_text import array
from shared.connection import PLANNED_ANEW
from shared.privacy.consent import Consent


def latest_word(person: LiteralString) -> sql.Composed:
    """Return the SQL of one person's latest word: one row, or none if they never agreed.

    *person* is the SQL of a subject's id; the tenant is the parameter `tenant`. The columns are
    `purposes`, `given_at` and `text_version`; `withdrawn_at`, null where the word stands;
    `said_at`, since when it holds: a consent that is recorded late was given when it was given;
    and `recorded_at`. Each part is looked up by a whole key: docs/decisions/0056.
    """
    return _LATEST_WORD.format(person=sql.SQL(person))


def standing(
    purposes: Sequence[str] | None,
    given_at: datetime,
    text_version: str | None,
    withdrawn_at: datetime | None,
) -> Consent | None:
    """Return the consent that a row of `latest_word` is; None: no row, or it was withdrawn."""
    if purposes is None or withdrawn_at is not None:
        return None
    return Consent(frozenset(purposes), given_at, text_version)


def latest(conn: Connection, tenant_id: str, lead_id: UUID) -> Consent | None:
    """Return what whom a lead is about agreed to; None if they took it back, or never did."""
    row = conn.execute(_LATEST, {"tenant": tenant_id, "lead": lead_id}).fetchone()
    return standing(*row) if row else None


def latest_of_many(
    conn: Connection, tenant_id: str, lead_ids: Sequence[UUID]
) -> dict[UUID, Consent]:
    """Return by lead what its person agreed to, without those of whom no consent stands."""
    asked = {"tenant": tenant_id, "leads": array(lead_ids)}
    rows = conn.execute(_LATEST_OF_MANY, asked, prepare=PLANNED_ANEW)
    found = {lead_id: standing(*word) for lead_id, *word in rows}
    return {lead_id: consent for lead_id, consent in found.items() if consent}


# Of two words of one moment, a withdrawal is the later one.
_LATEST_WORD = sql.SQL("""
    SELECT consent.purposes, consent.given_at, consent.text_version, consent.withdrawn_at,
           consent.said_at, consent.recorded_at
    FROM (
        SELECT id FROM public.leads
        WHERE tenant_id = %(tenant)s AND subject_id BETWEEN {person} AND {person}
        ORDER BY subject_id
    ) AS record
    CROSS JOIN LATERAL (
        SELECT *, least(given_at, recorded_at) AS said_at FROM public.consents
        WHERE tenant_id = %(tenant)s AND lead_id BETWEEN record.id AND record.id
        ORDER BY lead_id
    ) AS consent
    ORDER BY greatest(consent.said_at, consent.withdrawn_at) DESC,
             consent.withdrawn_at IS NULL, consent.recorded_at DESC, consent.id DESC
    LIMIT 1
    """)
_LATEST = sql.SQL("""
    SELECT word.purposes, word.given_at, word.text_version, word.withdrawn_at
    FROM (
        SELECT subject_id FROM public.leads
        WHERE tenant_id = %(tenant)s AND id BETWEEN %(lead)s AND %(lead)s
        ORDER BY id LIMIT 1
    ) AS lead
    CROSS JOIN LATERAL ({word}) AS word
    """).format(word=latest_word("lead.subject_id"))
_LATEST_OF_MANY = sql.SQL("""
    SELECT wanted.id, word.purposes, word.given_at, word.text_version, word.withdrawn_at
    FROM unnest(%(leads)s::uuid[]) AS wanted (id)
    CROSS JOIN LATERAL (
        SELECT subject_id FROM public.leads
        WHERE tenant_id = %(tenant)s AND id BETWEEN wanted.id AND wanted.id
        ORDER BY id LIMIT 1
    ) AS lead
    CROSS JOIN LATERAL ({word}) AS word
    """).format(word=latest_word("lead.subject_id"))
