"""The SQL by which findings and runs that have expired go, of all tenants: see migration 0029."""

from datetime import datetime
from typing import Any

from psycopg import Connection

MOST = 20_000
"""Rows of each kind at a time, which take the database less than a second."""


def purge_expired(conn: Connection[Any], now: datetime) -> int:
    """Delete what has expired at *now*; return how many rows that were.

    The connection must have named no tenant. At most MOST of each kind; more go next time.
    """
    row: Any = conn.execute(
        "SELECT enrichment.purge(%(now)s, %(most)s)", {"now": now, "most": MOST}
    ).fetchone()
    return int(row[0])
