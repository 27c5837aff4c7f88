"""Rate limits as arithmetic: how often, how much at once, and when to come back.

The *generic cell rate algorithm* (GCRA, ITU-T I.371, annex A, "virtual scheduling") needs one
number of whoever is limited: the *theoretical arrival time* (TAT), by when all that was admitted
would have come at the limit's own pace. How far it lies ahead is the *debt*. One that owes nothing
may send a limit's whole amount at once; after that, as much as the time pays off. So in t seconds
nobody gets more than `amount * (1 + t / 60)`.

Times are whole nanoseconds of a clock that never goes back, so that nothing is rounded away.
"""

from dataclasses import dataclass

WINDOW_NS = 60 * 10**9
"""What every limit counts in: a minute. No debt is longer."""

KEPT_FACTOR = 9
"""What is kept for later, in amounts of a limit: with the amount itself, ten are let in."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So much a minute, for each of those who are limited by *name*."""

    name: str
    amount: int
    """From 1 to 10^9 a minute, and at once."""

    @property
    def interval_ns(self) -> int:
        """What one costs in time; rounded down, so that the whole amount fits the window."""
        return WINDOW_NS // self.amount

    def beyond(self) -> "Limit":
        """Return the limit of what is kept for later: KEPT_FACTOR times as much, counted apart."""
        return Limit(f"{self.name} beyond", self.amount * KEPT_FACTOR)

    def share(self, of: int) -> "Limit":
        """Return what each of so many may let through that cannot ask each other; at least 1."""
        return Limit(self.name, max(1, self.amount // of))


def owed(tat_ns: int, now_ns: int) -> int:
    """Return the debt of a TAT in nanoseconds, 0 to WINDOW_NS.

    A TAT beyond the window is none of this clock's: the machine was started anew, or the number is
    damaged. It counts as no debt, or somebody would be shut out for as long as the machine ran.
    """
    debt = tat_ns - now_ns
    return debt if 0 < debt <= WINDOW_NS else 0


def wait(limit: Limit, tat_ns: int, now_ns: int, cost: int = 1) -> int:
    """Return in how many nanoseconds *cost* would be admitted; 0 if it is now.

    Raises ValueError if it never will: *cost* is from 1 to the limit's amount.
    """
    if not 1 <= cost <= limit.amount:
        raise ValueError("nobody can pay this")
    return max(0, owed(tat_ns, now_ns) + cost * limit.interval_ns - WINDOW_NS)


def charged(limit: Limit, tat_ns: int, now_ns: int, cost: int = 1) -> int:
    """Return the TAT after *cost* was admitted; a negative *cost* is given back."""
    return max(0, now_ns + owed(tat_ns, now_ns) + cost * limit.interval_ns)


def whole_seconds(wait_ns: int) -> int:
    """Return a wait as Retry-After says it (RFC 9110, section 10.2.3): rounded up, 1 at least."""
    return max(1, -(-wait_ns // 10**9))
