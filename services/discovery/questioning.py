"""Questioning: sources are asked side by side, each in a thread, and none holds up another.

What they say waits in one bounded queue, so a source that is quicker than the duplicate check waits
for it. One that hangs is given up: its thread is told to stop and ends with its last request, which
is bounded; nobody waits for it.
"""

import logging
import queue
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread

from services.discovery.criteria import Criteria
from services.discovery.desk import Patience
from services.discovery.find import Find, Passed
from services.discovery.job import Asked, SourceStatus
from services.discovery.sources.source import (
    NotAsked,
    Progress,
    Reach,
    Source,
    SourceUnavailable,
)
from shared.errors import ServiceError

MOST_WAITING = 400
"""What sources said and nobody has looked at: four parts of what is admitted at a time."""

PUT_SECONDS = 0.2
"""How often a source that waits for us looks whether it is to stop."""

HANGS = "It did not answer in time."
TOO_LONG = "It took too long; what it named before is kept."
FAILED = "It failed; the log names the error."

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ended:
    """A source has said all that it does."""

    status: SourceStatus
    reason: str | None = None


Said = Find | Passed | Progress | Ended

Heard = queue.Queue[tuple[int, Said]]
"""What sources said, by their places."""


def heard() -> Heard:
    """Return the queue in which the sources of one discovery speak."""
    return queue.Queue(MOST_WAITING)


class Question:
    """One source, being asked in a thread of its own."""

    def __init__(self, place: int, source: Source, asked: Asked, into: Heard):
        """*place* is that of the source in its discovery."""
        self.place, self._source, self._asked, self._into = place, source, asked, into
        self._over = Event()
        self._begun = self._since = time.monotonic()
        self._is_waited_for = True

    def start(
        self, tenant_id: str, criteria: Criteria, reach: Callable[[Callable[[], bool]], Reach]
    ) -> None:
        """Begin to ask; *reach* returns what the source may use, given when it is to stop."""
        within = reach(self._over.is_set)
        name = f"source {self._source.type}"
        Thread(target=self._ask, args=(tenant_id, criteria, within), name=name, daemon=True).start()

    def stop(self) -> None:
        """Have it stop soon; what it says from now on is not heard."""
        self._over.set()

    def given_up(self, patience: Patience) -> str | None:
        """Return why it is not to be waited for any longer, or None."""
        now = time.monotonic()
        if now - self._begun > patience.whole:
            return TOO_LONG
        if self._is_waited_for and now - self._since > patience.silent:
            return HANGS
        return None

    def _ask(self, tenant_id: str, criteria: Criteria, reach: Reach) -> None:
        self._say(self._answered(tenant_id, criteria, reach))

    def _answered(self, tenant_id: str, criteria: Criteria, reach: Reach) -> Ended:
        """Ask, pass on what is said, and return how it ended."""
        found = 0
        try:
            for said in self._source.find(tenant_id, self._asked.settings, criteria, reach):
                found += isinstance(said, Find)
                if not self._say(said) or found >= criteria.most:
                    break
        except NotAsked as error:
            return Ended("not_asked", error.message)
        except SourceUnavailable as error:
            return Ended("unavailable", error.message)
        except ServiceError as error:
            return Ended("unavailable", error.message)
        except Exception as error:
            # Not with its traceback: the error may quote what a page says of people.
            fault = {"source": self._source.type, "error": type(error).__name__}
            log.error("a source failed", extra={"fields": fault})
            return Ended("failed", FAILED)
        return Ended("done")

    def _say(self, said: Said) -> bool:
        """Put in the queue what the source said; False if nobody listens any more."""
        self._is_waited_for = False
        while not self._over.is_set():
            try:
                self._into.put((self.place, said), timeout=PUT_SECONDS)
            except queue.Full:
                continue
            self._since, self._is_waited_for = time.monotonic(), True
            return True
        return False
