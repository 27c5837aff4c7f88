"""Pauses between visits to one host, for all threads of a process together."""

import math
from collections.abc import Callable
from threading import Lock

from shared.pages.faults import HostVisitedLately, PageTooSlow, PageUnavailable

LEAST_SECONDS = 1.0
"""Between two requests to one host that asks for nothing."""

LONGEST_SECONDS = 60.0
"""The longest Crawl-delay that is honoured to the second; longer ones count as this."""

MOST_REMEMBERED = 1000
"""Hosts after which those whose pause is over are forgotten."""


class Pauses:
    """Knows when each host may be visited again; safe for threads."""

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], None]):
        """*clock* returns seconds that only grow, *sleep* waits for some."""
        self._clock, self._sleep = clock, sleep
        self._lock = Lock()
        self._visits: dict[str, tuple[float, float]] = {}  # when the last is, and the next may be

    def wait(
        self, host: str, pause_seconds: float, ends_at: float, mine: float | None = None
    ) -> float:
        """Wait until *host* may be visited, keep others from it for *pause_seconds*, say when.

        *mine* is when the same page made us visit it before: what it redirects to belongs to that
        visit, and waits for LEAST_SECONDS only. Raises HostVisitedLately at once, PageTooSlow for
        a redirect, if the host's turn does not come before *ends_at*; nobody waits then.
        """
        pause = min(max(pause_seconds, LEAST_SECONDS), LONGEST_SECONDS)
        with self._lock:
            now = self._clock()
            last, due = self._visits.get(host, (now, now))
            at = max(now, last + LEAST_SECONDS if last == mine else due)
            if at >= ends_at:
                raise _late(mine, math.ceil(at - now))
            self._visits[host] = at, at + pause
            self._forget(now)
        if at > now:
            self._sleep(at - now)
        return at

    def _forget(self, now: float) -> None:
        if len(self._visits) > MOST_REMEMBERED:
            self._visits = {host: when for host, when in self._visits.items() if when[1] > now}


def _late(mine: float | None, seconds: int) -> PageUnavailable:
    return HostVisitedLately(retry_seconds=seconds) if mine is None else PageTooSlow()
