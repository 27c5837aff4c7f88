"""Fan-out: each event is handed over to every endpoint that wants it, once.

Whoever deals with an event has its row locked, and in one transaction makes the deliveries, has
each of them done as a job of its own, and marks the event. An account without an active endpoint
is not looked at (`webhooks.listening` in migration 0011); what happens there is kept unmarked
until the purge.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from services.webhooks import delivery_store, store
from shared import events, jobs
from shared.db import Database
from shared.events import Event

DELIVER = "webhooks.deliver"
"""The kind of a job that takes one event to one endpoint."""

MOST_EVENTS = 100
"""Events of one transaction: with 20 endpoints, 2,000 jobs, which are stored in half a second."""

Listening = Mapping[UUID, tuple[frozenset[str], datetime]]
"""What each endpoint hears, and since when."""


def fan_out(database: Database, stop: Callable[[], bool]) -> None:
    """Hand over whatever happened, account by account."""
    with database.lookup() as conn:
        hearers = store.hearers(conn)
    for tenant_id, since in hearers:
        while not stop() and hand_over(database, tenant_id, since) == MOST_EVENTS:
            pass


def hand_over(database: Database, tenant_id: str, since: UUID) -> int:
    """Hand over an account's oldest events with ids from *since* on; return how many there were."""
    now = datetime.now(UTC)
    with database.transaction(tenant_id) as conn:
        # Endpoints first: their owner may be removing one, and then its deliveries.
        listening = store.listening(conn, tenant_id)
        waiting = events.pending(conn, tenant_id, MOST_EVENTS, since)
        pairs = wanted(listening, waiting)
        if pairs:
            delivery_store.save(conn, tenant_id, pairs, now)
        for endpoint_id, event in pairs:
            named = {"endpoint_id": str(endpoint_id), "event_id": str(event.id)}
            jobs.enqueue(conn, tenant_id, DELIVER, event.lead_id, named)
        events.delivered(conn, tenant_id, [event.id for event in waiting], now)
    return len(waiting)


def wanted(listening: Listening, waiting: Sequence[Event]) -> list[tuple[UUID, Event]]:
    """Return which endpoint is to hear of which event: what it asked for, since it was there."""
    return [
        (endpoint_id, event)
        for event in waiting
        for endpoint_id, (names, since) in listening.items()
        if event.name in names and event.occurred_at >= since
    ]
