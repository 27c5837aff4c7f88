"""Every SQL statement of erasing, on a connection it is handed.

What hangs on a lead or a person goes by the tables' own cascades and triggers (migration 0010), so
nothing here lists it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import Connection

from shared.ids import uuid7

MOST_KEYS = 500
"""Blocking keys locked around one person, who has about ten; the locks of a server are counted."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a lead is about."""

    subject_id: UUID
    records: int
    """How many leads are about them."""


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


def person(conn: Connection, tenant_id: str, lead_id: UUID) -> Person | None:
    """Return whom a lead is about; None if the lead is not stored."""
    row = conn.execute(
        """
        SELECT own.subject_id, count(*)
        FROM public.leads AS own
        JOIN public.leads AS lead
            ON lead.tenant_id = %(tenant)s AND lead.subject_id = own.subject_id
        WHERE own.tenant_id = %(tenant)s AND own.id = %(lead)s
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


def note(
    conn: Connection, tenant_id: str, reach: str, records: int, by: str, now: datetime
) -> None:
    """Write down that *records* leads were erased, by whom and when; never of whom."""
    conn.execute(
        """
        INSERT INTO privacy.erasures (tenant_id, id, erased_at, erased_by, reach, records)
        VALUES (%(tenant)s, %(id)s, %(now)s, %(by)s, %(reach)s, %(records)s)
        """,
        {
            "tenant": tenant_id,
            "id": uuid7(),
            "now": now,
            "by": by,
            "reach": reach,
            "records": records,
        },
    )
