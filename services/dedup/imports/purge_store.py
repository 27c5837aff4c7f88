"""The SQL by which files of leads and what was noted of their rows go: see migration 0027."""

from datetime import datetime
from typing import Any

from psycopg import Connection

MOST = 50_000
"""Pieces and rows at a time: some seconds of the database's work."""


def purge_expired(conn: Connection[Any], now: datetime) -> int:
    """Delete what expired by *now*; return how many pieces, rows and imports that were.

    The connection must have named no tenant. At most MOST; more go next time.
    """
    row: Any = conn.execute(
        "SELECT dedup.purge_imports(%(now)s, %(most)s)", {"now": now, "most": MOST}
    ).fetchone()
    return int(row[0])
