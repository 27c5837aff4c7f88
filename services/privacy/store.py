"""Every SQL statement of erasing, on a connection it is handed.

What hangs on a lead or a person goes by the tables' own cascades and triggers (migration 0010), so
nothing here lists it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection

from shared.array_text import array
from shared.erasure_ledger import Entry

MOST_KEYS = 500
"""Blocking keys locked around one person, who has about ten; the locks of a server are counted."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a lead is about."""

    subject_id: UUID
    leads: list[UUID]
    """Every lead about them."""


def keys_around(conn: Connection, tenant_id: str, lead_id: UUID) -> list[int]:
    """Return the blocking keys of every record of the person that a lead is about.

    `dedup.person_keys` is what the duplicate check publishes of them.
    """
    rows = conn.execute(
        """
        SELECT DISTINCT near.blocking_key
        FROM public.leads AS own
        JOIN dedup.person_keys AS near
            ON near.tenant_id = %(tenant)s AND near.subject_id = own.subject_id
        WHERE own.tenant_id = %(tenant)s AND own.id = %(lead)s
        LIMIT %(most)s
        """,
        {"tenant": tenant_id, "lead": lead_id, "most": MOST_KEYS},
    )
    return [key for (key,) in rows]


def keys_around_all(conn: Connection, tenant_id: str, lead_ids: Sequence[UUID]) -> list[int]:
    """Return the blocking keys of every record of the people that leads are about."""
    rows = conn.execute(
        """
        SELECT DISTINCT near.blocking_key
        FROM unnest(%(leads)s::uuid[]) AS wanted (id)
        CROSS JOIN LATERAL (
            SELECT subject_id FROM public.leads
            WHERE tenant_id = %(tenant)s AND id BETWEEN wanted.id AND wanted.id
            ORDER BY id LIMIT 1
        ) AS own
        CROSS JOIN LATERAL (
            SELECT id FROM public.leads
            WHERE tenant_id = %(tenant)s AND subject_id BETWEEN own.subject_id AND own.subject_id
            ORDER BY subject_id LIMIT %(most)s
        ) AS lead
        CROSS JOIN LATERAL (
            SELECT blocking_keys FROM dedup.records
            WHERE tenant_id = %(tenant)s AND lead_id BETWEEN lead.id AND lead.id
            ORDER BY lead_id LIMIT 1
        ) AS record
        CROSS JOIN unnest(record.blocking_keys) AS near (blocking_key)
        """,
        {"tenant": tenant_id, "leads": array(lead_ids), "most": str(MOST_KEYS)},
    )
    return [key for (key,) in rows]


def erase_leads(conn: Connection, tenant_id: str, lead_ids: Sequence[UUID]) -> int:
    """Delete leads, and people whom no other lead is about; return how many leads went."""
    rows: Any = conn.execute(
        """
        DELETE FROM public.leads WHERE tenant_id = %(tenant)s AND id = ANY (%(leads)s::uuid[])
        RETURNING subject_id
        """,
        {"tenant": tenant_id, "leads": array(lead_ids)},
    ).fetchall()
    conn.execute(
        "SELECT public.drop_empty_subjects(%(subjects)s::uuid[])",
        {"subjects": array({subject_id for (subject_id,) in rows})},
    )
    return len(rows)


def person(conn: Connection, tenant_id: str, lead_id: UUID) -> Person | None:
    """Return whom a lead is about; None if the lead is not stored."""
    row = conn.execute(
        """
        SELECT own.subject_id, array_agg(lead.id)
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
        GROUP BY own.subject_id
        """,
        {"tenant": tenant_id, "lead": lead_id},
    ).fetchone()
    return Person(*row) if row else None


def erase_lead(conn: Connection, tenant_id: str, lead_id: UUID, subject_id: UUID) -> None:
    """Delete a lead, and its person if no other lead is about them."""
    conn.execute(
        "DELETE FROM public.leads WHERE tenant_id = %(tenant)s AND id = %(lead)s",
        {"tenant": tenant_id, "lead": lead_id},
    )
    conn.execute(
        "SELECT public.drop_empty_subjects(%(subjects)s::uuid[])", {"subjects": [subject_id]}
    )


def erase_person(conn: Connection, tenant_id: str, subject_id: UUID) -> None:
    """Delete a person with every lead about them."""
    conn.execute(
        "DELETE FROM public.subjects WHERE tenant_id = %(tenant)s AND id = %(subject)s",
        {"tenant": tenant_id, "subject": subject_id},
    )


def forget_objections(conn: Connection, keys: Sequence[int]) -> int:
    """Delete what is kept by addresses that objected or withdrew; return how many words went."""
    row = conn.execute(
        "SELECT privacy.forget_objections(%(keys)s::bigint[])", {"keys": array(set(keys))}
    ).fetchone()
    return row[0] if row else 0


def missing(conn: Connection, ids: Sequence[UUID]) -> set[UUID]:
    """Return those of *ids*, of erasures of any account, that this database has not seen."""
    rows = conn.execute("SELECT privacy.missing_erasures(%(ids)s::uuid[])", {"ids": array(ids)})
    return {erasure_id for (erasure_id,) in rows}


def note(conn: Connection, made: Entry, records: int, by: str | None = None) -> None:
    """Write down that an erasure took *records* leads, by whom and when; never of whom.

    Once: an erasure that stands there already stays as it is.
    """
    conn.execute(
        """
        INSERT INTO privacy.erasures (tenant_id, id, erased_at, erased_by, reach, records)
        VALUES (%(tenant)s, %(id)s, %(at)s, %(by)s, %(reach)s, %(records)s)
        ON CONFLICT DO NOTHING
        """,
        {
            "tenant": made.tenant_id,
            "id": made.id,
            "at": made.erased_at,
            "by": by or made.erased_by,
            "reach": made.reach,
            "records": records,
        },
    )
