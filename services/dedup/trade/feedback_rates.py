"""Rates: how many of the leads taken were returned, and how many converted, and how sure that is.

Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import sqrt

from services.dedup.trade.feedback import CONVERSION, RETURN

Z = 1.959964
"""The 97.5 % quantile of the normal distribution: an interval of 95 %."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which leads are counted."""

    first: date
    last: date
    """Included; days of UTC."""
    source_id: str | None
    """None: of every source."""
    buyer_id: str | None
    by_buyer: bool
    """True if every buyer has a number of its own."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share, and the interval in which the true one lies with 95 %; all in [0, 1]."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Tallied:
    """What became of the leads of one source, or of one source and buyer."""

    source_id: str
    buyer_id: str | None
    """None: of all buyers; empty: of none in particular."""
    leads: int
    """Taken."""
    said: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By type and reason (empty: none was given), of how many it was said."""

    def of_type(self, kind: str) -> int:
        """Return of how many leads *kind* was said."""
        return sum(self.said.get(kind, {}).values())

    @property
    def taken(self) -> int:
        """Return of how many leads the rates are: never fewer than something was said of.

        An erased lead is not counted if nobody asked before it went; what was said of it is.
        """
        return max(self.leads, self.of_type(RETURN) + self.of_type(CONVERSION))

    def rate(self, kind: str) -> Rate | None:
        """Return the rate of *kind*; None without leads."""
        return rate(self.of_type(kind), self.taken)


def rate(hits: int, trials: int) -> Rate | None:
    """Return the share of *hits* in *trials* with its interval; None if there were no trials.

    The score interval of Wilson (1927): it stays within [0, 1] and is honest for few trials and
    for shares near 0, where the usual one says that it is sure.
    """
    if trials == 0:
        return None
    share, z2 = hits / trials, Z * Z
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    reach = Z * sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials)) / (1 + z2 / trials)
    low = 0.0 if hits == 0 else max(0.0, middle - reach)
    high = 1.0 if hits == trials else min(1.0, middle + reach)
    return Rate(share, low, high)
