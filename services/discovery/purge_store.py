"""The SQL by which discoveries that ended long ago go, on a connection it is handed."""

from datetime import datetime

from psycopg import Connection

MOST = 500
"""Discoveries that one statement deletes, with what hangs on them: up to 10,000 rows each."""


def purge_expired(conn: Connection, now: datetime) -> int:
    """Delete up to MOST discoveries that ended long ago; return how many. Leads stay.

    The connection must have named no tenant: the function looks across them.
    """
    row = conn.execute(
        "SELECT discovery.purge(%(now)s, %(most)s)", {"now": now, "most": MOST}
    ).fetchone()
    return int(row[0]) if row else 0
