"""Every SQL statement of the duplicate check, on a connection it is handed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection
from psycopg.types.json import Jsonb

from shared.privacy.gate import Pseudonym, Sealed

CANDIDATES_PER_KEY = 50
"""Newest records read per blocking key: a value that thousands share decides nothing."""

RELATED_PER_KEY = 3
"""Colleagues read per organisation: one is enough to report the relation."""

SIGHTINGS = 60
"""Earlier leads read per address: enough to count to the velocity limit and beyond."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored record that shares a blocking key with a new one."""

    blocking_keys: Sequence[int]
    """Those of the keys asked for that led to it."""
    lead_id: UUID
    subject_id: UUID
    original: UUID
    """The first lead of this person."""
    source_id: str
    submitted_at: datetime
    compared: bytes
    """The sealed record."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the duplicate check keeps of one lead and its decision."""

    lead_id: UUID
    decision_id: UUID
    compared: Sealed
    blocking_keys: Sequence[Pseudonym]
    ip_key: Pseudonym | None
    submitted_at: datetime
    decided_at: datetime
    action: str
    match_probability: float
    risk_score: float
    compared_with: UUID | None
    evidence: object
    """JSON: comparison levels, weights and risk factors; no values of the lead."""
    model_version: str
    review_id: UUID | None


def lock(conn: Connection, keys: Sequence[Pseudonym]) -> None:
    """Hold *keys* until the transaction ends, so that leads sharing one decide in turn.

    Must be a statement of its own, before anything is read: under READ COMMITTED the next
    statement then sees what the previous holder committed. Sorted, so that nobody deadlocks.
    """
    conn.execute(
        "SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [sorted(set(keys))]
    )


def candidates(
    conn: Connection,
    tenant_id: str,
    keys: Sequence[Pseudonym],
    relations: Sequence[Pseudonym] = (),
) -> Iterator[Candidate]:
    """Return the newest records that share each of *keys*, and a few that share *relations*."""
    cursor = conn.execute(
        """
        SELECT found.blocking_keys, found.lead_id, lead.subject_id,
               coalesce(lead.duplicate_of, lead.id), lead.source_id, lead.submitted_at,
               record.compared
        FROM (
            SELECT array_agg(wanted.key) AS blocking_keys, block.lead_id
            FROM unnest(%(keys)s::bigint[], %(most)s::int[]) AS wanted (key, most)
            CROSS JOIN LATERAL (
                SELECT lead_id FROM dedup.blocking_keys
                WHERE tenant_id = %(tenant)s AND blocking_key = wanted.key
                ORDER BY lead_id DESC LIMIT wanted.most
            ) AS block
            GROUP BY block.lead_id
        ) AS found
        JOIN dedup.records AS record
            ON record.tenant_id = %(tenant)s AND record.lead_id = found.lead_id
        JOIN public.leads AS lead
            ON lead.tenant_id = %(tenant)s AND lead.id = found.lead_id
        """,
        {
            "tenant": tenant_id,
            "keys": [*keys, *relations],
            "most": [CANDIDATES_PER_KEY] * len(keys) + [RELATED_PER_KEY] * len(relations),
        },
        binary=True,
    )
    return (Candidate(*row) for row in cursor)


def sightings(
    conn: Connection, tenant_id: str, since: Sequence[tuple[Pseudonym, datetime, datetime]]
) -> dict[int, list[datetime]]:
    """Return when leads came from each (ip_key, earliest, latest), newest first."""
    cursor: Any = conn.execute(
        """
        SELECT wanted.ip_key, seen.submitted_at
        FROM unnest(%(keys)s::bigint[], %(earliest)s::timestamptz[], %(latest)s::timestamptz[])
            AS wanted (ip_key, earliest, latest)
        CROSS JOIN LATERAL (
            SELECT submitted_at FROM dedup.records
            WHERE tenant_id = %(tenant)s AND ip_key = wanted.ip_key
              AND submitted_at BETWEEN wanted.earliest AND wanted.latest
            ORDER BY submitted_at DESC LIMIT %(most)s
        ) AS seen
        """,
        {
            "tenant": tenant_id,
            "keys": [key for key, _, _ in since],
            "earliest": [earliest for _, earliest, _ in since],
            "latest": [latest for _, _, latest in since],
            "most": SIGHTINGS,
        },
    )
    times: dict[int, list[datetime]] = {key: [] for key, _, _ in since}
    for ip_key, submitted_at in cursor:
        times[ip_key].append(submitted_at)
    return times


def remember(conn: Connection, tenant_id: str, leads: Sequence[Remembered]) -> None:
    """Store the comparable records of *leads*, their blocking keys, decisions and open reviews."""
    conn.execute(
        """
        WITH record AS (
            INSERT INTO dedup.records (tenant_id, lead_id, compared, ip_key, submitted_at)
            SELECT %(tenant)s, new.*
            FROM unnest(%(leads)s::uuid[], %(compared)s::bytea[], %(ips)s::bigint[],
                        %(submitted)s::timestamptz[]) AS new
        ), block AS (
            INSERT INTO dedup.blocking_keys (tenant_id, blocking_key, lead_id)
            SELECT %(tenant)s, new.*
            FROM unnest(%(keys)s::bigint[], %(key_leads)s::uuid[]) AS new
            ON CONFLICT DO NOTHING
        )
        INSERT INTO dedup.decisions (tenant_id, id, lead_id, action, match_probability, risk_score,
                                     compared_with, evidence, model_version, decided_at)
        SELECT %(tenant)s, new.*
        FROM unnest(%(decisions)s::uuid[], %(leads)s::uuid[], %(actions)s::text[],
                    %(probabilities)s::float8[], %(risks)s::float8[], %(others)s::uuid[],
                    %(evidence)s::jsonb[], %(versions)s::text[], %(decided)s::timestamptz[]) AS new
        """,
        {
            "tenant": tenant_id,
            "leads": [lead.lead_id for lead in leads],
            "compared": [lead.compared for lead in leads],
            "ips": [lead.ip_key for lead in leads],
            "submitted": [lead.submitted_at for lead in leads],
            "keys": [key for lead in leads for key in lead.blocking_keys],
            "key_leads": [lead.lead_id for lead in leads for _ in lead.blocking_keys],
            "decisions": [lead.decision_id for lead in leads],
            "actions": [lead.action for lead in leads],
            "probabilities": [lead.match_probability for lead in leads],
            "risks": [lead.risk_score for lead in leads],
            "others": [lead.compared_with for lead in leads],
            "evidence": [Jsonb(lead.evidence, dumps=orjson.dumps) for lead in leads],
            "versions": [lead.model_version for lead in leads],
            "decided": [lead.decided_at for lead in leads],
        },
    )
    flagged = [lead for lead in leads if lead.review_id is not None]
    if flagged:
        conn.execute(
            """
            INSERT INTO dedup.reviews (tenant_id, id, lead_id, decision_id, opened_at)
            SELECT %(tenant)s, new.*
            FROM unnest(%(ids)s::uuid[], %(leads)s::uuid[], %(decisions)s::uuid[],
                        %(opened)s::timestamptz[]) AS new
            """,
            {
                "tenant": tenant_id,
                "ids": [lead.review_id for lead in flagged],
                "leads": [lead.lead_id for lead in flagged],
                "decisions": [lead.decision_id for lead in flagged],
                "opened": [lead.decided_at for lead in flagged],
            },
        )
