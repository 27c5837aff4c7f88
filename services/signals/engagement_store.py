"""The SQL of finding who a mail went to, on a connection it is handed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import Connection, sql

from shared import consents, objections
from shared.array_text import array
from shared.privacy.consent import Consent

MOST_PEOPLE = 1000
"""People looked at of one address: a shared inbox may be a whole company's."""

OF_MAILS = frozenset({"marketing", "behavioural_tracking"})
"""Purposes of which to take one back is to take all back that mails are kept for."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who gave an address."""

    key: int
    """The pseudonym of the address."""
    lead_id: UUID
    """The first lead about them."""
    consent: Consent | None
    """The latest; None if it was withdrawn, or if they objected after it."""
    objected: bool
    """True if they withdrew the latest consent, wholly or to mails, or objected after giving it."""
    agreed_at: datetime | None = None
    """When the latest consent came in, whatever became of it; None if there never was one."""


def people(conn: Connection, tenant_id: str, keys: Sequence[int]) -> list[Person]:
    """Return who gave one of the addresses whose pseudonyms are *keys*, by their first lead.

    `dedup.lead_keys` is what the duplicate check publishes. A person is all their records: the
    latest consent of any of them counts, and an objection to a mail to any of them.
    """
    parameters = {"tenant": tenant_id, "keys": array(keys), "most": MOST_PEOPLE}
    return [_person(*row) for row in conn.execute(_PEOPLE, parameters)]


def _person(
    key: int,
    lead_id: UUID,
    purposes: Sequence[str] | None,
    given_at: datetime,
    text_version: str | None,
    withdrawn_at: datetime | None,
    said_at: datetime | None,
    recorded_at: datetime | None,
    taken_back: Sequence[str] | None,
    objected_at: datetime | None,
) -> Person:
    unwanted = not OF_MAILS.isdisjoint(taken_back or ())
    if withdrawn_at is not None or unwanted or objections.stands(objected_at, said_at):
        return Person(key, lead_id, None, True, recorded_at)
    consent = consents.standing(purposes, given_at, text_version, withdrawn_at)
    return Person(key, lead_id, consent, False, recorded_at)


_PEOPLE = sql.SQL("""
    SELECT found.key, first.id, agreed.purposes, agreed.given_at, agreed.text_version,
           agreed.withdrawn_at, agreed.said_at, agreed.recorded_at,
           agreed.taken_back, objected.at
    FROM unnest(%(keys)s::bigint[]) AS wanted (key)
    CROSS JOIN LATERAL (
        SELECT DISTINCT wanted.key, lead.subject_id
        FROM dedup.lead_keys AS known
        CROSS JOIN LATERAL (
            SELECT subject_id FROM public.leads
            WHERE tenant_id = %(tenant)s AND id BETWEEN known.lead_id AND known.lead_id
            ORDER BY id LIMIT 1
        ) AS lead
        WHERE known.tenant_id = %(tenant)s AND known.blocking_key = wanted.key
        LIMIT %(most)s
    ) AS found
    CROSS JOIN LATERAL (
        SELECT id FROM public.leads
        WHERE tenant_id = %(tenant)s AND subject_id = found.subject_id
        ORDER BY duplicate_of IS NOT NULL, received_at, id LIMIT 1
    ) AS first
    LEFT JOIN LATERAL ({word}) AS agreed ON true
    LEFT JOIN LATERAL ({objection}) AS objected ON true
    ORDER BY first.id
    """).format(
    word=consents.latest_word("found.subject_id"), objection=objections.newest("found.subject_id")
)
