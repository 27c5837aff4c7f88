"""The SQL of what is known of leads, on a connection it is handed: others' published views."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from psycopg import Connection, sql

from services.matching.lead_reading import Known, Listed
from services.matching.profile import TAKEN_BACK
from shared import consents
from shared.connection import PLANNED_ANEW
from shared.privacy.consent import Consent
from shared.privacy.gate import Gate


class Row(NamedTuple):
    """A lead as the database has it; `known_of` reads it."""

    id: UUID
    shown: bool
    """True if lists show it: it is listed, neither a duplicate nor invalid."""
    is_listed: bool
    subject_id: UUID
    columns: Sequence[Any]


def known(
    conn: Connection[Any], gate: Gate, tenant_id: str, lead_id: UUID, locked: bool = False
) -> tuple[Known, Consent | None] | None:
    """Return what is known of a lead, and the consent of its person that stands; None: no lead.

    *locked*, nobody else stores its matches before the transaction ends.
    """
    found = rows(conn, tenant_id, [lead_id], locked)
    return known_of(gate, tenant_id, found[0]) if found else None


def rows(
    conn: Connection[Any], tenant_id: str, lead_ids: Sequence[UUID], locked: bool = False
) -> list[Row]:
    """Return those of *lead_ids* that are leads of the account, in no order."""
    found: Any = conn.execute(
        _LOCKED if locked else _KNOWN,
        {"tenant": tenant_id, "leads": sorted(lead_ids)},
        prepare=PLANNED_ANEW if len(lead_ids) > 1 else None,
    ).fetchall()
    return [
        Row(lead_id, shown, is_listed, subject_id, columns)
        for lead_id, shown, is_listed, subject_id, *columns in found
    ]


def known_of(gate: Gate, tenant_id: str, row: Row) -> tuple[Known, Consent | None]:
    """Return what *row* says, and the consent of its person that stands.

    Raises what the gate raises of a sealed part that it cannot open.
    """
    said, sealed, last_activity_at, *rest = row.columns
    listed, (strength, listed_strength, intent, needs, types) = rest[:9], rest[9:14]
    if sealed is not None:
        said = {**said, **orjson.loads(gate.unseal(tenant_id, sealed, str(row.id)))}
    consent, purposes = _agreed(*rest[14:])
    detected = strength is not None
    found = Known(
        id=row.id,
        said=said,
        listed=Listed(*listed) if row.is_listed else None,
        signal_strength=max(strength or 0, listed_strength or 0) if detected or types else None,
        intent_score=intent,
        needs=needs or (),
        signal_types=types,
        last_activity_at=last_activity_at,
        purposes=purposes,
    )
    return found, consent


def _agreed(
    purposes: list[str] | None,
    given_at: Any,
    text_version: str | None,
    withdrawn_at: Any,
    taken_back: list[str] | None,
) -> tuple[Consent | None, frozenset[str] | None]:
    """Return the consent that stands, and its purposes as a profile has them: none if withdrawn."""
    consent = consents.standing(purposes, given_at, text_version, withdrawn_at)
    if withdrawn_at is not None:
        return None, frozenset()
    back = frozenset(TAKEN_BACK + purpose for purpose in taken_back or ())
    if consent is None:
        return None, back or None
    return consent, consent.purposes | back


# Each part is looked up for one lead at a time: a plan over whole tables is a bad one for as long
# as their statistics are old, and so is any walk beside the whole key (docs/decisions/0056).
_READ = sql.SQL("""
    SELECT lead.id,
           listed.lead_id IS NOT NULL AND NOT listed.duplicate AND listed.status <> 'invalid',
           listed.lead_id IS NOT NULL, lead.subject_id, lead.fields, lead.sealed,
           greatest(lead.submitted_at, (
               SELECT max(occurred_at) FROM signals.activities
               WHERE tenant_id = %(tenant)s AND lead_id = lead.id)),
           listed.country, listed.admin1, listed.place, listed.latitude, listed.longitude,
           listed.industry, listed.company_size, listed.lead_category, listed.lead_type,
           scores.signal_strength, listed.signal_strength, scores.intent_score, scores.needs,
           ARRAY(SELECT signal_type FROM leads.signals_given
                 WHERE tenant_id = %(tenant)s AND lead_id = lead.id
                 ORDER BY strength DESC, signal_type),
           consent.purposes, consent.given_at, consent.text_version, consent.withdrawn_at,
           consent.taken_back
    FROM unnest(%(leads)s::uuid[]) AS wanted (id)
    CROSS JOIN LATERAL (
        SELECT * FROM public.leads
        WHERE tenant_id = %(tenant)s AND id BETWEEN wanted.id AND wanted.id
        ORDER BY id LIMIT 1{locked}
    ) AS lead
    LEFT JOIN LATERAL (
        SELECT * FROM leads.profiles
        WHERE tenant_id = %(tenant)s AND lead_id BETWEEN wanted.id AND wanted.id
        ORDER BY lead_id LIMIT 1
    ) AS listed ON true
    LEFT JOIN LATERAL (
        SELECT * FROM signals.scores
        WHERE tenant_id = %(tenant)s AND lead_id BETWEEN wanted.id AND wanted.id
        ORDER BY lead_id LIMIT 1
    ) AS scores ON true
    LEFT JOIN LATERAL ({word}) AS consent ON true
""")
_WORD = consents.latest_word("lead.subject_id")
_KNOWN = _READ.format(locked=sql.SQL(""), word=_WORD)
_LOCKED = _READ.format(locked=sql.SQL(" FOR NO KEY UPDATE"), word=_WORD)
