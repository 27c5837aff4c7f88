"""The SQL by which seen keys are forgotten, of all tenants: the function of migration 0023."""

from datetime import datetime
from typing import Any

from psycopg import Connection

MOST = 10_000
"""Rows of each kind at a time: a tenth of a second of the database's work."""


def purge_expired(conn: Connection[Any], now: datetime) -> int:
    """Delete what counts no longer at *now*; return how many rows that were.

    The connection must have named no tenant. At most MOST of each kind; more go next time.
    """
    row: Any = conn.execute(
        "SELECT seen.purge(%(now)s, %(most)s)", {"now": now, "most": MOST}
    ).fetchone()
    return int(row[0])
