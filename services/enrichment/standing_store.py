"""The SQL that asks what a person agreed to and whether they objected, by published views.

A person is all records of a subject, and of their words the latest counts (`shared.consents`). They
object by unsubscribing or complaining (`signals.objections`), and where the account keeps them on a
list of those who are to be left alone (`suppression.listed`).
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection, sql

from services.enrichment.permitting import PURPOSE, Standing
from shared import consents, objections
from shared.array_text import array

LEFT_ALONE = ("do_not_contact", "litigator")
"""Kinds of lists that say that somebody is to be left alone; a customer need not be."""

MOST_ENTRIES = 1_000
"""Entries under one key that are looked at, one for each list."""


def held(conn: Connection[Any], tenant_id: str, lead_id: UUID) -> bool:
    """Return whether the lead is there; then nobody erases it before the transaction ends."""
    row = conn.execute(
        """
        SELECT id FROM public.leads WHERE tenant_id = %(tenant)s AND id = %(lead)s FOR KEY SHARE
        """,
        {"tenant": tenant_id, "lead": lead_id},
    ).fetchone()
    return row is not None


def standing(conn: Connection[Any], tenant_id: str, lead_id: UUID) -> Standing:
    """Return what the person of a lead agreed to, and whether they took it back or objected."""
    row: Any = conn.execute(_STANDING, {"tenant": tenant_id, "lead": lead_id}).fetchone()
    return _standing(*row)


def left_alone(
    conn: Connection[Any],
    tenant_id: str,
    source_id: str,
    keys: Collection[int],
    now: datetime,
) -> bool:
    """Return whether a list of those who are to be left alone has an entry under one of *keys*."""
    if not keys:
        return False
    row: Any = conn.execute(
        """
        SELECT EXISTS (
            SELECT FROM unnest(%(keys)s::bigint[]) AS wanted (key)
            CROSS JOIN LATERAL (
                SELECT kind, sources, expires_at FROM suppression.listed
                WHERE tenant_id = %(tenant)s AND key = wanted.key LIMIT %(most)s
            ) AS hit
            WHERE hit.kind = ANY (%(kinds)s)
              AND (hit.expires_at IS NULL OR hit.expires_at > %(now)s)
              AND (hit.sources = '{}' OR %(source)s = ANY (hit.sources)))
        """,
        {
            "tenant": tenant_id,
            "keys": array(keys),
            "kinds": list(LEFT_ALONE),
            "source": source_id,
            "now": now,
            "most": MOST_ENTRIES,
        },
    ).fetchone()
    return bool(row[0])


def _standing(
    purposes: list[str] | None,
    given_at: datetime,
    text_version: str | None,
    withdrawn_at: datetime | None,
    said_at: datetime | None,
    taken_back: list[str] | None,
    objected_at: datetime | None,
) -> Standing:
    consent = consents.standing(purposes, given_at, text_version, withdrawn_at)
    withdrawn = withdrawn_at is not None or PURPOSE in (taken_back or ())
    return Standing(consent, withdrawn, objections.stands(objected_at, said_at))


_STANDING = sql.SQL("""
    SELECT word.purposes, word.given_at, word.text_version, word.withdrawn_at, word.said_at,
           word.taken_back, objected.at
    FROM (SELECT) AS once
    LEFT JOIN LATERAL (
        SELECT subject_id FROM public.leads
        WHERE tenant_id = %(tenant)s AND id BETWEEN %(lead)s AND %(lead)s
        ORDER BY id LIMIT 1
    ) AS lead ON true
    LEFT JOIN LATERAL ({word}) AS word ON true
    LEFT JOIN LATERAL ({objection}) AS objected ON true
    """).format(
    word=consents.latest_word("lead.subject_id"), objection=objections.newest("lead.subject_id")
)
