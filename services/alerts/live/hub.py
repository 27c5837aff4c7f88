"""The hub: who listens to the changes of which account's alerts, and what waits for them.

Nobody waits for a slow reader. What waits for one is bounded; beyond that its stream ends, and it
resumes where it was when it comes back.
"""

from collections import Counter, deque
from collections.abc import Mapping
from threading import Condition, Lock

from services.alerts.live.cursor import oldest
from shared.errors import Unavailable
from shared.web import metrics

MOST_WAITING_BYTES = 262_144
"""Of one reader: some 200 alerts."""

FULL_SECONDS = 30
"""When to come back after there was no room; until then changes may be asked for."""


class NoRoom(Unavailable):
    """Too many streams are open; ask for changes every few seconds instead, or come back later."""


class Listener:
    """One open stream: what waits for it, and whether it is over."""

    def __init__(self, tenant_id: str):
        """Nothing waits yet."""
        self.tenant_id = tenant_id
        self.over = False
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._changed = Condition()

    def put(self, frame: bytes) -> None:
        """Let *frame* wait for the reader; end the stream if too much waits already."""
        with self._changed:
            if self._size and self._size + len(frame) > MOST_WAITING_BYTES:
                self._end("slow")
            if not self.over:
                self._waiting.append(frame)
                self._size += len(frame)
            self._changed.notify()

    def take(self, seconds: float) -> bytes:
        """Return what waits, at once or as soon as something does; nothing after *seconds*."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self.over, seconds)
            taken = b"".join(self._waiting)
            self._waiting.clear()
            self._size = 0
            return taken

    def end(self, why: str) -> None:
        """End the stream: `stopping`, say."""
        with self._changed:
            self._end(why)
            self._changed.notify()

    def _end(self, why: str) -> None:
        if not self.over:
            self.over = True
            self._waiting.clear()
            self._size = 0
            ENDED.labels(why).inc()


class Hub:
    """Every open stream of this process."""

    def __init__(self, most: int, most_per_account: int):
        """*most* streams at a time, of which *most_per_account* of one account's."""
        self._most, self._most_per_account = most, most_per_account
        self._listeners: dict[Listener, None] = {}
        self._cursors: dict[str, str] = {}
        self._closed = False
        self._lock = Lock()

    def join(self, tenant_id: str) -> Listener:
        """Return a listener that hears of everything told from now on. Raises NoRoom."""
        with self._lock:
            open_now = Counter(listener.tenant_id for listener in self._listeners)
            full = len(self._listeners) >= self._most
            if self._closed or full or open_now[tenant_id] >= self._most_per_account:
                NO_ROOM.inc()
                raise NoRoom(details={"retry_after_seconds": FULL_SECONDS})
            listener = Listener(tenant_id)
            self._listeners[listener] = None
            OPEN.set(len(self._listeners))
            return listener

    def leave(self, listener: Listener) -> None:
        """Forget *listener*; of an account without any, nothing is followed."""
        with self._lock:
            self._listeners.pop(listener, None)
            if all(other.tenant_id != listener.tenant_id for other in self._listeners):
                self._cursors.pop(listener.tenant_id, None)
            OPEN.set(len(self._listeners))

    def follow(self, tenant_id: str, cursor: str) -> None:
        """Follow an account from *cursor*, unless it is followed, which began before."""
        with self._lock:
            self._cursors.setdefault(tenant_id, cursor)

    def followed(self) -> Mapping[str, str]:
        """Return up to where each account that somebody listens to was told."""
        with self._lock:
            return dict(self._cursors)

    def tell(self, tenant_id: str, cursor: str, frame: bytes) -> None:
        """Tell whoever listens to that account *frame*, and that it is told up to *cursor*."""
        with self._lock:
            if tenant_id not in self._cursors:
                return
            self._cursors[tenant_id] = cursor
            for listener in self._listeners:
                if listener.tenant_id == tenant_id and frame:
                    listener.put(frame)

    def close(self) -> None:
        """End every stream, and let no other begin."""
        with self._lock:
            self._closed = True
            for listener in self._listeners:
                listener.end("stopping")


def since(followed: Mapping[str, str]) -> str:
    """Return from which transaction on changes of the accounts *followed* (one at least) count."""
    return oldest(list(followed.values()))


OPEN = metrics.state("leadfly_alert_streams_open", "Streams of alerts that are open.")
NO_ROOM = metrics.counter("leadfly_alert_streams_refused_total", "Streams refused: too many open.")
ENDED = metrics.counter(
    "leadfly_alert_streams_ended_total", "Streams that we ended, by reason.", ("why",)
)
