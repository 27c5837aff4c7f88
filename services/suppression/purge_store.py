"""The SQL by which entries that count no longer go, of all tenants: see migration 0022."""

from datetime import datetime
from typing import Any

from psycopg import Connection

MOST = 50_000
"""Rows of each kind at a time: half a second of the database's work."""


def purge_expired(conn: Connection[Any], now: datetime) -> int:
    """Delete what counts no longer at *now*; return how many rows that were.

    The connection must have named no tenant. At most MOST of each kind; more go next time.
    """
    row: Any = conn.execute(
        "SELECT suppression.purge(%(now)s, %(most)s)", {"now": now, "most": MOST}
    ).fetchone()
    return int(row[0])
