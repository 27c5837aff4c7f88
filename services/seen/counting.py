"""Counting: about how many keys a scope has, from the smallest of its marks.

Pure. Marks are spread evenly over 128 bits, being keyed hashes. Of *n* such values the *k*-th
smallest lies near k/n of the whole, so (k - 1) / (the k-th smallest as a share of the whole) is an
unbiased estimate of *n* with a relative error near 1/sqrt(k - 2) (Bar-Yossef et al. 2002, "Counting
distinct elements in a data stream"; Beyer et al. 2007, "On synopses for distinct-value
estimation").
"""

from dataclasses import dataclass
from uuid import UUID

MOST_READ = 1000
"""Marks read of one scope: up to so many are counted exactly, more within some 3 %."""

_WHOLE = 2**128


@dataclass(frozen=True, slots=True)
class Count:
    """How many keys."""

    keys: int
    exact: bool


def counted(read: int, last: UUID | None) -> Count:
    """Return how many keys there are where *read* were found, smallest first, of which *last*.

    At most MOST_READ are read; fewer means that there are no others.
    """
    if read < MOST_READ or last is None or not last.int:
        return Count(read, True)
    return Count(max(read, round((read - 1) * _WHOLE / last.int)), False)
