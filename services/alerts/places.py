"""Places: how many deliveries are under way at a time, so that a slow address delays no other.

A lane's threads are few. A receiver, or a channel, that does not answer must not have all of them.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Lock

from shared.retries import held_until

LONGEST_REST = timedelta(seconds=15)
"""A mail server that is down is tried four times a minute, whatever waits for it."""


class Places:
    """Counts what is under way, by any number of names at a time; safe for threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """*clock* counts seconds."""
        self._clock = clock
        self._since: dict[Hashable, list[float]] = defaultdict(list)
        self._lock = Lock()

    @contextmanager
    def taken(self, most: Mapping[Hashable, int]) -> Iterator[bool]:
        """Take one place of each name in *most*, for the block; False if one of them has none."""
        now = self._clock()
        with self._lock:
            free = all(len(self._since[name]) < number for name, number in most.items())
            for name in most if free else ():
                self._since[name].append(now)
        try:
            yield free
        finally:
            with self._lock:
                for name in most:
                    if free:
                        self._since[name].remove(now)
                    if not self._since[name]:
                        del self._since[name]

    def under_way(self, name: Hashable) -> int:
        """Return how many places of *name* are taken."""
        with self._lock:
            return len(self._since.get(name, ()))

    def held_for(self, name: Hashable) -> float:
        """Return for how many seconds the first who has a place of *name* has had it."""
        with self._lock:
            since = self._since.get(name)
            return self._clock() - since[0] if since else 0.0


class Rests:
    """Which of our own ways out fail now, and are left alone for a moment; safe for threads."""

    def __init__(self, longest: timedelta = LONGEST_REST):
        """*longest* is how long a way out is left alone at most."""
        self._longest = longest
        self._failures: Counter[str] = Counter()
        self._until: dict[str, datetime] = {}
        self._lock = Lock()

    def until(self, name: str, now: datetime) -> datetime | None:
        """Return until when *name* is left alone; None if it may be tried."""
        until = self._until.get(name)
        return until if until and now < until else None

    def failed(self, name: str, now: datetime) -> None:
        """Note that *name* failed."""
        with self._lock:
            self._failures[name] += 1
            until = held_until(self._failures[name], now)
            if until:
                self._until[name] = min(until, now + self._longest)

    def worked(self, name: str) -> None:
        """Note that *name* works."""
        if name in self._failures:
            with self._lock:
                self._failures.pop(name, None)
                self._until.pop(name, None)
