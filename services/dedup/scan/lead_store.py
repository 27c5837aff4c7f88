"""The SQL that reads what a scan compares: leads in turn, and those that share a key with them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection

from services.dedup.store import CANDIDATES_PER_KEY
from shared.array_text import array

NOWHERE, LAST = UUID(int=0), UUID(int=2**128 - 1)
"""Ids before and after all others."""


class Stored(NamedTuple):
    """A stored lead as it is compared."""

    lead_id: UUID
    subject_id: UUID
    original: UUID
    """The first lead of this person."""
    source_id: str
    submitted_at: datetime
    status: str
    compared: bytes
    """The sealed record."""
    ip_key: int | None
    unchecked: bool
    """True if no check has compared it with anybody."""


class Candidate(NamedTuple):
    """A stored lead that shares identity keys with one that is scanned."""

    blocking_keys: Sequence[int]
    """Those of the keys asked for that led to it."""
    stored: Stored


class Walked(NamedTuple):
    """Where a scan is after it looked at some leads."""

    due: list[UUID]
    """Those to compare."""
    last: UUID | None
    """The latest that was looked at; None: there are no more."""
    looked_at: int


def count(conn: Connection[Any], tenant_id: str) -> int:
    """Return how many leads the account has."""
    row: Any = conn.execute(
        "SELECT count(*) FROM public.leads WHERE tenant_id = %(tenant)s", {"tenant": tenant_id}
    ).fetchone()
    return int(row[0])


def walk(
    conn: Connection[Any],
    tenant_id: str,
    after: UUID | None,
    only_unchecked: bool,
    looks: int,
    most: int,
) -> Walked:
    """Look at up to *looks* leads after *after* by id; *most* of them, the first, are due."""
    rows = conn.execute(
        """
        SELECT lead.id,
               NOT %(only)s OR NOT (
                   EXISTS (SELECT FROM dedup.decisions
                           WHERE tenant_id = %(tenant)s AND lead_id = lead.id)
                   OR EXISTS (SELECT FROM dedup.scanned_leads
                              WHERE tenant_id = %(tenant)s AND lead_id = lead.id))
        FROM (
            SELECT id FROM public.leads WHERE tenant_id = %(tenant)s AND id > %(after)s
            ORDER BY id LIMIT %(looks)s
        ) AS lead
        ORDER BY lead.id
        """,
        {
            "tenant": tenant_id,
            "after": after or NOWHERE,
            "only": only_unchecked,
            "looks": looks,
        },
    ).fetchall()
    due = [place for place, (_, is_due) in enumerate(rows) if is_due]
    if len(due) > most:
        rows, due = rows[: due[most]], due[:most]
    last = rows[-1][0] if rows else None
    return Walked([rows[place][0] for place in due], last, len(rows))


def stored(conn: Connection[Any], tenant_id: str, ids: Sequence[UUID]) -> list[Stored]:
    """Return those of the leads *ids* that can be compared, by id."""
    rows: Any = conn.execute(
        """
        SELECT lead.id, lead.subject_id, coalesce(lead.duplicate_of, lead.id), lead.source_id,
               lead.submitted_at, lead.status, record.compared, record.ip_key,
               NOT EXISTS (SELECT FROM dedup.decisions
                           WHERE tenant_id = %(tenant)s AND lead_id = lead.id)
        FROM unnest(%(ids)s::uuid[]) AS wanted (id)
        CROSS JOIN LATERAL (
            SELECT * FROM public.leads
            WHERE tenant_id = %(tenant)s AND id BETWEEN wanted.id AND wanted.id
            ORDER BY id LIMIT 1
        ) AS lead
        CROSS JOIN LATERAL (
            SELECT compared, ip_key FROM dedup.records
            WHERE tenant_id = %(tenant)s AND lead_id BETWEEN wanted.id AND wanted.id
            ORDER BY lead_id LIMIT 1
        ) AS record
        ORDER BY lead.id
        """,
        {"tenant": tenant_id, "ids": array(ids)},
    )
    return [Stored._make(row) for row in rows]


def candidates(
    conn: Connection[Any], tenant_id: str, keys: Iterable[int], until: UUID
) -> list[Candidate]:
    """Return the newest leads up to *until* that share each of *keys*.

    As many of a key as a check reads, `store.candidates`; that has no bound, for it is the last.
    """
    rows: Any = conn.execute(
        """
        SELECT found.blocking_keys, lead.id, lead.subject_id,
               coalesce(lead.duplicate_of, lead.id), lead.source_id, lead.submitted_at,
               lead.status, record.compared, record.ip_key, false
        FROM (
            SELECT array_agg(wanted.key) AS blocking_keys, block.lead_id
            FROM unnest(%(keys)s::bigint[]) AS wanted (key)
            CROSS JOIN LATERAL (
                SELECT lead_id FROM dedup.blocking_keys
                WHERE tenant_id = %(tenant)s AND blocking_key = wanted.key
                  AND lead_id <= %(until)s
                ORDER BY lead_id DESC LIMIT %(most)s
            ) AS block
            GROUP BY block.lead_id
        ) AS found
        CROSS JOIN LATERAL (
            SELECT compared, ip_key FROM dedup.records
            WHERE tenant_id = %(tenant)s AND lead_id = found.lead_id LIMIT 1
        ) AS record
        CROSS JOIN LATERAL (
            SELECT * FROM public.leads
            WHERE tenant_id = %(tenant)s AND id = found.lead_id LIMIT 1
        ) AS lead
        """,
        {
            "tenant": tenant_id,
            "keys": array(sorted(set(keys))),
            "until": until,
            "most": CANDIDATES_PER_KEY,
        },
        binary=True,
    )
    return [Candidate(row[0], Stored._make(row[1:])) for row in rows]


def unscanned(conn: Connection[Any], tenant_id: str, ids: Sequence[UUID]) -> set[UUID]:
    """Return those of *ids* that neither a check nor a scan has compared with anybody."""
    rows: Any = conn.execute(
        """
        SELECT wanted.id FROM unnest(%(ids)s::uuid[]) AS wanted (id)
        WHERE NOT EXISTS (SELECT FROM dedup.decisions
                          WHERE tenant_id = %(tenant)s AND lead_id = wanted.id)
          AND NOT EXISTS (SELECT FROM dedup.scanned_leads
                          WHERE tenant_id = %(tenant)s AND lead_id = wanted.id)
        """,
        {"tenant": tenant_id, "ids": array(ids)},
    )
    return {lead_id for (lead_id,) in rows}
