"""What became of a match, as weights are learned from it, and what was learned.

Pure.
"""

from dataclasses import dataclass

LEAST, LEAST_OF_A_SORT = 40, 10
"""Outcomes that a service must have; and good ones among them, and others. Of simulated accounts
with 40 outcomes, held-out losses told 37 of 60 that place alone decides, and none of 100 anything
where the usual weights hold (decision 0044)."""

MOST = 5000
"""Outcomes that are learned from, the latest: more would not move a weight by a point."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one match."""

    shares: tuple[float, ...]
    """Of each of CRITERIA, in [0, 1], as they were when the service got the lead."""
    good: bool
    by: str
    """Who said so."""


@dataclass(frozen=True, slots=True)
class Foretold:
    """How well weights foretell outcomes that they were not learned from."""

    log_loss: float
    """A mean, in nats; 0.69 is a coin's."""
    pair_order: float
    """Share of pairs, one good and one not, of which the good one scores higher (AUC)."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned of one service, and whether it is worth anything."""

    verdict: str
    """BETTER, or why the usual weights are kept."""
    outcomes: int
    good: int
    weights: tuple[float, ...] | None = None
    """Points for each of CRITERIA, to a tenth, 100 in all; None with too few outcomes, or where
    no share speaks for a good one."""
    usual: Foretold | None = None
    learned: Foretold | None = None
    gain: float | None = None
    """By how much the log loss fell, a mean."""
    gain_error: float | None = None
    """The standard error of that."""

    @property
    def accepted(self) -> bool:
        """Return True if the weights are better than the usual ones."""
        return self.verdict == BETTER


BETTER = "better on outcomes that were held out"
TOO_FEW = f"fewer than {LEAST} outcomes, or fewer than {LEAST_OF_A_SORT} good ones or others"
NO_BETTER = "not better on outcomes that were held out by more than chance"
ONE_PERSON = "better, but not without the outcomes that one person told"
NOTHING = "no part of the score speaks for a good outcome"
