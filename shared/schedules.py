"""Schedules: what the installation does every so often, by one worker however many there are."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg import Connection

from shared.db import Database

LEASE = timedelta(minutes=5)
"""How long one run may take; if its worker dies or it fails, the next run is due then."""


log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A task without a tenant, and how often it is done."""

    name: str
    every: timedelta
    run: Callable[[Database], object]


def run_due(
    database: Database,
    listed: Sequence[Schedule],
    stop: Callable[[], bool],
    now: datetime | None = None,
) -> None:
    """Run those of the *listed* schedules that are due; *now* is the database's clock unless given.

    One that fails is due again when its lease ends, and keeps no other from its turn.
    """
    for schedule in listed:
        with database.lookup() as conn:
            ours = not stop() and claim(conn, schedule, now)
        if ours:
            _run(database, schedule, now)


def _run(database: Database, schedule: Schedule, now: datetime | None) -> None:
    try:
        schedule.run(database)
    except Exception as error:
        log.error("schedule %s failed", schedule.name, exc_info=error)
        return
    with database.lookup() as conn:
        finish(conn, schedule, now)


def claim(conn: Connection, schedule: Schedule, now: datetime | None = None) -> bool:
    """Return True if *schedule* is due and ours to run; it is due at once if it never ran.

    *now* is the database's clock unless given.
    """
    names = {"name": schedule.name, "lease": LEASE, "now": now}
    conn.execute(
        """
        INSERT INTO public.schedules (name, due_at) VALUES (%(name)s, '-infinity')
        ON CONFLICT DO NOTHING
        """,
        names,
    )
    claimed = conn.execute(
        """
        UPDATE public.schedules SET due_at = coalesce(%(now)s, now()) + %(lease)s
        WHERE name = %(name)s AND due_at <= coalesce(%(now)s, now())
        """,
        names,
    )
    return claimed.rowcount == 1


def finish(conn: Connection, schedule: Schedule, now: datetime | None = None) -> None:
    """Note that *schedule* ran; it is due again when its time has passed."""
    conn.execute(
        """
        UPDATE public.schedules SET due_at = coalesce(%(now)s, now()) + %(every)s
        WHERE name = %(name)s
        """,
        {"name": schedule.name, "every": schedule.every, "now": now},
    )
