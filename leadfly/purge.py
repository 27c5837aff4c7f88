"""Forget what has expired: request bodies, answers kept for retries, behaviour, old events."""

from services.signals import behaviour_store
from shared import events, idempotency, leads
from shared.db import Database

MOST_PARTS = 20
"""A million events an hour, which is more than come."""


def purge(database: Database) -> int:
    """Delete what is past its time, of all tenants; return how many rows went.

    The transaction names no tenant, so row-level security lets expired rows go and no others.
    """
    with database.lookup() as conn:
        gone = leads.purge_expired_bodies(conn) + idempotency.purge_expired(conn)
        gone += behaviour_store.purge_expired(conn)
    return gone + _purge_events(database)


def _purge_events(database: Database) -> int:
    """Delete old events, a part at a time; what is left after MOST_PARTS goes in the next hour."""
    gone = 0
    for _ in range(MOST_PARTS):
        with database.lookup() as conn:
            part = events.purge_expired(conn)
        gone += part
        if part < events.MOST_PURGED:
            break
    return gone
