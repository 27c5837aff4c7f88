"""Providers asked side by side, each in a thread of its own: one that hangs costs only itself."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Thread

from services.enrichment.outcome import ANSWERED, NOT_APPLICABLE, UNAVAILABLE, Outcome
from services.enrichment.providers.provider import (
    Asked,
    NotApplicable,
    Provider,
    ProviderUnavailable,
    Reach,
)
from services.enrichment.sifting import sifted

MOST_ASKED = 32
"""Look-ups under way in one process: a thread that hangs cannot be ended, and holds a place."""

TOO_MANY = "too many look-ups are under way; ask again"
TOO_SLOW = "did not answer in time"
FAILED = "failed"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """One provider, and what it is told."""

    provider: Provider
    asked: Asked


class Askers:
    """The threads of one process in which providers are asked."""

    def __init__(self, most: int = MOST_ASKED):
        """At most *most* at a time."""
        self._room = BoundedSemaphore(most)

    def ask(self, questions: tuple[Question, ...], reach: Reach) -> Mapping[str, Outcome]:
        """Return what became of each of *questions* by `reach.ends_at`, by provider."""
        answers: SimpleQueue[Outcome] = SimpleQueue()
        outcomes = {
            one.provider.name: Outcome(one.provider.name, UNAVAILABLE, TOO_SLOW)
            for one in questions
        }
        for one in questions:
            self._start(one, reach, answers)
        for _ in questions:
            try:
                outcome = answers.get(timeout=max(reach.ends_at - time.monotonic(), 0.001))
            except Empty:
                break
            outcomes[outcome.provider] = outcome
        return outcomes

    def _start(self, one: Question, reach: Reach, answers: SimpleQueue[Outcome]) -> None:
        """Ask in a thread; what it answers comes to *answers*, at once if there is no room."""
        if not self._room.acquire(blocking=False):
            answers.put(Outcome(one.provider.name, UNAVAILABLE, TOO_MANY))
            return

        def run() -> None:
            try:
                answers.put(answer(one, reach))
            finally:
                self._room.release()

        Thread(target=run, daemon=True, name=f"enrichment-{one.provider.name}").start()


def answer(one: Question, reach: Reach) -> Outcome:
    """Return what became of asking one provider. Raises nothing: the words say what was wrong."""
    name = one.provider.name
    try:
        found = one.provider.find(one.asked, reach)
        return Outcome(name, ANSWERED, None, sifted(found, name, one.asked.person_level))
    except NotApplicable as error:
        return Outcome(name, NOT_APPLICABLE, str(error))
    except ProviderUnavailable as error:
        return Outcome(name, UNAVAILABLE, str(error))
    except Exception as error:
        # Its words may quote what a stranger's server said of a person.
        log.error("the provider %s failed: %s", name, type(error).__name__)
        return Outcome(name, UNAVAILABLE, FAILED)
