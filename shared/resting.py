"""Resting: what works through all leads in the background lets others have the machine."""

import os
import time
from collections.abc import Callable

LOOK_SECONDS = 0.1
"""How late a stop is noticed."""


def rest(took: float, shares: tuple[float, float], stop: Callable[[], bool]) -> None:
    """Pause for a share of the *took* seconds, no longer than until *stop*.

    The second of *shares* counts where more programs want to run than there are processors.
    """
    busy = os.getloadavg()[0] > 1.5 * (os.cpu_count() or 1)
    until = time.monotonic() + took * shares[busy]
    while not stop() and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, LOOK_SECONDS))
