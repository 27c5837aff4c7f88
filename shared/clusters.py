"""Clusters: which leads are records of one person, and how two people become one, and two again.

A merge is one UPDATE of `subject_id`, and so is its undoing (contract: a merge that cannot be
undone is a fault). Erasing the person erases every record joined to it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection

from shared.privacy.gate import Gate, Permit


@dataclass(frozen=True, slots=True)
class Belonging:
    """Whose record a lead is."""

    lead_id: UUID
    subject_id: UUID
    duplicate_of: UUID | None
    """The first lead of this person; None if it is this one."""


def turn(gate: Gate, tenant_id: str) -> int:
    """Return the key that is held by whoever moves or erases records that have a person."""
    return gate.keyring.pseudonym(tenant_id, "clerical review", "")


def join(
    conn: Connection, permit: Permit, lead_id: UUID, subject_id: UUID, original: UUID
) -> list[Belonging]:
    """Make a lead, and every record of the person it stood for, records of *subject_id*.

    *original* is that person's first lead. Returns whose records they were. The subject that
    nothing is about any more goes; it is locked first, for a lead that is being stored as its
    record at this moment would go with it, unseen.
    """
    said = {
        "tenant": permit.tenant_id,
        "lead": lead_id,
        "subject": subject_id,
        "original": original,
    }
    conn.execute(
        """
        SELECT FROM public.subjects WHERE tenant_id = %(tenant)s AND id = (
            SELECT subject_id FROM public.leads WHERE tenant_id = %(tenant)s AND id = %(lead)s)
        FOR UPDATE
        """,
        said,
    )
    moved = conn.execute(
        """
        UPDATE public.leads AS lead SET subject_id = %(subject)s, duplicate_of = %(original)s
        FROM (
            SELECT id, subject_id, duplicate_of FROM public.leads
            WHERE tenant_id = %(tenant)s AND subject_id = (
                SELECT subject_id FROM public.leads
                WHERE tenant_id = %(tenant)s AND id = %(lead)s AND subject_id <> %(subject)s)
        ) AS former
        WHERE lead.tenant_id = %(tenant)s AND lead.id = former.id
        RETURNING former.id, former.subject_id, former.duplicate_of
        """,
        said,
    ).fetchall()
    _drop_empty(conn, {row[1] for row in moved})
    return [Belonging(*row) for row in moved]


def part(conn: Connection, permit: Permit, belongings: Sequence[Belonging]) -> None:
    """Make leads records of the people they are said to be: what undoes `join`.

    A subject that is gone comes back, as old as the first of its leads; one that no lead is about
    any more goes.
    """
    said: dict[str, Any] = {
        "tenant": permit.tenant_id,
        "leads": [one.lead_id for one in belongings],
        "subjects": [one.subject_id for one in belongings],
        "originals": [one.duplicate_of for one in belongings],
    }
    conn.execute(
        """
        INSERT INTO public.subjects (tenant_id, id, created_at)
        SELECT %(tenant)s, wanted.subject_id, min(lead.received_at)
        FROM unnest(%(leads)s::uuid[], %(subjects)s::uuid[]) AS wanted (lead_id, subject_id)
        CROSS JOIN LATERAL (
            SELECT received_at FROM public.leads
            WHERE tenant_id = %(tenant)s AND id BETWEEN wanted.lead_id AND wanted.lead_id
            ORDER BY id LIMIT 1
        ) AS lead
        GROUP BY wanted.subject_id
        ON CONFLICT DO NOTHING
        """,
        said,
    )
    left = conn.execute(
        """
        UPDATE public.leads AS lead
        SET subject_id = wanted.subject_id, duplicate_of = wanted.duplicate_of
        FROM unnest(%(leads)s::uuid[], %(subjects)s::uuid[], %(originals)s::uuid[])
            AS wanted (lead_id, subject_id, duplicate_of)
        JOIN public.leads AS former
            ON former.tenant_id = %(tenant)s AND former.id = wanted.lead_id
        WHERE lead.tenant_id = %(tenant)s AND lead.id = wanted.lead_id
        RETURNING former.subject_id
        """,
        said,
    ).fetchall()
    _drop_empty(conn, {row[0] for row in left})


def _drop_empty(conn: Connection, subjects: Collection[UUID]) -> None:
    """Drop those of *subjects* that no lead is about any more."""
    conn.execute(
        "SELECT public.drop_empty_subjects(%(subjects)s::uuid[])", {"subjects": list(subjects)}
    )
