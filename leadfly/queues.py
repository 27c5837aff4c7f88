"""Which jobs a worker's threads take, so that none waits for what it has nothing to do with."""

import time
from collections import Counter
from collections.abc import Collection
from datetime import datetime
from threading import Lock

from shared import jobs
from shared.db import Database
from shared.jobs import Job


class Queue:
    """The due jobs of one kind, or of all kinds but some; safe for threads."""

    def __init__(
        self,
        kind: str | None = None,
        without: Collection[str] = (),
        most: int | None = None,
        rest: float = 0.0,
    ):
        """*most* is how many jobs of one tenant may be under way in this process at a time.

        *rest* is for how many seconds nobody asks again after nothing was due, so that many idle
        threads cost no more than one or two.
        """
        self._kind, self._without, self._most, self._rest = kind, without, most, rest
        self._under_way: Counter[str] = Counter()
        self._rests_until = 0.0
        self._lock = Lock()

    def claim(self, database: Database, now: datetime | None = None) -> list[Job]:
        """Return the next due job, ours until its lease ends, or none; tell `done` of it then."""
        # One thread at a time: two that count the same jobs under way would take one too many.
        with self._lock:
            if time.monotonic() < self._rests_until:
                return []
            busy = [] if self._most is None else self._busy(self._most)
            with database.lookup() as conn:
                claimed = jobs.claim(conn, 1, now, self._kind, self._without, busy)
            self._under_way.update(job.tenant_id for job in claimed)
            self._rests_until = 0.0 if claimed else time.monotonic() + self._rest
        return claimed

    def done(self, job: Job) -> None:
        """Note that *job* is under way no more, however it ended."""
        with self._lock:
            self._under_way[job.tenant_id] -= 1
            self._under_way += Counter()  # drops those that stand at zero
            self._rests_until = 0.0  # its tenant may have been the only one with jobs

    def _busy(self, most: int) -> list[str]:
        return [tenant_id for tenant_id, count in self._under_way.items() if count >= most]
