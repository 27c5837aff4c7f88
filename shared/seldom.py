"""What many say at once, said once: the first line of a kind, then one a minute that counts."""

import logging
import time
from collections.abc import Callable, Hashable
from threading import Lock

QUIET_SECONDS = 60.0
"""Between two lines of one kind; what falls in between is counted, and the next line says it."""


class Seldom(logging.Filter):
    """Lets one line of a kind through in QUIET_SECONDS; safe for threads.

    As a filter of another library's logger it takes the line's template for its kind.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        """*clock* gives seconds."""
        super().__init__()
        self._clock, self._lock = clock, Lock()
        self._said_at: dict[Hashable, float] = {}
        self._unsaid: dict[Hashable, int] = {}

    def due(self, kind: Hashable) -> int | None:
        """Return how many of *kind* were left out since its last line; None leaves this out."""
        with self._lock:
            now = self._clock()
            if now - self._said_at.get(kind, float("-inf")) < QUIET_SECONDS:
                self._unsaid[kind] = self._unsaid.get(kind, 0) + 1
                return None
            self._said_at[kind] = now
            return self._unsaid.pop(kind, 0)

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether *record* is the first of its kind for a while; it says what was not."""
        left_out = self.due((record.name, record.msg))
        if left_out:
            record.fields = {"like_it_before": left_out}
        return left_out is not None
