"""What settling a review writes: the judgement, its audit, its label, and how to undo its merge."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import Connection

from shared.clusters import Belonging
from shared.privacy.gate import Sealed

MOST_KEYS = 500
"""Blocking keys locked around one person, who has about ten; the locks of a server are counted."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a person said of a review."""

    id: UUID
    judgement: str
    """`duplicate`, `different`, `unsure` or `reopened`."""
    judged_by: str
    judged_at: datetime
    reason: Sealed | None


def keys_around(conn: Connection, tenant_id: str, lead_id: UUID) -> list[int]:
    """Return the blocking keys of every record of the person that a lead is about."""
    rows = conn.execute(
        """
        SELECT DISTINCT key
        FROM (
            SELECT subject_id FROM public.leads
            WHERE tenant_id = %(tenant)s AND id BETWEEN %(lead)s AND %(lead)s
            ORDER BY id LIMIT 1
        ) AS own
        CROSS JOIN LATERAL (
            SELECT id FROM public.leads
            WHERE tenant_id = %(tenant)s AND subject_id BETWEEN own.subject_id AND own.subject_id
            ORDER BY subject_id
        ) AS lead
        CROSS JOIN LATERAL (
            SELECT blocking_keys FROM dedup.records
            WHERE tenant_id = %(tenant)s AND lead_id BETWEEN lead.id AND lead.id
            ORDER BY lead_id LIMIT 1
        ) AS record
        CROSS JOIN unnest(record.blocking_keys) AS key
        LIMIT %(most)s
        """,
        {"tenant": tenant_id, "lead": lead_id, "most": MOST_KEYS},
    )
    return [key for (key,) in rows]


def person(conn: Connection, tenant_id: str, lead_id: UUID) -> tuple[UUID, UUID] | None:
    """Return whom a lead is about, and that person's first lead; not to be erased meanwhile."""
    row = conn.execute(
        """
        SELECT lead.subject_id, coalesce(lead.duplicate_of, lead.id)
        FROM public.leads AS lead
        JOIN public.subjects AS subject
            ON subject.tenant_id = %(tenant)s AND subject.id = lead.subject_id
        WHERE lead.tenant_id = %(tenant)s AND lead.id = %(lead)s
        FOR KEY SHARE OF subject
        """,
        {"tenant": tenant_id, "lead": lead_id},
    ).fetchone()
    return (row[0], row[1]) if row else None


def judge(conn: Connection, tenant_id: str, review_id: UUID, judged: Judged) -> None:
    """Set the review to what was judged, and add it to the audit."""
    conn.execute(
        """
        WITH entry AS (
            INSERT INTO dedup.judgements (tenant_id, id, review_id, lead_id, judgement, judged_by,
                                          reason, judged_at)
            SELECT %(tenant)s, %(id)s, id, lead_id, %(judgement)s, %(by)s, %(reason)s, %(at)s
            FROM dedup.reviews WHERE tenant_id = %(tenant)s AND id = %(review)s
        )
        UPDATE dedup.reviews
        SET judgement = nullif(%(judgement)s, 'reopened'),
            judged_by = CASE WHEN %(judgement)s <> 'reopened' THEN %(by)s END,
            judged_at = CASE WHEN %(judgement)s <> 'reopened' THEN %(at)s END
        WHERE tenant_id = %(tenant)s AND id = %(review)s
        """,
        {
            "tenant": tenant_id,
            "review": review_id,
            "id": judged.id,
            "judgement": judged.judgement,
            "by": judged.judged_by,
            "reason": judged.reason,
            "at": judged.judged_at,
        },
    )


def label(conn: Connection, tenant_id: str, review_id: UUID, same: bool, now: datetime) -> None:
    """Keep the pair that was judged, and what was compared of it; nothing without a pair."""
    conn.execute(
        """
        INSERT INTO dedup.labels (tenant_id, review_id, lead_id, known_lead_id, same_person,
                                  levels, model_version, labelled_at)
        SELECT %(tenant)s, review.id, review.lead_id, known.id, %(same)s,
               decision.evidence -> 'levels', decision.model_version, %(now)s
        FROM dedup.reviews AS review
        CROSS JOIN LATERAL (
            SELECT * FROM dedup.decisions
            WHERE tenant_id = %(tenant)s
              AND id BETWEEN review.decision_id AND review.decision_id
            ORDER BY id LIMIT 1
        ) AS decision
        CROSS JOIN LATERAL (
            SELECT id FROM public.leads
            WHERE tenant_id = %(tenant)s
              AND id BETWEEN decision.compared_with AND decision.compared_with
            ORDER BY id LIMIT 1
        ) AS known
        WHERE review.tenant_id = %(tenant)s AND review.id = %(review)s
        """,
        {"tenant": tenant_id, "review": review_id, "same": same, "now": now},
    )


def unlabel(conn: Connection, tenant_id: str, review_id: UUID) -> None:
    """Forget what was judged of the pair."""
    conn.execute(
        "DELETE FROM dedup.labels WHERE tenant_id = %(tenant)s AND review_id = %(review)s",
        {"tenant": tenant_id, "review": review_id},
    )


def note_merge(
    conn: Connection, tenant_id: str, review_id: UUID, moved: Sequence[Belonging]
) -> None:
    """Remember whose records the leads were that a review merged."""
    conn.execute(
        """
        INSERT INTO dedup.merged_leads (tenant_id, review_id, lead_id, subject_id, duplicate_of)
        SELECT %(tenant)s, %(review)s, moved.*
        FROM unnest(%(leads)s::uuid[], %(subjects)s::uuid[], %(originals)s::uuid[]) AS moved
        """,
        {
            "tenant": tenant_id,
            "review": review_id,
            "leads": [one.lead_id for one in moved],
            "subjects": [one.subject_id for one in moved],
            "originals": [one.duplicate_of for one in moved],
        },
    )


def returning(conn: Connection, tenant_id: str, review_id: UUID) -> list[Belonging]:
    """Return whose records the leads become again when a review's merge is undone.

    They are those it moved, where nobody has taken them out of the person since, and those that
    came later because they were like one of them: what was likest to a lead goes where it goes.
    """
    rows = conn.execute(
        _RETURNING,
        {"tenant": tenant_id, "review": review_id},
    )
    return [Belonging(*row) for row in rows]


def forget_merge(conn: Connection, tenant_id: str, review_id: UUID) -> None:
    """Drop what was kept to undo a review's merge."""
    conn.execute(
        "DELETE FROM dedup.merged_leads WHERE tenant_id = %(tenant)s AND review_id = %(review)s",
        {"tenant": tenant_id, "review": review_id},
    )


_RETURNING = """
    WITH RECURSIVE merge AS MATERIALIZED (
        SELECT review.lead_id AS id, own.subject_id AS joint, merged.subject_id,
               coalesce(merged.duplicate_of, merged.lead_id) AS original
        FROM dedup.reviews AS review
        JOIN public.leads AS own ON own.tenant_id = %(tenant)s AND own.id = review.lead_id
        JOIN dedup.merged_leads AS merged
            ON merged.tenant_id = %(tenant)s AND merged.review_id = review.id
            AND merged.lead_id = review.lead_id
        WHERE review.tenant_id = %(tenant)s AND review.id = %(review)s
    ), record AS MATERIALIZED (
        SELECT lead.id, latest.compared_with
        FROM merge CROSS JOIN LATERAL (
            SELECT id FROM public.leads
            WHERE tenant_id = %(tenant)s AND subject_id BETWEEN merge.joint AND merge.joint
            ORDER BY subject_id
        ) AS lead
        LEFT JOIN LATERAL (
            SELECT compared_with FROM dedup.decisions
            WHERE tenant_id = %(tenant)s AND lead_id = lead.id
            ORDER BY decided_at DESC LIMIT 1
        ) AS latest ON true
    ), leaving AS (
        SELECT record.id FROM record JOIN dedup.merged_leads AS merged
            ON merged.tenant_id = %(tenant)s AND merged.review_id = %(review)s
            AND merged.lead_id = record.id
        UNION
        SELECT record.id FROM leaving JOIN record ON record.compared_with = leaving.id
    )
    SELECT leaving.id, coalesce(merged.subject_id, merge.subject_id),
           CASE WHEN merged.lead_id IS NULL THEN merge.original ELSE merged.duplicate_of END
    FROM merge CROSS JOIN leaving
    LEFT JOIN dedup.merged_leads AS merged
        ON merged.tenant_id = %(tenant)s AND merged.review_id = %(review)s
        AND merged.lead_id = leaving.id
    """
