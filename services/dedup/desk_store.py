"""What the desk reads: decisions as they were stored, and reviews with both of their leads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from services.dedup.scan import review_filter_store


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision, as it was taken then."""

    id: UUID
    lead_id: UUID
    action: str
    match_probability: float
    risk_score: float
    compared_with: UUID | None
    """The likeliest known lead; it may have been erased since."""
    evidence: Mapping[str, Any]
    """JSON: prior, comparison levels with their weights, risk factors."""
    model_version: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class StoredLead:
    """One lead as it is stored."""

    id: UUID
    source_id: str
    status: str
    submitted_at: datetime
    duplicate_of: UUID | None
    fields: Mapping[str, str]
    sealed: bytes | None


@dataclass(frozen=True, slots=True)
class Review:
    """A flagged lead that a person looks at, or has looked at."""

    id: UUID
    opened_at: datetime
    judgement: str | None
    judged_at: datetime | None
    judged_by: str | None
    decided: Decided
    lead: StoredLead
    known: StoredLead | None
    """The known lead that it may be a duplicate of; None if there is none, or no more."""
    scan_id: UUID | None
    """The scan that opened it; None: a check did."""
    group_id: UUID | None
    """What scans found to be looked at together with it."""

    @property
    def settled(self) -> bool:
        """True if a person has decided; who is unsure has not."""
        return self.judgement in SETTLED


@dataclass(frozen=True, slots=True)
class Judgement:
    """One entry of the audit."""

    id: UUID
    judgement: str
    judged_by: str
    judged_at: datetime
    reason: bytes | None
    """Sealed."""


SETTLED = ("duplicate", "different")
"""Judgements that settle a review."""


def decision(conn: Connection, tenant_id: str, decision_id: UUID) -> Decided | None:
    """Return one decision."""
    row = conn.execute(
        """
        SELECT id, lead_id, action, match_probability, risk_score, compared_with, evidence,
               model_version, decided_at
        FROM dedup.decisions WHERE tenant_id = %(tenant)s AND id = %(decision)s
        """,
        {"tenant": tenant_id, "decision": decision_id},
    ).fetchone()
    return Decided(*row) if row else None


def page(
    conn: Connection,
    tenant_id: str,
    status: str,
    after: UUID | None,
    most: int,
    scan_id: UUID | None = None,
    group_id: UUID | None = None,
) -> list[Review]:
    """Return the oldest *most* reviews that came after *after*: `open`, `settled` or `all`.

    Of one scan, or one group of leads, where they are named.
    """
    asked = {"tenant": tenant_id, "after": after or UUID(int=0), "most": most}
    if scan_id or group_id:
        ids = review_filter_store.page(conn, asked | {"status": status}, scan_id, group_id)
    else:
        ids = [review_id for (review_id,) in conn.execute(_PAGES[status], asked)]
    return list(_reviews(conn, tenant_id, ids))


def review(conn: Connection, tenant_id: str, review_id: UUID) -> Review | None:
    """Return one review."""
    return next(_reviews(conn, tenant_id, [review_id]), None)


def _reviews(conn: Connection, tenant_id: str, ids: Sequence[UUID]) -> Iterator[Review]:
    """Yield the reviews *ids*, oldest first."""
    rows: Any = conn.execute(
        """
        SELECT review.id, review.opened_at, review.judgement, review.judged_at, review.judged_by,
               decision.id, decision.lead_id, decision.action, decision.match_probability,
               decision.risk_score, decision.compared_with, decision.evidence,
               decision.model_version, decision.decided_at,
               lead.id, lead.source_id, lead.status, lead.submitted_at, lead.duplicate_of,
               lead.fields, lead.sealed,
               known.id, known.source_id, known.status, known.submitted_at, known.duplicate_of,
               known.fields, known.sealed, review.scan_id, member.group_id
        FROM unnest(%(ids)s::uuid[]) AS wanted (id)
        CROSS JOIN LATERAL (
            SELECT * FROM dedup.reviews
            WHERE tenant_id = %(tenant)s AND id BETWEEN wanted.id AND wanted.id
            ORDER BY id LIMIT 1
        ) AS review
        CROSS JOIN LATERAL (
            SELECT * FROM dedup.decisions
            WHERE tenant_id = %(tenant)s
              AND id BETWEEN review.decision_id AND review.decision_id
            ORDER BY id LIMIT 1
        ) AS decision
        CROSS JOIN LATERAL (
            SELECT * FROM public.leads
            WHERE tenant_id = %(tenant)s AND id BETWEEN review.lead_id AND review.lead_id
            ORDER BY id LIMIT 1
        ) AS lead
        LEFT JOIN LATERAL (
            SELECT * FROM public.leads
            WHERE tenant_id = %(tenant)s
              AND id BETWEEN decision.compared_with AND decision.compared_with
            ORDER BY id LIMIT 1
        ) AS known ON true
        LEFT JOIN LATERAL (
            SELECT group_id FROM dedup.scan_members
            WHERE tenant_id = %(tenant)s AND lead_id BETWEEN review.lead_id AND review.lead_id
            ORDER BY lead_id LIMIT 1
        ) AS member ON true
        ORDER BY review.id
        """,
        {"tenant": tenant_id, "ids": list(ids)},
    )
    yield from map(_review, rows)


def _review(row: Any) -> Review:
    review_id, opened_at, judgement, judged_at, judged_by = row[:5]
    said = review_id, opened_at, judgement, judged_at, judged_by
    decided, lead = Decided(*row[5:14]), StoredLead(*row[14:21])
    known = StoredLead(*row[21:28]) if row[21] else None
    scan_id, group_id = row[28:]
    return Review(*said, decided, lead, known, scan_id, group_id)


def history(conn: Connection, tenant_id: str, review_id: UUID) -> list[Judgement]:
    """Return what was judged in one review, oldest first."""
    rows = conn.execute(
        """
        SELECT id, judgement, judged_by, judged_at, reason FROM dedup.judgements
        WHERE tenant_id = %(tenant)s AND review_id = %(review)s
        ORDER BY id
        """,
        {"tenant": tenant_id, "review": review_id},
    )
    return [Judgement(*row) for row in rows]


_PAGES = {
    "open": """
        SELECT id FROM dedup.reviews
        WHERE tenant_id = %(tenant)s AND id > %(after)s
          AND (judgement IS NULL OR judgement = 'unsure')
        ORDER BY id LIMIT %(most)s
        """,
    "settled": """
        SELECT id FROM dedup.reviews
        WHERE tenant_id = %(tenant)s AND id > %(after)s
          AND judgement IN ('duplicate', 'different')
        ORDER BY id LIMIT %(most)s
        """,
    "all": """
        SELECT id FROM dedup.reviews
        WHERE tenant_id = %(tenant)s AND id > %(after)s
        ORDER BY id LIMIT %(most)s
        """,
}
"""A statement each: every one is a walk along an index of its own."""

STATUSES = tuple(_PAGES)
"""Which reviews may be asked for."""
