"""Loops: each works off what there is and returns, and is called again until the process stops.

One that raises is called again, too. What keeps it from working is said once, by the first that
meets it, and when it is over; a database that is away stops all of them in the same moment.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Thread

from leadfly.troubles import Troubles

PAUSE_SECONDS = 0.5
"""Pause between two calls of a loop: how late a job may start, for two cheap queries a second.
Waking up by NOTIFY was refused in docs/decisions/0016."""

QUICK_SECONDS = 0.1
"""Pause of loops that stand between something that happened and somebody who is told of it: there
are three in a row, and half a second is what all of it may take (docs/decisions/0047)."""

GRACEFUL_SECONDS = 10.0
"""How long a job under way may take to end after a stop is asked for; then its lease frees it."""

Stop = Callable[[], bool]
"""True once the process was asked to stop."""

Loop = Callable[[Stop], object]
"""Works off what there is, then returns; returns early once its argument says stop."""


@dataclass(frozen=True, slots=True)
class Quick:
    """A loop that is called again after QUICK_SECONDS."""

    loop: Loop

    def __call__(self, stop: Stop) -> object:
        """Call it."""
        return self.loop(stop)


def keep_calling(loops: Sequence[Loop], stop: Stop, log: logging.Logger | None = None) -> None:
    """Call each of *loops* again and again in a thread of its own until *stop*.

    What they fail of goes to *log*, which is this module's unless given.
    """
    troubles = Troubles(log or logging.getLogger(__name__))
    # Daemons: a thread that does not end in time must not keep the process alive.
    threads = [
        Thread(target=_repeat, args=(number, loop, stop, troubles), daemon=True)
        for number, loop in enumerate(loops)
    ]
    for thread in threads:
        thread.start()
    while not stop():
        time.sleep(PAUSE_SECONDS / 5)
    give_up = time.monotonic() + GRACEFUL_SECONDS
    for thread in threads:
        thread.join(max(0.0, give_up - time.monotonic()))
    troubles.end()


def _repeat(number: int, loop: Loop, stop: Stop, troubles: Troubles) -> None:
    """Call *loop*, the one of that *number*, until *stop*."""
    usual = QUICK_SECONDS if isinstance(loop, Quick) else PAUSE_SECONDS
    while not stop():
        try:
            loop(stop)
            troubles.passed(number)
            pause = usual
        except Exception as error:
            troubles.met(number, _name(loop), error)
            pause = PAUSE_SECONDS
        time.sleep(pause)


def _name(loop: Loop) -> str:
    loop = loop.loop if isinstance(loop, Quick) else loop
    function = getattr(loop, "func", loop)
    return getattr(function, "__name__", type(function).__name__)
