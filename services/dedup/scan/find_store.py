"""The SQL of what scans find: who belongs together, what was asked before, and new reviews."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection

from services.dedup.scan.belonging import Member
from shared.array_text import array
from shared.privacy.gate import Permit


@dataclass(frozen=True, slots=True)
class Find:
    """A lead that may be of a person we know, and why."""

    review_id: UUID
    decision_id: UUID
    lead_id: UUID
    known_id: UUID
    """The likeliest lead of that person."""
    probability: float
    evidence: object
    """JSON: comparison levels and weights; no values of the leads."""
    model_version: str


def members(conn: Connection[Any], tenant_id: str, ids: Collection[UUID]) -> dict[UUID, Member]:
    """Return those of the leads *ids* that belong to a group."""
    rows: Any = conn.execute(
        """
        SELECT wanted.id, member.group_id, member.as_lead, joined.subject_id, member.review_id
        FROM unnest(%(ids)s::uuid[]) AS wanted (id)
        CROSS JOIN LATERAL (
            SELECT * FROM dedup.scan_members
            WHERE tenant_id = %(tenant)s AND lead_id BETWEEN wanted.id AND wanted.id
            ORDER BY lead_id LIMIT 1
        ) AS member
        LEFT JOIN LATERAL (
            SELECT root.subject_id FROM dedup.reviews AS review
            JOIN public.leads AS root
                ON root.tenant_id = %(tenant)s AND root.id = member.as_lead
            WHERE review.tenant_id = %(tenant)s AND review.id = member.review_id
              AND (review.judgement IS NULL OR review.judgement = 'unsure')
            LIMIT 1
        ) AS joined ON true
        """,
        {"tenant": tenant_id, "ids": array(ids)},
    )
    return {row[0]: Member._make(row[1:]) for row in rows}


def asked(
    conn: Connection[Any], tenant_id: str, subjects: Collection[UUID]
) -> set[frozenset[UUID]]:
    """Return the pairs of people about whom somebody was asked, of one of *subjects* each.

    Whoever opened the review, and whatever was said since. Of a pair it is the flagged lead's
    person who must be among them.
    """
    rows: Any = conn.execute(
        """
        SELECT wanted.id, known.subject_id
        FROM unnest(%(subjects)s::uuid[]) AS wanted (id)
        CROSS JOIN LATERAL (
            SELECT id FROM public.leads
            WHERE tenant_id = %(tenant)s AND subject_id BETWEEN wanted.id AND wanted.id
            ORDER BY subject_id
        ) AS lead
        CROSS JOIN LATERAL (
            SELECT decision_id FROM dedup.reviews
            WHERE tenant_id = %(tenant)s AND lead_id BETWEEN lead.id AND lead.id
            ORDER BY lead_id
        ) AS review
        CROSS JOIN LATERAL (
            SELECT compared_with FROM dedup.decisions
            WHERE tenant_id = %(tenant)s
              AND id BETWEEN review.decision_id AND review.decision_id
            ORDER BY id LIMIT 1
        ) AS decision
        CROSS JOIN LATERAL (
            SELECT subject_id FROM public.leads
            WHERE tenant_id = %(tenant)s
              AND id BETWEEN decision.compared_with AND decision.compared_with
            ORDER BY id LIMIT 1
        ) AS known
        """,
        {"tenant": tenant_id, "subjects": array(subjects)},
    )
    return {frozenset(row) for row in rows}


def open_reviews(
    conn: Connection[Any], permit: Permit, scan_id: UUID, finds: Sequence[Find], now: datetime
) -> int:
    """Store *finds* as reviews; return how many.

    Without those whose leads were erased or have become one person's meanwhile. The last action
    of a check stands: nobody's lead is held because somebody looks at it again.
    """
    rows = conn.execute(
        """
        WITH new AS MATERIALIZED (
            SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS new (
                review_id uuid, decision_id uuid, lead_id uuid, known_id uuid,
                probability float8, evidence jsonb, model_version text)
        ), there AS MATERIALIZED (
            SELECT lead.id, lead.subject_id FROM public.leads AS lead
            WHERE lead.tenant_id = %(tenant)s AND lead.id = ANY (%(ids)s::uuid[])
            ORDER BY lead.id FOR KEY SHARE SKIP LOCKED
        ), pair AS MATERIALIZED (
            SELECT new.*, latest.action FROM new
            JOIN there AS own ON own.id = new.lead_id
            JOIN there AS known
                ON known.id = new.known_id AND known.subject_id <> own.subject_id
            LEFT JOIN LATERAL (
                SELECT action FROM dedup.decisions
                WHERE tenant_id = %(tenant)s AND lead_id = new.lead_id
                ORDER BY decided_at DESC, id DESC LIMIT 1
            ) AS latest ON true
        ), decision AS (
            INSERT INTO dedup.decisions (tenant_id, id, lead_id, action, match_probability,
                                         risk_score, compared_with, evidence, model_version,
                                         decided_at)
            SELECT %(tenant)s, decision_id, lead_id, coalesce(action, 'allow_processing'),
                   probability, 0, known_id, evidence, model_version, %(now)s
            FROM pair
        )
        INSERT INTO dedup.reviews (tenant_id, id, lead_id, decision_id, opened_at, scan_id)
        SELECT %(tenant)s, review_id, lead_id, decision_id, %(now)s, %(scan)s FROM pair
        RETURNING id
        """,
        {"tenant": permit.tenant_id, "scan": scan_id, "now": now, **_rows(finds)},
    ).fetchall()
    return len(rows)


def _rows(finds: Sequence[Find]) -> dict[str, object]:
    ids = {lead_id for one in finds for lead_id in (one.lead_id, one.known_id)}
    return {"rows": orjson.dumps(finds).decode(), "ids": array(ids)}


def regroup(conn: Connection[Any], tenant_id: str, former: UUID, group_id: UUID) -> None:
    """Make the leads of the group *former* members of another."""
    conn.execute(
        """
        UPDATE dedup.scan_members SET group_id = %(group)s
        WHERE tenant_id = %(tenant)s AND group_id = %(former)s
        """,
        {"tenant": tenant_id, "former": former, "group": group_id},
    )


def join(conn: Connection[Any], tenant_id: str, joining: Mapping[UUID, Member]) -> None:
    """Store who belongs to which group; who was erased meanwhile is left out."""
    conn.execute(
        """
        INSERT INTO dedup.scan_members AS known (tenant_id, lead_id, group_id, as_lead, review_id)
        SELECT %(tenant)s, new.lead_id, new.group_id, new.as_lead, new.review_id
        FROM unnest(%(leads)s::uuid[], %(groups)s::uuid[], %(as)s::uuid[], %(reviews)s::uuid[])
            AS new (lead_id, group_id, as_lead, review_id)
        JOIN (
            SELECT id FROM public.leads
            WHERE tenant_id = %(tenant)s AND id = ANY (%(leads)s::uuid[])
            ORDER BY id FOR KEY SHARE SKIP LOCKED
        ) AS lead ON lead.id = new.lead_id
        ON CONFLICT (tenant_id, lead_id) DO UPDATE
        SET group_id = excluded.group_id, as_lead = excluded.as_lead,
            review_id = excluded.review_id
        """,
        {
            "tenant": tenant_id,
            "leads": list(joining),
            "groups": [one.group_id for one in joining.values()],
            "as": [one.as_lead for one in joining.values()],
            "reviews": [one.review_id for one in joining.values()],
        },
    )


def mark(conn: Connection[Any], tenant_id: str, ids: Sequence[UUID]) -> None:
    """Note that leads which no check compared with anybody have been scanned."""
    conn.execute(
        """
        INSERT INTO dedup.scanned_leads (tenant_id, lead_id)
        SELECT %(tenant)s, lead.id
        FROM (
            SELECT id FROM public.leads
            WHERE tenant_id = %(tenant)s AND id = ANY (%(ids)s::uuid[])
            ORDER BY id FOR KEY SHARE SKIP LOCKED
        ) AS lead
        ON CONFLICT DO NOTHING
        """,
        {"tenant": tenant_id, "ids": list(ids)},
    )
