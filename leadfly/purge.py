"""Forget what has expired: request bodies, answers kept for retries, behaviour, alerts, events."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime

from leadfly.installation import as_worker
from leadfly.terminal import say
from services.alerts import purge_store as alerts
from services.dedup.imports import purge_store as imports
from services.dedup.trade import cap_store as caps
from services.discovery import purge_store as discovery
from services.enrichment import purge_store as enrichment
from services.seen import purge_store as seen
from services.signals import behaviour_store
from services.suppression import purge_store as suppression
from shared import events, idempotency, leads
from shared.connection import Connection
from shared.db import Database
from shared.settings import Settings

MOST_PARTS = 20
"""A million events an hour, which is more than come."""

Part = Callable[[Connection, datetime], int]
"""Deletes some of what has expired by then; returns how many rows went."""


def call(chosen: argparse.Namespace, settings: Settings) -> None:
    """Purge the installation's database once, and say how much went."""
    with as_worker(settings) as database:
        say(f"{purge(database)} expired rows deleted")


def purge(database: Database) -> int:
    """Delete what is past its time, of all tenants; return how many rows went.

    The transaction names no tenant, so row-level security lets expired rows go and no others.
    """
    with database.lookup() as conn:
        gone = leads.purge_expired_bodies(conn) + idempotency.purge_expired(conn)
        gone += behaviour_store.purge_expired(conn)
    for part_of, most in PARTS:
        gone += _by_parts(database, part_of, most)
    return gone


def _by_parts(database: Database, part_of: Part, most: int) -> int:
    """Call *part_of*, which deletes up to *most* rows, until it finds fewer; MOST_PARTS times."""
    gone = 0
    for _ in range(MOST_PARTS):
        with database.lookup() as conn:
            part = part_of(conn, datetime.now(UTC))
        gone += part
        if part < most:
            break
    return gone


PARTS: tuple[tuple[Part, int], ...] = (
    (alerts.purge_expired, alerts.MOST),
    (seen.purge_expired, seen.MOST),
    (suppression.purge_expired, suppression.MOST),
    (enrichment.purge_expired, enrichment.MOST),
    (discovery.purge_expired, discovery.MOST),
    (caps.purge, caps.MOST_PURGED),
    (imports.purge_expired, imports.MOST),
    (lambda conn, now: events.purge_expired(conn), events.MOST_PURGED),
)
"""What goes a part at a time, each in a transaction of its own, and how many rows are a part; what
is left then goes in the next hour."""
