"""When to try again what somebody else's host did not take, and when to give it up.

Pure. For whatever is sent out at least once: webhooks and notifications.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (1, 4, 15, 60, 300, 1800, 7200, 21600, 43200, 86400, 108000)
)
"""Pause after each try: the contract's 1, 4 and 15 s, then a minute to 30 hours. The twelfth and
last try (`jobs.MOST_TRIES`) comes after three days: longer than a weekend."""

JITTER = 0.2
"""Share of a pause that chance adds: what failed together does not return together."""

FAILING = timedelta(days=3)
"""How long an address may fail without one success before it is deactivated. PAUSES reach beyond
it, so a single message is enough."""

FREE_FAILURES = 3
"""Failures in a row from which an address counts as down."""

LONGEST_HOLD = timedelta(minutes=5)
"""An address that is down is asked again this often at least, by whatever message is due."""


def pause(tries: int, chance: Callable[[], float] = random.random) -> timedelta:
    """Return how long to wait after the try number *tries*, from 1; *chance* draws from [0, 1)."""
    pause = PAUSES[min(tries, len(PAUSES)) - 1]
    return pause * (1 + JITTER * chance())


def held_until(failures: int, now: datetime) -> datetime | None:
    """Return until when nothing is sent to an address that failed *failures* times in a row.

    So an address that is down costs an attempt now and then, not one for each message.
    """
    if failures < FREE_FAILURES:
        return None
    return now + min(PAUSES[min(failures, len(PAUSES)) - 1], LONGEST_HOLD)


def given_up(failing_since: datetime | None, now: datetime) -> bool:
    """True if an address has failed for so long that it is deactivated."""
    return failing_since is not None and now - failing_since >= FAILING
