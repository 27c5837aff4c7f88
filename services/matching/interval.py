"""Between which points a match lies where something is not known of the lead.

Pure. Each criterion gives the share of its points at worst and at best, over all that the unknown
could be; what is expected lies between, nearer to the worst, since few leads fit a service.
"""

from typing import NamedTuple

PRIOR = 0.25
"""Where between the worst and the best share something unknown is expected: the neutral prior.
Judgement: below one half, so that silence never looks like a fit."""

ANY = 0.5
"""Share of a criterion's points where a service takes any: it speaks neither for nor against."""

WIDE = 25.0
"""Points between low and high above which a match has low confidence, whatever its score."""


class Span(NamedTuple):
    """Something in [0, 1] that is known to lie from *low* up to *high*."""

    low: float
    high: float

    @property
    def expected(self) -> float:
        """Return what is expected: *low*, and PRIOR of what may come on top."""
        return self.low + PRIOR * (self.high - self.low)


UNKNOWN = Span(0.0, 1.0)


def exactly(share: float) -> Span:
    """Return the span of what is known."""
    return Span(share, share)


def together(*weighted: tuple[float, Span]) -> Span:
    """Return the span of a weighted sum of independent parts; the weights sum to 1."""
    low = high = 0.0
    for weight, (least, most) in weighted:
        low += weight * least
        high += weight * most
    return Span(low, high)
