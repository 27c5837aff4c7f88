"""Events: what happened to a lead, kept in the transaction that made it so (an outbox).

An event that is stored has happened, and what has happened is stored: the row
commits or rolls back with the decision. Delivering it is somebody else's work, later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import orjson
from psycopg import Connection

from shared.frozen import frozen
from shared.ids import uuid7

Name = Literal[
    "lead.created",
    "lead.qualified",
    "lead.converted",
    "lead.late_duplicate",
    "signal.detected",
    "high_score_match",
    "lead_assigned",
    "behavior.changed",
    "review.waiting",
    "consent.withdrawn",
]
"""What can happen to a lead; `late_duplicate` is one that was let through, unchecked or flagged,
and proved to be somebody known; `signal.detected` that what was read tells of a need that was not
known, or more strongly; `high_score_match` that a service fits it well, or better than was told;
`lead_assigned` that it was given to one; `behavior.changed` that its behaviour shows much more
interest than before; `review.waiting` that a person is asked whether it is a duplicate;
`consent.withdrawn` that it agrees no longer, or objects, to some purposes."""

EVER = UUID(int=0)
"""An id before all others."""

KEPT = timedelta(days=90)
"""How long an event is kept: a review that merges a lead looks whether it was told as a new person
(`services/dedup/settling.py`), and reviews are settled within weeks."""

MOST_PURGED = 50_000
"""Events deleted at a time: some seconds of the database's work, far below its limit."""


@frozen
class Event:
    """Something that happened to one lead."""

    name: Name
    lead_id: UUID
    occurred_at: datetime
    data: Mapping[str, object] = field(default_factory=dict)
    """Ids and verdicts; what the lead said about itself never stands here."""
    id: UUID = field(default_factory=uuid7)

    def row(self) -> dict[str, object]:
        """Return the event as a row that JSON can carry."""
        return {
            "id": self.id,
            "event": self.name,
            "lead_id": self.lead_id,
            "data": dict(self.data),
            "occurred_at": self.occurred_at,
        }


def save(conn: Connection, tenant_id: str, events: Sequence[Event]) -> None:
    """Store *events* about leads that are stored, or are stored by this transaction.

    Nothing is fetched, so in a pipeline it costs no round trip.
    """
    conn.execute(
        """
        INSERT INTO public.events (tenant_id, id, event, lead_id, data, occurred_at)
        SELECT %(tenant)s, new.* FROM jsonb_to_recordset(%(rows)s::jsonb) AS new (
            id uuid, event text, lead_id uuid, data jsonb, occurred_at timestamptz)
        """,
        {"tenant": tenant_id, "rows": orjson.dumps([event.row() for event in events]).decode()},
    )


def pending(conn: Connection, tenant_id: str, most: int = 100, since: UUID = EVER) -> list[Event]:
    """Return the oldest events not handed over yet, locked until the transaction ends.

    Those that another transaction is handing over are passed over, and those whose lead is being
    erased. *since* is the first id that matters.
    """
    cursor = conn.execute(
        """
        SELECT told.event, told.lead_id, told.occurred_at, told.data, told.id
        FROM public.events AS told
        JOIN public.leads AS lead ON lead.tenant_id = told.tenant_id AND lead.id = told.lead_id
        WHERE told.tenant_id = %(tenant)s AND told.delivered_at IS NULL AND told.id >= %(since)s
        ORDER BY told.id LIMIT %(most)s
        FOR UPDATE OF told SKIP LOCKED FOR KEY SHARE OF lead SKIP LOCKED
        """,
        {"tenant": tenant_id, "most": most, "since": since},
    )
    return [Event(*row) for row in cursor]


def told(conn: Connection, tenant_id: str, name: Name, lead_ids: Sequence[UUID]) -> set[UUID]:
    """Return those of *lead_ids* to which *name* has happened."""
    rows = conn.execute(
        """
        SELECT lead_id FROM public.events
        WHERE tenant_id = %(tenant)s AND lead_id = ANY (%(leads)s) AND event = %(name)s
        """,
        {"tenant": tenant_id, "leads": list(lead_ids), "name": name},
    )
    return {lead_id for (lead_id,) in rows}


def delivered(conn: Connection, tenant_id: str, ids: Sequence[UUID], now: datetime) -> None:
    """Note that the events *ids* were handed over to whoever subscribed to them."""
    conn.execute(
        """
        UPDATE public.events SET delivered_at = %(now)s
        WHERE tenant_id = %(tenant)s AND id = ANY (%(ids)s) AND delivered_at IS NULL
        """,
        {"tenant": tenant_id, "ids": list(ids), "now": now},
    )


def purge_expired(conn: Connection) -> int:
    """Delete events that are older than KEPT, of all tenants; return how many, MOST_PURGED at most.

    The connection must have named no tenant: the function of migration 0011 looks across them.
    """
    row = conn.execute(
        "SELECT public.purge_events(%(kept)s, %(most)s)", {"kept": KEPT, "most": MOST_PURGED}
    ).fetchone()
    return row[0] if row else 0
