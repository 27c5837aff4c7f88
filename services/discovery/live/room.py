"""Room: how many streams of discoveries are open, of all accounts and of one; safe for threads."""

from collections import Counter
from threading import Event, Lock

from shared.errors import Unavailable

MOST, MOST_PER_ACCOUNT = 32, 8
"""Streams open at a time; each holds a thread of the process that streams."""

FULL_SECONDS = 30
"""When to come back after there was no room; until then the discovery may be asked for."""


class NoSpace(Unavailable):
    """Too many streams are open; ask for the discovery every few seconds, or come back later."""


class Room:
    """The streams of one process."""

    def __init__(self, most: int = MOST, most_per_account: int = MOST_PER_ACCOUNT):
        """*most* streams at a time, of which *most_per_account* of one account's."""
        self._most, self._most_per_account = most, most_per_account
        self._open: Counter[str] = Counter()
        self._lock = Lock()
        self.closed = Event()
        """Set once streams are to end."""

    def enter(self, tenant_id: str) -> None:
        """Take a place. Raises NoSpace."""
        with self._lock:
            full = self._open.total() >= self._most
            if self.closed.is_set() or full or self._open[tenant_id] >= self._most_per_account:
                raise NoSpace(details={"retry_after_seconds": FULL_SECONDS})
            self._open[tenant_id] += 1

    def leave(self, tenant_id: str) -> None:
        """Give a place back."""
        with self._lock:
            self._open[tenant_id] -= 1
            self._open += Counter()  # drops those that stand at zero

    def close(self) -> None:
        """End every stream, and let no other begin."""
        self.closed.set()
