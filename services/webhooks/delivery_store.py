"""The SQL of deliveries, on a connection it is handed: which event is on its way where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import orjson
from psycopg import Connection
from psycopg.rows import class_row

from services.webhooks.attempt import Outcome
from services.webhooks.endpoint import Endpoint
from shared.events import Event

Status = Literal["pending", "delivered", "failed", "dropped"]
"""`failed`: tried for the last time. `dropped`: the endpoint was deactivated first; until its turn
comes, such a delivery is still stored as pending."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to one endpoint."""

    event_id: UUID
    event: str
    lead_id: UUID
    status: Status
    attempts: int
    answered: int | None
    failure: str | None
    created_at: datetime
    next_try_at: datetime | None
    ended_at: datetime | None

    def answer(self, endpoint: Endpoint) -> dict[str, Any]:
        """Return it in the words of the API; *endpoint* is where it goes."""
        dropped = self.status == "pending" and not endpoint.hears(self.created_at)
        return {
            "event_id": self.event_id,
            "event": self.event,
            "lead_id": self.lead_id,
            "status": "dropped" if dropped else self.status,
            "attempts": self.attempts,
            "last_status": self.answered,
            "last_error": self.failure,
            "created_at": self.created_at,
            "next_try_at": None if dropped else self.next_try_at,
            "ended_at": self.ended_at,
        }


def save(
    conn: Connection, tenant_id: str, pairs: Sequence[tuple[UUID, Event]], now: datetime
) -> None:
    """Store that each event is on its way to its endpoint; nothing is fetched."""
    rows = [
        {
            "endpoint_id": endpoint_id,
            "event_id": event.id,
            "lead_id": event.lead_id,
            "event": event.name,
        }
        for endpoint_id, event in pairs
    ]
    conn.execute(
        """
        INSERT INTO webhooks.deliveries (tenant_id, endpoint_id, event_id, lead_id, event, status,
                                         created_at, next_try_at)
        SELECT %(tenant)s, new.*, 'pending', %(now)s, %(now)s
        FROM jsonb_to_recordset(%(rows)s::jsonb) AS new (
            endpoint_id uuid, event_id uuid, lead_id uuid, event text)
        """,
        {"tenant": tenant_id, "rows": orjson.dumps(rows).decode(), "now": now},
    )


def waiting(
    conn: Connection, tenant_id: str, endpoint_id: UUID, event_id: UUID
) -> tuple[Event, datetime] | None:
    """Return the event if it is still on its way to that endpoint, and since when it is."""
    row = conn.execute(
        """
        SELECT told.event, told.lead_id, told.occurred_at, told.data, told.id, delivery.created_at
        FROM webhooks.deliveries AS delivery
        JOIN public.events AS told ON told.tenant_id = delivery.tenant_id
            AND told.lead_id = delivery.lead_id AND told.id = delivery.event_id
        WHERE delivery.tenant_id = %(tenant)s AND delivery.endpoint_id = %(endpoint)s
          AND delivery.event_id = %(event)s AND delivery.status IN ('pending', 'failed')
        """,
        {"tenant": tenant_id, "endpoint": endpoint_id, "event": event_id},
    ).fetchone()
    return (Event(*row[:-1]), row[-1]) if row else None


def drop(
    conn: Connection, tenant_id: str, endpoint_id: UUID, event_id: UUID, now: datetime
) -> None:
    """Note that an endpoint is not told of an event after all."""
    conn.execute(
        """
        UPDATE webhooks.deliveries
        SET status = 'dropped', ended_at = %(now)s, next_try_at = NULL
        WHERE tenant_id = %(tenant)s AND endpoint_id = %(endpoint)s AND event_id = %(event)s
          AND status = 'pending'
        """,
        {"tenant": tenant_id, "endpoint": endpoint_id, "event": event_id, "now": now},
    )


def note(
    conn: Connection,
    tenant_id: str,
    endpoint_id: UUID,
    event_id: UUID,
    outcome: Outcome,
    status: Status,
    now: datetime,
    next_try_at: datetime | None = None,
) -> None:
    """Store what one attempt came to."""
    conn.execute(
        """
        UPDATE webhooks.deliveries
        SET attempts = attempts + 1, answered = %(answered)s, failure = %(failure)s,
            status = %(status)s, next_try_at = %(next)s,
            ended_at = CASE WHEN %(status)s <> 'pending' THEN %(now)s::timestamptz END
        WHERE tenant_id = %(tenant)s AND endpoint_id = %(endpoint)s AND event_id = %(event)s
        """,
        {
            "tenant": tenant_id,
            "endpoint": endpoint_id,
            "event": event_id,
            "answered": outcome.answered,
            "failure": outcome.failure,
            "status": status,
            "next": next_try_at,
            "now": now,
        },
    )


def postpone(
    conn: Connection, tenant_id: str, endpoint_id: UUID, event_id: UUID, until: datetime
) -> None:
    """Note that an event is not sent before *until*: its endpoint is being spared."""
    conn.execute(
        """
        UPDATE webhooks.deliveries SET next_try_at = %(until)s
        WHERE tenant_id = %(tenant)s AND endpoint_id = %(endpoint)s AND event_id = %(event)s
        """,
        {"tenant": tenant_id, "endpoint": endpoint_id, "event": event_id, "until": until},
    )


def page(
    conn: Connection, tenant_id: str, endpoint_id: UUID, before: UUID, most: int
) -> list[Delivery]:
    """Return up to *most* deliveries to an endpoint, newest event first, from *before* that one."""
    with conn.cursor(row_factory=class_row(Delivery)) as cursor:
        return cursor.execute(
            """
            SELECT event_id, event, lead_id, status, attempts, answered, failure, created_at,
                   next_try_at, ended_at
            FROM webhooks.deliveries
            WHERE tenant_id = %(tenant)s AND endpoint_id = %(endpoint)s
              AND event_id < %(before)s
            ORDER BY event_id DESC LIMIT %(most)s
            """,
            {"tenant": tenant_id, "endpoint": endpoint_id, "before": before, "most": most},
        ).fetchall()
