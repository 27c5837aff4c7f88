"""Figures of merit: how often a stream of leads was judged rightly, with intervals.

Terms: a *positive* is a lead whose person came before. It is *acted on* where the match
probability reaches the flag threshold, which is flagging or rejecting because of a match; risk
that flags a lead on its own is counted apart. FPR is the share of new people acted on, FNR the
share of duplicates that were not.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import NamedTuple

from bench.leads.arrival import Arrival

Z = 1.959964
"""Standard normal quantile of a 95 % interval."""

FPR_LIMIT = 0.005
"""False positive rate at which recall is compared."""

WIDTH_BINS, COUNT_BINS = 10, 15
"""Bins of the calibration error: of equal width, and of equal count."""


class Candidate(NamedTuple):
    """An earlier arrival that this one was compared with."""

    position: int
    probability: float
    evidence: tuple[tuple[str, str, float], ...]
    """Comparison, level and weight (log2 odds) of each."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One arrival beside what an engine said of it."""

    position: int
    arrival: Arrival
    probability: float
    """Of the likeliest candidate, or what an engine gives for one; [0, 1]."""
    acted: bool
    blocked: bool = False
    right: bool = False
    """True if the likeliest candidate is the true person."""
    risk_only: bool = False
    """True if risk alone flagged or rejected it."""
    refused: bool = False
    """True if the form's lead was refused as unusable (400): it counts as not acted on."""
    skipped: bool = False
    """True if the check failed and let it pass: a fault of ours."""
    candidates: tuple[int, ...] = ()
    """Positions of the earlier leads that it was compared with."""
    best: Candidate | None = None
    """The likeliest candidate."""
    own: Candidate | None = None
    """The likeliest candidate that is the true person."""

    @property
    def reachable(self) -> bool:
        """True if any candidate is the true person."""
        return self.own is not None

    @property
    def wrong(self) -> bool:
        """True if it was acted on without a reason, or not acted on with one."""
        return self.acted is not self.arrival.known


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of *of* cases, with its 95 % interval."""

    hits: int
    of: int

    @property
    def share(self) -> float:
        """Return the share in [0, 1]; 0 of nothing is 0."""
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Return Wilson's score interval (1927), which holds near 0 and 1 too."""
        if not self.of:
            return 0.0, 1.0
        share, weight = self.share, Z * Z / self.of
        middle = share + weight / 2
        spread = Z * sqrt(share * (1 - share) / self.of + weight / (4 * self.of))
        return (
            max(0.0, (middle - spread) / (1 + weight)),
            min(1.0, (middle + spread) / (1 + weight)),
        )


def rate(cases: Iterable[Scored], hit: Callable[[Scored], bool]) -> Rate:
    """Return the share of *cases* that are a *hit*."""
    hits = [hit(case) for case in cases]
    return Rate(sum(hits), len(hits))


def decidable(cases: Iterable[Scored]) -> list[Scored]:
    """Return the cases that a careful human could decide."""
    return [case for case in cases if not case.arrival.ambiguous]


def duplicates(cases: Iterable[Scored]) -> list[Scored]:
    """Return the leads of people who came before."""
    return [case for case in cases if case.arrival.known]


def newcomers(cases: Iterable[Scored]) -> list[Scored]:
    """Return the leads of people who did not."""
    return [case for case in cases if not case.arrival.known]


def headline(cases: Sequence[Scored]) -> dict[str, Rate]:
    """Return the rates by which an engine is judged, over the decidable *cases*."""
    known, new = duplicates(cases), newcomers(cases)
    return {
        "accuracy": rate(cases, lambda case: not case.wrong),
        "fpr_flag": rate(new, lambda case: case.acted),
        "fpr_block": rate(new, lambda case: case.blocked),
        "fnr": rate(known, lambda case: not case.acted),
        "recall_at_fpr": recall_at(cases)[0],
        "right_person": rate([c for c in known if c.acted], lambda case: case.right),
        "blocking_recall": rate(known, lambda case: case.reachable),
    }


def recall_at(cases: Sequence[Scored], limit: float = FPR_LIMIT) -> tuple[Rate, float]:
    """Return the recall at the lowest threshold whose FPR is at most *limit*, and that threshold.

    Equal probabilities fall on one side together. Probability 0 is no match at any threshold.
    """
    known = sorted(c.probability for c in duplicates(cases))
    new = sorted((c.probability for c in newcomers(cases)), reverse=True)
    allowed = int(limit * len(new))
    # The first new lead that must stay below the threshold.
    ceiling = new[allowed] if allowed < len(new) else 0.0
    above = [probability for probability in known if probability > ceiling]
    return Rate(len(above), len(known)), min(above, default=1.0)


def best_accuracy(cases: Sequence[Scored]) -> Rate:
    """Return the accuracy at whichever threshold makes it highest: flattery, for comparing."""
    right = best = len(newcomers(cases))
    ranked = sorted(cases, key=lambda case: -case.probability)
    for number, case in enumerate(ranked, 1):
        right += 1 if case.arrival.known else -1
        below = ranked[number].probability if number < len(ranked) else 0.0
        if below < case.probability:
            best = max(best, right)
    return Rate(best, len(cases))


def brier(cases: Sequence[Scored]) -> float:
    """Return the mean squared error of the probability that the person is known (Brier 1950)."""
    return _mean([(c.probability - c.arrival.known) ** 2 for c in cases])


def calibration(cases: Sequence[Scored]) -> list[tuple[int, float, float]]:
    """Return count, mean probability and share known of each bin of equal width."""
    bins: list[list[Scored]] = [[] for _ in range(WIDTH_BINS)]
    for case in cases:
        bins[min(WIDTH_BINS - 1, int(case.probability * WIDTH_BINS))].append(case)
    return [_bin(each) for each in bins]


def by_count(cases: Sequence[Scored]) -> list[tuple[int, float, float]]:
    """Return the same of COUNT_BINS bins of equal count."""
    ranked = sorted(cases, key=lambda case: case.probability)
    edges = [len(ranked) * n // COUNT_BINS for n in range(COUNT_BINS + 1)]
    return [_bin(ranked[a:b]) for a, b in pairwise(edges)]


def calibration_error(bins: Iterable[tuple[int, float, float]]) -> float:
    """Return the expected calibration error of *bins*: their mean gap, by count (Naeini 2015)."""
    counted = list(bins)
    total = sum(count for count, _, _ in counted)
    return sum(count * abs(said - was) for count, said, was in counted) / total if total else 0.0


def grouped(cases: Iterable[Scored], key: Callable[[Scored], str]) -> dict[str, list[Scored]]:
    """Return *cases* by *key*, sorted by it."""
    groups: dict[str, list[Scored]] = {}
    for case in cases:
        groups.setdefault(key(case), []).append(case)
    return dict(sorted(groups.items()))


def _bin(cases: Sequence[Scored]) -> tuple[int, float, float]:
    said, was = [c.probability for c in cases], [float(c.arrival.known) for c in cases]
    return len(cases), _mean(said), _mean(was)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
