"""What a person agreed to, on a connection it is handed: their latest word counts, for all who ask.

A person is all records of a subject, and each consent is one word of theirs, said when it was given
and, where it was taken back, once more when it was withdrawn. The latest word replaces all before
it: an older consent never outlives the withdrawal of a newer one. A withdrawal that names purposes
leaves the others. It is a word of a record, or of an address or number that a record gives
(`shared.withdrawals`). See docs/decisions/0069 and 0073.

Whoever reads other things in the same statement joins `latest_word`, and reads its row with
`standing`; whoever wants nothing else asks `latest` or `latest_of_many`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

from psycopg import Connection, sql

from shared import objections
from shared.array_text import array
from shared.connection import PLANNED_ANEW
from shared.privacy.consent import Consent

GIVEN, WITHDRAWN, OBJECTED = "given", "withdrawn", "objected"
"""Kinds of words."""


def latest_word(person: LiteralString) -> sql.Composed:
    """Return the SQL of one person's latest word: one row, or none if they never said one.

    *person* is the SQL of a subject's id; the tenant is the parameter `tenant`. The columns are
    `purposes`, what of the consent stands, null where none was given nor all withdrawn; `given_at`
    and `text_version`; `withdrawn_at`, null where the word stands; `said_at`, since when it holds:
    a consent that is recorded late was given when it was given; `recorded_at`; and `taken_back`,
    purposes that were withdrawn since by their names, null if none were. Each part is looked up by
    a whole key: docs/decisions/0056.
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


class Word(NamedTuple):
    """Something that a person said."""

    kind: str
    """GIVEN, WITHDRAWN or OBJECTED."""
    at: datetime
    recorded_at: datetime | None
    """None of what is kept by an address, and of withdrawals: they are recorded when they come."""
    lead_id: UUID | None
    """The record that it was said with; None of what is kept by an address."""
    purposes: Sequence[str] | None
    """None of a withdrawal: all."""
    text_version: str | None
    channel: str | None
    by: str | None
    id: UUID | None
    reason: bytes | None
    """Sealed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands."""

    consent: Consent | None
    withdrawn_at: datetime | None
    taken_back: frozenset[str]
    """Purposes that were withdrawn by their names since the latest consent."""
    objected_at: datetime | None
    """None: they do not object to mails, or agreed to something since."""


def standing_of(conn: Connection, tenant_id: str, lead_ids: Sequence[UUID]) -> dict[UUID, Standing]:
    """Return by lead where its person stands; none for a lead that is not there."""
    asked = {"tenant": tenant_id, "leads": array(lead_ids)}
    rows: Any = conn.execute(_STANDING, asked, prepare=PLANNED_ANEW)
    return {
        lead_id: Standing(
            standing(*word),
            word[3],
            frozenset(taken_back or ()),
            objected_at if objections.stands(objected_at, said_at) else None,
        )
        for lead_id, said_at, taken_back, objected_at, *word in rows
    }


def history(conn: Connection, tenant_id: str, lead_id: UUID, most: int) -> list[Word]:
    """Return what whom a lead is about said of consents, the latest first, *most* at most."""
    asked = {"tenant": tenant_id, "lead": lead_id, "most": most}
    rows: Any = conn.execute(_HISTORY, asked)
    return [Word(*row) for row in rows]


# Of two words of one moment, a withdrawal is the later one. Few accounts keep an address of whoever
# withdrew, so whether one is kept is asked before any key is looked up.
_LATEST_WORD = sql.SQL("""
    SELECT CASE WHEN consent.purposes IS NOT NULL
                THEN ARRAY(SELECT unnest(consent.purposes) EXCEPT SELECT unnest(back.purposes))
                WHEN back.all_at IS NOT NULL THEN '{{}}' END AS purposes,
           consent.given_at, consent.text_version,
           coalesce(consent.withdrawn_at, back.all_at) AS withdrawn_at,
           consent.said_at, consent.recorded_at, back.purposes AS taken_back
    FROM (SELECT) AS once
    LEFT JOIN LATERAL (
        SELECT said.*
        FROM (
            SELECT id FROM public.leads
            WHERE tenant_id = %(tenant)s AND subject_id BETWEEN {person} AND {person}
            ORDER BY subject_id
        ) AS record
        CROSS JOIN LATERAL (
            SELECT *, least(given_at, recorded_at) AS said_at FROM public.consents
            WHERE tenant_id = %(tenant)s AND lead_id BETWEEN record.id AND record.id
            ORDER BY lead_id
        ) AS said
        ORDER BY greatest(said.said_at, said.withdrawn_at) DESC,
                 said.withdrawn_at IS NULL, said.recorded_at DESC, said.id DESC
        LIMIT 1
    ) AS consent ON true
    LEFT JOIN LATERAL (
        SELECT max(taken.at) FILTER (WHERE taken.purpose = '') AS all_at,
               array_agg(taken.purpose) FILTER (WHERE taken.purpose <> '') AS purposes
        FROM (
            SELECT id FROM public.leads
            WHERE tenant_id = %(tenant)s AND subject_id BETWEEN {person} AND {person}
            ORDER BY subject_id
        ) AS record
        CROSS JOIN LATERAL (
            SELECT unnest(coalesce(purposes, ARRAY[''])) AS purpose, withdrawn_at AS at
            FROM public.withdrawals
            WHERE tenant_id = %(tenant)s AND lead_id BETWEEN record.id AND record.id
            UNION ALL
            SELECT kept.purpose, kept.withdrawn_at
            FROM dedup.record_keys AS own
            CROSS JOIN LATERAL (
                SELECT purpose, withdrawn_at FROM public.withdrawn_addresses
                WHERE tenant_id = %(tenant)s AND key BETWEEN own.blocking_key AND own.blocking_key
                OFFSET 0
            ) AS kept
            WHERE own.tenant_id = %(tenant)s AND own.lead_id BETWEEN record.id AND record.id
              AND EXISTS (SELECT FROM public.withdrawn_addresses WHERE tenant_id = %(tenant)s)
        ) AS taken
        WHERE taken.at >= coalesce(consent.said_at, '-infinity')
    ) AS back ON true
    WHERE consent.id IS NOT NULL OR back.all_at IS NOT NULL OR back.purposes IS NOT NULL
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
_STANDING = sql.SQL("""
    SELECT wanted.id, word.said_at, word.taken_back, objected.at, word.purposes, word.given_at,
           word.text_version, word.withdrawn_at
    FROM unnest(%(leads)s::uuid[]) AS wanted (id)
    CROSS JOIN LATERAL (
        SELECT subject_id FROM public.leads
        WHERE tenant_id = %(tenant)s AND id BETWEEN wanted.id AND wanted.id
        ORDER BY id LIMIT 1
    ) AS lead
    LEFT JOIN LATERAL ({word}) AS word ON true
    LEFT JOIN LATERAL ({objection}) AS objected ON true
    """).format(word=latest_word("lead.subject_id"), objection=objections.newest("lead.subject_id"))
_HISTORY = sql.SQL("""
    WITH record AS MATERIALIZED (
        SELECT id FROM public.leads
        WHERE tenant_id = %(tenant)s AND subject_id = (
            SELECT subject_id FROM public.leads WHERE tenant_id = %(tenant)s AND id = %(lead)s)
    )
    SELECT said.kind, said.at, said.recorded_at, said.lead_id, said.purposes, said.text_version,
           said.channel, said.by, said.id, said.reason
    FROM record CROSS JOIN LATERAL (
        SELECT 'given' AS kind, given_at AS at, recorded_at, lead_id, purposes, text_version,
               NULL AS channel, NULL AS by, NULL::uuid AS id, NULL::bytea AS reason
        FROM public.consents WHERE tenant_id = %(tenant)s AND lead_id = record.id
        UNION ALL
        SELECT 'withdrawn', withdrawn_at, NULL, lead_id, NULL, NULL, NULL, NULL, NULL, NULL
        FROM public.consents
        WHERE tenant_id = %(tenant)s AND lead_id = record.id AND withdrawn_at IS NOT NULL
        UNION ALL
        SELECT 'withdrawn', withdrawn_at, NULL, lead_id, purposes, NULL, channel, withdrawn_by, id,
               reason
        FROM public.withdrawals WHERE tenant_id = %(tenant)s AND lead_id = record.id
        UNION ALL
        SELECT 'objected', occurred_at, recorded_at, lead_id, ARRAY['marketing'], NULL,
               behavior_type, NULL, NULL, NULL
        FROM signals.objections WHERE tenant_id = %(tenant)s AND lead_id = record.id
    ) AS said
    UNION
    SELECT 'withdrawn', kept.withdrawn_at, NULL, NULL,
           CASE WHEN kept.purpose <> '' THEN ARRAY[kept.purpose] END, NULL, NULL, NULL, NULL, NULL
    FROM record
    JOIN dedup.record_keys AS own ON own.tenant_id = %(tenant)s AND own.lead_id = record.id
    JOIN public.withdrawn_addresses AS kept
        ON kept.tenant_id = %(tenant)s AND kept.key = own.blocking_key
    ORDER BY at DESC, kind DESC, lead_id, id LIMIT %(most)s
    """)
