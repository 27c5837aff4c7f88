"""Watching: events of leads are looked at once, and raise what rules find worth an alert.

An event leaves a note where an active rule hears it (migration 0020). The note goes in the
transaction that raises, so a worker that dies loses nothing and repeats nothing.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection

from services.alerts import raising_store, traits_store
from services.alerts.facts import happening
from services.alerts.raising import Raiser
from shared.db import Database
from shared.errors import Unavailable
from shared.events import Event

AT_A_TIME = 500
"""Events of one transaction, half of them the oldest and half the newest: two tenths of a second.
An import that waits does not hold up what happens now."""

MOST_TENANTS = 1000
"""Tenants that are looked after in turn."""

LISTED_WITHIN = timedelta(minutes=10)
"""How long an event waits for its lead to be listed, without which its facts are unknown. That
takes less than a second unless an import is under way."""

log = logging.getLogger(__name__)


def watch(
    database: Database,
    raiser: Raiser,
    country: str,
    clock: Callable[[], datetime],
    stop: Callable[[], bool],
) -> bool:
    """Look at what happened, at some events of each account; True if more may be waiting."""
    with database.lookup() as conn:
        tenants = raising_store.tenants(conn, MOST_TENANTS)
    busy = False
    for tenant_id in tenants:
        if stop():
            break
        busy = look(database, raiser, country, tenant_id, clock()) >= AT_A_TIME // 2 or busy
    return busy


def look(database: Database, raiser: Raiser, country: str, tenant_id: str, now: datetime) -> int:
    """Look at up to AT_A_TIME events of an account; return at how many.

    One that cannot be looked at is passed over: it holds up none of the others.
    """
    try:
        return _looked(database, raiser, country, tenant_id, AT_A_TIME, now)
    except Unavailable:
        raise
    except Exception as error:
        fields = {"error": type(error).__name__}
        log.error("events are looked at one by one after a fault", extra={"fields": fields})
    return sum(_alone(database, raiser, country, tenant_id, now) for _ in range(AT_A_TIME // 10))


def _looked(
    database: Database, raiser: Raiser, country: str, tenant_id: str, most: int, now: datetime
) -> int:
    with database.transaction(tenant_id) as conn:
        ready = _ready(conn, tenant_id, most, now)
        if ready:
            _raise(conn, raiser, country, tenant_id, ready, now)
            raising_store.done(conn, tenant_id, [event.id for event, _ in ready])
    return len(ready)


def _alone(database: Database, raiser: Raiser, country: str, tenant_id: str, now: datetime) -> int:
    """Look at one event; pass it over if it cannot be looked at."""
    try:
        return _looked(database, raiser, country, tenant_id, 1, now)
    except Unavailable:
        raise
    except Exception as error:
        with database.transaction(tenant_id) as conn:
            (event,) = [event for event, _ in _ready(conn, tenant_id, 1, now)] or (None,)
            if event is None:
                return 0
            raising_store.done(conn, tenant_id, [event.id])
        fields = {"event_id": str(event.id), "error": type(error).__name__}
        log.error("an event is passed over", extra={"fields": fields})
        return 1


def _ready(
    conn: Connection[Any], tenant_id: str, most: int, now: datetime
) -> list[tuple[Event, dict[str, Any] | None]]:
    """Return events to look at, held, with what is known of their leads."""
    half = (most + 1) // 2
    found = raising_store.waiting(conn, tenant_id, half, newest=False)
    if len(found) == half:
        found += raising_store.waiting(conn, tenant_id, most - half, newest=True)
    events = {event.id: event for event in found}.values()
    known = traits_store.traits(conn, tenant_id, [event.lead_id for event in events])
    return [
        (event, known.get(event.lead_id))
        for event in events
        if event.lead_id in known or event.occurred_at < now - LISTED_WITHIN
    ]


def _raise(
    conn: Connection[Any],
    raiser: Raiser,
    country: str,
    tenant_id: str,
    ready: Sequence[tuple[Event, dict[str, Any] | None]],
    now: datetime,
) -> None:
    happenings = [happening(event, lead, country) for event, lead in ready]
    raiser.raise_alerts(conn, tenant_id, happenings, now)
