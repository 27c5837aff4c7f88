"""Turns at a host: one request under way at a time, however many threads visit it."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

from shared.pages.faults import HostVisitedLately
from shared.pages.pauses import LONGEST_SECONDS, MOST_REMEMBERED


@dataclass(slots=True)
class _Host:
    busy: Lock = field(default_factory=Lock)
    waiting: int = 0
    left_at: float = -math.inf
    """When it had answered the last page, by the clock."""


class Turns:
    """Lets one thread at a time ask a host, and its pause begin when it has answered.

    `Pauses` says when a visit is due by when the one before was; here the next one waits until
    that is over, and for a whole pause from there: a slow host is a busy one. Safe for threads.
    """

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], None]):
        """*clock* returns seconds that only grow, *sleep* waits for some."""
        self._clock, self._sleep = clock, sleep
        self._lock = Lock()
        self._hosts: dict[str, _Host] = {}

    @contextmanager
    def at(self, host: str, ends_at: float, pause_seconds: float | None = None) -> Iterator[None]:
        """Hold *host*, *pause_seconds* after its last answer; None for what is no page of it.

        Raises HostVisitedLately if its turn does not come before *ends_at* (`time.monotonic`).
        """
        one = self._joined(host)
        try:
            if not one.busy.acquire(timeout=max(0.0, ends_at - time.monotonic())):
                raise HostVisitedLately(retry_seconds=1)
            try:
                if pause_seconds is not None:
                    self._await(one, pause_seconds, ends_at)
                yield
            finally:
                if pause_seconds is not None:
                    one.left_at = self._clock()
                one.busy.release()
        finally:
            with self._lock:
                one.waiting -= 1

    def _await(self, one: _Host, pause_seconds: float, ends_at: float) -> None:
        due = one.left_at + min(pause_seconds, LONGEST_SECONDS) - self._clock()
        if due > _ROUNDING:
            if due >= ends_at - time.monotonic():
                raise HostVisitedLately(retry_seconds=math.ceil(due))
            self._sleep(due)

    def _joined(self, host: str) -> _Host:
        with self._lock:
            if len(self._hosts) > MOST_REMEMBERED:
                longest = self._clock() - LONGEST_SECONDS
                self._hosts = {
                    name: one
                    for name, one in self._hosts.items()
                    if one.waiting or one.left_at > longest
                }
            one = self._hosts.setdefault(host, _Host())
            one.waiting += 1
            return one


_ROUNDING = 1e-6
"""Seconds by which sums of clock times may be off."""
