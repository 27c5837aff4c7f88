"""Every SQL statement of the duplicate check, on a connection it is handed."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from psycopg import Connection

from services.dedup.blocking import KEYS_VERSION
from shared.array_text import array
from shared.frozen import frozen
from shared.leads import base64_or_none
from shared.privacy.gate import Pseudonym, Sealed

CANDIDATES_PER_KEY = 50
"""Newest records read per blocking key: a value that thousands share decides nothing."""

PEOPLE_PER_KEY = 1_000
"""Newest leads of a key among which its people are counted, where more than CANDIDATES_PER_KEY
share it: a number of a thousand people says as little as one of two."""

RELATED_PER_KEY = 3
"""Colleagues read per organisation: one is enough to report the relation."""

SIGHTINGS = 60
"""Earlier leads read per address: enough to count to the velocity limit and beyond."""


class Candidate(NamedTuple):
    """A stored record that shares an identity key with a new one."""

    blocking_keys: Sequence[int]
    """Those of the keys asked for that led to it, relations among them."""
    lead_id: UUID
    subject_id: UUID
    original: UUID
    """The first lead of this person."""
    source_id: str
    submitted_at: datetime
    compared: bytes
    """The sealed record."""
    ip_key: int | None
    dealt: bool | None
    """True if it has a deal of its own; see `dedup.trade`."""


_COMPARED = Candidate._fields.index("compared")


class Related(NamedTuple):
    """A stored record that shares a relation with a new one, and nothing that is compared."""

    blocking_keys: Sequence[int]
    lead_id: UUID


@frozen
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


def candidates(
    conn: Connection,
    tenant_id: str,
    keys: Sequence[Pseudonym],
    relations: Sequence[Pseudonym] = (),
) -> Iterator[Candidate | Related]:
    """Return the newest records that share each of *keys*, and a few that share *relations*.

    Of one that shares a relation alone nothing more is read: it is never compared. LATERAL and
    LIMIT keep joins from comparing all with all, whatever the statistics say.
    """
    cursor = conn.execute(
        """
        SELECT found.blocking_keys, found.lead_id, lead.subject_id,
               coalesce(lead.duplicate_of, lead.id), lead.source_id, lead.submitted_at,
               record.compared, record.ip_key, deal.dealt
        FROM (
            SELECT array_agg(wanted.key) AS blocking_keys, block.lead_id,
                   bool_or(wanted.identity) AS comparable
            FROM unnest(%(keys)s::bigint[], %(most)s::int[], %(identity)s::boolean[])
                AS wanted (key, most, identity)
            CROSS JOIN LATERAL (
                SELECT lead_id FROM dedup.blocking_keys
                WHERE tenant_id = %(tenant)s AND blocking_key = wanted.key
                ORDER BY lead_id DESC LIMIT wanted.most
            ) AS block
            GROUP BY block.lead_id
        ) AS found
        LEFT JOIN LATERAL (
            SELECT compared, ip_key FROM dedup.records
            WHERE found.comparable AND tenant_id = %(tenant)s AND lead_id = found.lead_id LIMIT 1
        ) AS record ON true
        LEFT JOIN LATERAL (
            SELECT subject_id, duplicate_of, id, source_id, submitted_at FROM public.leads
            WHERE found.comparable AND tenant_id = %(tenant)s AND id = found.lead_id LIMIT 1
        ) AS lead ON true
        LEFT JOIN LATERAL (
            SELECT true AS dealt FROM dedup.deals
            WHERE found.comparable AND tenant_id = %(tenant)s AND lead_id = found.lead_id LIMIT 1
        ) AS deal ON true
        """,
        {"tenant": tenant_id} | _wanted(keys, relations),
        binary=True,
    )
    return map(_found, cursor)


def _wanted(keys: Sequence[Pseudonym], relations: Sequence[Pseudonym]) -> dict[str, str]:
    """Return as arrays: every key, how many of its records are read, whether it is an identity."""
    return {
        "keys": array([*keys, *relations]),
        "most": array([CANDIDATES_PER_KEY] * len(keys) + [RELATED_PER_KEY] * len(relations)),
        "identity": array([True] * len(keys) + [False] * len(relations)),
    }


def _found(row: Sequence[Any]) -> Candidate | Related:
    return Related._make(row[:2]) if row[_COMPARED] is None else Candidate._make(row)


def people(conn: Connection, tenant_id: str, keys: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Return how many people share each of *keys*, counted over its PEOPLE_PER_KEY newest leads."""
    cursor: Any = conn.execute(
        """
        SELECT wanted.key, count(DISTINCT lead.subject_id)
        FROM unnest(%(keys)s::bigint[]) AS wanted (key)
        CROSS JOIN LATERAL (
            SELECT lead_id FROM dedup.blocking_keys
            WHERE tenant_id = %(tenant)s AND blocking_key = wanted.key
            ORDER BY lead_id DESC LIMIT %(most)s
        ) AS block
        CROSS JOIN LATERAL (
            SELECT subject_id FROM public.leads
            WHERE tenant_id = %(tenant)s AND id BETWEEN block.lead_id AND block.lead_id
            ORDER BY id LIMIT 1
        ) AS lead
        GROUP BY wanted.key
        """,
        {"tenant": tenant_id, "keys": array(keys), "most": str(PEOPLE_PER_KEY)},
    )
    return iter(cursor)


def sightings(
    conn: Connection, tenant_id: str, since: Collection[tuple[Pseudonym, datetime, datetime]]
) -> Iterator[tuple[int, datetime, datetime]]:
    """Return (ip_key, latest, when a lead came) of every lead in each (ip_key, earliest, latest).

    In a pipeline they are awaited when the first is taken.
    """
    cursor: Any = conn.execute(
        """
        SELECT wanted.ip_key, wanted.latest, seen.submitted_at
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
            "keys": array(key for key, _, _ in since),
            "earliest": array(earliest for _, earliest, _ in since),
            "latest": array(latest for _, _, latest in since),
            "most": str(SIGHTINGS),
        },
    )
    return iter(cursor)


def decided(
    conn: Connection, tenant_id: str, lead_ids: Sequence[UUID], keys: Sequence[Pseudonym]
) -> Iterator[tuple[UUID, str]]:
    """Return the first action decided of those of *lead_ids* that are stored, by lead.

    And of the leads answered under the idempotency *keys*. In a pipeline they are awaited when
    the first is taken.
    """
    rows: Any = conn.execute(
        """
        SELECT wanted.lead_id, decision.action
        FROM (
            SELECT unnest(%(leads)s::uuid[]) AS lead_id
            UNION
            SELECT answer.lead_id FROM unnest(%(keys)s::bigint[]) AS named (key)
            CROSS JOIN LATERAL (
                SELECT lead_id FROM public.idempotent_answers
                WHERE tenant_id = %(tenant)s AND idempotency_key = named.key LIMIT 1
            ) AS answer
        ) AS wanted
        CROSS JOIN LATERAL (
            SELECT action FROM dedup.decisions
            WHERE tenant_id = %(tenant)s AND lead_id = wanted.lead_id
            ORDER BY decided_at LIMIT 1
        ) AS decision
        """,
        {"tenant": tenant_id, "leads": list(lead_ids), "keys": list(keys)},
    )
    return iter(rows)


def forget(conn: Connection, tenant_id: str, lead_id: UUID) -> Pseudonym | None:
    """Delete what is compared of a lead, so that it can be remembered anew; return its ip_key.

    Its keys go with it, by a trigger; its decisions stay.
    """
    row = conn.execute(
        """
        DELETE FROM dedup.records WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s
        RETURNING ip_key
        """,
        {"tenant": tenant_id, "lead": lead_id},
    ).fetchone()
    return row[0] if row else None


def remember(conn: Connection, tenant_id: str, leads: Sequence[Remembered]) -> None:
    """Store the comparable records of *leads*, their blocking keys, decisions and open reviews."""
    conn.execute(
        """
        WITH new AS MATERIALIZED (
            SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS new (
                lead_id uuid, decision_id uuid, compared text, blocking_keys bigint[],
                ip_key bigint, submitted_at timestamptz, decided_at timestamptz, action text,
                match_probability float8, risk_score float8, compared_with uuid, evidence jsonb,
                model_version text, review_id uuid)
        ), record AS (
            INSERT INTO dedup.records (tenant_id, lead_id, compared, blocking_keys, keys_version,
                                       ip_key, submitted_at)
            SELECT %(tenant)s, lead_id, decode(compared, 'base64'), blocking_keys,
                   %(version)s::smallint, ip_key, submitted_at
            FROM new
        ), block AS (
            INSERT INTO dedup.blocking_keys (tenant_id, blocking_key, lead_id)
            SELECT %(tenant)s, key, lead_id FROM new, unnest(blocking_keys) AS key
        ), decision AS (
            INSERT INTO dedup.decisions (tenant_id, id, lead_id, action, match_probability,
                                         risk_score, compared_with, evidence, model_version,
                                         decided_at)
            SELECT %(tenant)s, decision_id, lead_id, action, match_probability, risk_score,
                   compared_with, evidence, model_version, decided_at
            FROM new
        )
        INSERT INTO dedup.reviews (tenant_id, id, lead_id, decision_id, opened_at)
        SELECT %(tenant)s, review_id, lead_id, decision_id, decided_at
        FROM new WHERE review_id IS NOT NULL
        """,
        {
            "tenant": tenant_id,
            "version": str(KEYS_VERSION),
            "rows": orjson.dumps([_row(lead) for lead in leads]).decode(),
        },
    )


def _row(lead: Remembered) -> dict[str, object]:
    """Return *lead* as one JSON row: one parameter costs less than an array for every column."""
    return dict(zip(_COLUMNS, _columns_of(lead), strict=True)) | {
        "compared": base64_or_none(lead.compared)
    }


_COLUMNS = tuple(each.name for each in fields(Remembered) if each.name != "compared")
_columns_of = attrgetter(*_COLUMNS)
