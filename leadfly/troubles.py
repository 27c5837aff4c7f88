"""What keeps loops from working, said once for all that meet it, and again when it is over.

A trouble is told by its kind: of what is away, the type alone, because many loops need the same;
of anything else the loop, the type and the line that raised it.
"""

import logging
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock

from shared.errors import Unavailable

AGAIN_SECONDS = 60.0
"""Least time between two lines that say the same trouble: one that comes and goes is counted."""


@dataclass(slots=True)
class _Trouble:
    """One kind of trouble: who is in it, and what the log knows of it."""

    name: str
    among: set[int] = field(default_factory=set)
    times: int = 0
    """How often a loop fell into it, and the log does not know yet."""
    said_at: float | None = None
    over: bool = True
    """True if the log takes it for over."""


class Troubles:
    """The troubles of one process's loops; safe for threads."""

    def __init__(self, log: logging.Logger, clock: Callable[[], float] = time.monotonic):
        """*clock* gives seconds."""
        self._log, self._clock, self._lock = log, clock, Lock()
        self._known: dict[Hashable, _Trouble] = {}
        self._of: dict[int, Hashable] = {}

    def met(self, number: int, name: str, error: Exception) -> None:
        """Note that the loop *number* called *name* fell into a trouble, or is in it still."""
        kind = _kind(name, error)
        with self._lock:
            if self._of.get(number) == kind:
                return
            self._leave(number)
            self._of[number] = kind
            trouble = self._known.setdefault(kind, _Trouble(name))
            trouble.among.add(number)
            trouble.times += 1
            if trouble.over and self._may_say(trouble):
                self._say(trouble, error)

    def passed(self, number: int) -> None:
        """Note that the loop *number* worked."""
        if number in self._of:
            with self._lock:
                self._leave(number)

    def end(self) -> None:
        """Say how often troubles were met that the log does not know of."""
        with self._lock:
            for trouble in self._known.values():
                if trouble.times:
                    self._log.warning("%s failed %d times more", trouble.name, trouble.times)
                    trouble.times = 0

    def _leave(self, number: int) -> None:
        kind = self._of.pop(number, None)
        if kind is None:
            return
        trouble = self._known[kind]
        trouble.among.discard(number)
        if not trouble.among and not trouble.over:
            trouble.over = True
            fields = {"times": trouble.times + 1}
            self._log.warning("%s goes on", trouble.name, extra={"fields": fields})
            trouble.times = 0

    def _may_say(self, trouble: _Trouble) -> bool:
        return trouble.said_at is None or self._clock() - trouble.said_at >= AGAIN_SECONDS

    def _say(self, trouble: _Trouble, error: Exception) -> None:
        """Say *trouble* with where it was raised, unless it is that something is away."""
        before = trouble.times - 1
        fields: dict[str, object] = {"times_before": before} if before else {}
        if isinstance(error, Unavailable):
            fields["error"] = {"type": f"{type(error).__module__}.{type(error).__qualname__}"}
            text = "%s waits, and so does what needs the same; trying again"
            self._log.error(text, trouble.name, extra={"fields": fields})
        else:
            text = "%s failed; trying again"
            self._log.error(text, trouble.name, exc_info=error, extra={"fields": fields})
        trouble.said_at, trouble.over, trouble.times = self._clock(), False, 0


def _kind(name: str, error: Exception) -> Hashable:
    if isinstance(error, Unavailable):
        return (type(error),)
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = (place.tb_frame.f_code.co_filename, place.tb_lineno) if place else None
    return name, type(error), where
