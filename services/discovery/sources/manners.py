"""Manners towards a public server: one request at a time, apart, and no question twice a day.

For all threads of a process together, as the usage policies of OpenStreetMap's servers ask.
"""

import math
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from services.discovery.sources.side_by_side import Stop, Stopped
from services.discovery.sources.visits import REAL_TIME, SLICE_SECONDS, paused
from shared.pages.fetcher import Time

APART_SECONDS = 1.0
"""Between the end of one request and the next (operations.osmfoundation.org: 1 a second)."""

REMEMBERED_SECONDS = 24 * 3600.0
MOST_REMEMBERED = 200
MOST_REMEMBERED_BYTES = 8 * 1024 * 1024
"""Of answers as they were sent; read, they take ten times that. The one used longest ago goes
first."""


class Manners:
    """Keeps requests to one server apart, and remembers what it answered; safe for threads."""

    def __init__(self, apart_seconds: float = APART_SECONDS, pacing: Time = REAL_TIME):
        self._apart, self._time = apart_seconds, pacing
        self._turn, self._lock = Lock(), Lock()
        self._ended_at = -math.inf
        self._answers: OrderedDict[str, tuple[float, object, int]] = OrderedDict()

    def answered(self, question: str, stop: Stop, ask: Callable[[], tuple[object, int]]) -> object:
        """Return the answer to *question*: the remembered one, or what *ask* says with its bytes.

        Raises Stopped, and what *ask* raises; that is not remembered.
        """
        known = self._known(question)
        if known is not None:
            return known
        with self._its_turn(stop):
            known = self._known(question)  # asked by somebody else while we waited
            if known is not None:
                return known
            answer, size = ask()
            self._remember(question, answer, size)
            return answer

    @contextmanager
    def _its_turn(self, stop: Stop) -> Iterator[None]:
        while not self._turn.acquire(timeout=SLICE_SECONDS):
            if stop():
                raise Stopped
        try:
            paused(self._ended_at + self._apart - self._time.clock(), stop, self._time)
            yield
            self._ended_at = self._time.clock()
        except BaseException:
            self._ended_at = self._time.clock()
            raise
        finally:
            self._turn.release()

    def _known(self, question: str) -> object:
        with self._lock:
            found = self._answers.get(question)
            if found is None or found[0] <= self._time.clock():
                return None
            self._answers.move_to_end(question)
            return found[1]

    def _remember(self, question: str, answer: object, size: int) -> None:
        with self._lock:
            self._answers[question] = self._time.clock() + REMEMBERED_SECONDS, answer, size
            while len(self._answers) > MOST_REMEMBERED or self._bytes() > MOST_REMEMBERED_BYTES:
                self._answers.popitem(last=False)

    def _bytes(self) -> int:
        return sum(size for _, _, size in self._answers.values())
