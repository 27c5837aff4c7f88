"""Deaths of foremen: an import at which they die again and again has failed.

Some are killed for no fault of the import (memory was short, somebody was hasty), so each is
followed by a further try, after a pause that grows; but for ever it would only heat the machine.
"""

from collections.abc import Callable
from time import monotonic
from typing import NamedTuple

from services.dedup.imports import job_store, running
from services.dedup.imports.job import Import
from shared.db import Database

MOST = 5
"""Deaths at one place of an import: half a minute, with the pauses between them."""

WHY = f"its process ended unexpectedly {MOST} times in a row; was there enough memory?"


class _Deaths(NamedTuple):
    """How many there were at one place of an import."""

    place: tuple[object, ...]
    times: int
    rested_at: float


class Deaths:
    """The deaths of an installation's foremen, by account."""

    def __init__(self, database: Database, clock: Callable[[], float] = monotonic):
        """*database* is the worker's; *clock* tells seconds."""
        self._database, self._clock = database, clock
        self._of: dict[str, _Deaths] = {}

    @property
    def accounts(self) -> int:
        """How many accounts have had one."""
        return len(self._of)

    def resting(self, tenant_id: str) -> bool:
        """True while it is too early for a further try."""
        known = self._of.get(tenant_id)
        return known is not None and self._clock() < known.rested_at

    def forget(self, tenant_id: str) -> None:
        """Note that a foreman ended as it should."""
        self._of.pop(tenant_id, None)

    def note(self, tenant_id: str) -> None:
        """Note that a foreman died, and that its import failed if it was one too many."""
        with self._database.transaction(tenant_id) as conn:
            job = job_store.turn(conn, tenant_id)
        if job is None:
            return self.forget(tenant_id)
        known, place = self._of.get(tenant_id), _place(job)
        times = known.times + 1 if known and known.place == place else 1
        if times < MOST:
            self._of[tenant_id] = _Deaths(place, times, self._clock() + 2**times)
            return
        running.fail(self._database, job, WHY)
        self.forget(tenant_id)


def _place(job: Import) -> tuple[object, ...]:
    """Return where an import is; a preview begins anew, so how far it came is no matter."""
    return job.id, job.status, 0 if job.status == "previewing" else job.done_until
