"""The SQL by which alerts are forgotten, of all tenants: the functions of migration 0020."""

from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection

KEPT = timedelta(days=90)
"""How long alerts that ended, and what was sent of any, are kept: as long as events are."""

REMEMBERED = timedelta(days=2)
"""How long it is known what was looked at and counted: rules count over a day at most."""

FORGOTTEN_AFTER = timedelta(days=30)
"""An open alert that nobody acknowledged, and that did not happen again for so long, ends as
resolved: as long as it could have been snoozed (`acting.LONGEST_SNOOZE`)."""

MOST = 10_000
"""Rows of each table at a time: some seconds of the database's work."""


def purge_expired(conn: Connection[Any], now: datetime) -> int:
    """Delete what is past its time, and end what is forgotten; return how many rows that were.

    The connection must have named no tenant. At most MOST of each table; more go next time.
    """
    row: Any = conn.execute(
        """
        SELECT alerts.purge(%(kept)s, %(remembered)s, %(most)s)
             + alerts.end_forgotten(%(quiet)s, %(now)s, %(most)s)
        """,
        {
            "kept": KEPT,
            "remembered": REMEMBERED,
            "quiet": FORGOTTEN_AFTER,
            "now": now,
            "most": MOST,
        },
    ).fetchone()
    return int(row[0])
