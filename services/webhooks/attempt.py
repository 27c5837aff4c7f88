"""What one attempt came to, and when the next is due."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (1, 4, 15, 60, 300, 1800, 7200, 21600, 43200, 86400, 108000)
)
"""Pause after each try: the contract's 1, 4 and 15 s, then a minute to 30 hours. The twelfth and
last try (`jobs.MOST_TRIES`) comes after three days: longer than a weekend."""

JITTER = 0.2
"""Share of a pause that chance adds: what failed together does not return together."""

FAILING = timedelta(days=3)
"""How long an endpoint may fail without one success before it is deactivated. PAUSES reach beyond
it, so a single event is enough."""

FREE_FAILURES = 3
"""Failures in a row from which an endpoint counts as down."""

LONGEST_HOLD = timedelta(minutes=5)
"""An endpoint that is down is asked again this often at least, by whatever event is due."""

Result = Literal["delivered", "gone", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an endpoint took a message."""

    result: Result
    answered: int | None
    """The HTTP status, if there was an answer."""
    failure: str | None
    """Why it failed, in words for the endpoint's owner."""


def outcome(status: int) -> Outcome:
    """Return what an answer's *status* means: 2xx is success, 410 the end, all else a failure.

    A redirect is a failure, too: the address that it names was not registered (Standard Webhooks).
    """
    if 200 <= status < 300:
        return Outcome("delivered", status, None)
    if status == 410:
        return Outcome("gone", status, "The endpoint answered 410: it wants no more.")
    kind = "a redirect, which is not followed" if 300 <= status < 400 else "no success"
    return Outcome("failed", status, f"The endpoint answered {status}: {kind}.")


def pause(tries: int, chance: Callable[[], float] = random.random) -> timedelta:
    """Return how long to wait after the try number *tries*, from 1; *chance* draws from [0, 1)."""
    pause = PAUSES[min(tries, len(PAUSES)) - 1]
    return pause * (1 + JITTER * chance())


def held_until(failures: int, now: datetime) -> datetime | None:
    """Return until when nothing is sent to an endpoint that failed *failures* times in a row.

    So an endpoint that is down costs an attempt now and then, not one for each event.
    """
    if failures < FREE_FAILURES:
        return None
    return now + min(PAUSES[min(failures, len(PAUSES)) - 1], LONGEST_HOLD)


def given_up(failing_since: datetime | None, now: datetime) -> bool:
    """True if an endpoint has failed for so long that it is deactivated."""
    return failing_since is not None and now - failing_since >= FAILING
