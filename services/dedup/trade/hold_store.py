"""The SQL of holds, on a connection it is handed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import Connection

from services.dedup.review_store import MOST_KEYS

MOST_LEADS = 50
"""Newest leads of the person whose keys are locked: the same ten keys again and again."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A hold as it is stored."""

    hold_id: UUID
    lead_id: UUID
    buyer_id: str
    campaign_id: str
    state: str
    """One of `deal.STATES`."""
    held_until: datetime
    settled_at: datetime | None


def find(conn: Connection, tenant_id: str, hold_id: UUID) -> Kept | None:
    """Return one hold."""
    row = conn.execute(
        """
        SELECT hold_id, lead_id, buyer_id, campaign_id, state, held_until, settled_at
        FROM dedup.deals WHERE tenant_id = %(tenant)s AND hold_id = %(hold)s
        """,
        {"tenant": tenant_id, "hold": hold_id},
    ).fetchone()
    return Kept(*row) if row else None


def lock(conn: Connection, tenant_id: str, hold_id: UUID) -> None:
    """Let nobody else change the deal of one hold until the transaction ends."""
    conn.execute(
        """
        SELECT FROM dedup.deals
        WHERE tenant_id = %(tenant)s AND hold_id = %(hold)s FOR UPDATE
        """,
        {"tenant": tenant_id, "hold": hold_id},
    )


def keys_around(conn: Connection, tenant_id: str, lead_id: UUID) -> list[int]:
    """Return the blocking keys of a lead, and of its person's newest ones."""
    rows = conn.execute(
        """
        SELECT DISTINCT key
        FROM (
            SELECT subject_id FROM public.leads
            WHERE tenant_id = %(tenant)s AND id = %(lead)s LIMIT 1
        ) AS own
        CROSS JOIN LATERAL (
            SELECT %(lead)s::uuid AS id
            UNION ALL
            (SELECT id FROM public.leads
             WHERE tenant_id = %(tenant)s AND subject_id = own.subject_id
             ORDER BY id DESC LIMIT %(leads)s)
        ) AS lead
        CROSS JOIN LATERAL (
            SELECT blocking_keys FROM dedup.records
            WHERE tenant_id = %(tenant)s AND lead_id = lead.id LIMIT 1
        ) AS record
        CROSS JOIN LATERAL unnest(record.blocking_keys) AS key
        LIMIT %(most)s
        """,
        {"tenant": tenant_id, "lead": lead_id, "leads": MOST_LEADS, "most": MOST_KEYS},
    )
    return [key for (key,) in rows]


def settle(conn: Connection, tenant_id: str, hold_id: UUID, state: str, now: datetime) -> None:
    """Note what became of a hold."""
    conn.execute(
        """
        UPDATE dedup.deals SET state = %(state)s, settled_at = %(now)s
        WHERE tenant_id = %(tenant)s AND hold_id = %(hold)s
        """,
        {"tenant": tenant_id, "hold": hold_id, "state": state, "now": now},
    )
