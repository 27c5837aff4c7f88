"""Fitting: match weights from labelled pairs, held near those that are known already.

Maximum a posteriori: logistic regression on the levels of compared pairs, with a normal prior
around each weight. Levels that the pairs say little about stay where they were, so a set of pairs
cannot bend what it hardly shows. Coordinate-wise Newton steps on the distinct patterns of levels:
a few thousand patterns stand for all pairs. See docs/decisions/0022 and 0060.
"""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.dedup import model
from services.dedup.linkage import Match
from services.dedup.model import Model

SPREAD = 1.0
"""Standard deviation of the prior around a weight, in bits of log2 odds."""

SHARE = 0.05
"""What a generator's pair counts beside a real one: its world is narrower than the real one, and
what holds in it must not outweigh what is known of the other."""

FREE = 20.0
"""Standard deviation, in bits, of a prior that is to say nothing."""

SWEEPS = 500
"""Passes over all weights: some 30 settle them, more where levels mostly come together."""

SETTLED = 1e-4
"""Bits that no weight moves by any more once they have."""

LN2 = math.log(2)

Level = tuple[str, str]
"""Comparison and level."""

Pattern = tuple[Level, ...]

Counted = Mapping[tuple[Pattern, bool], float]
"""How often each pattern was of one person (True) and of two."""

BIAS: Level = ("prior", "")


@dataclass(slots=True)
class Fitted:
    """What was found: the prior and the weights in log2 odds."""

    prior: float
    weights: dict[Level, float]

    def probability(self, pattern: Pattern) -> float:
        """Return the match probability of a pair with these levels."""
        return 1 / (1 + math.exp(-LN2 * max(-64.0, min(64.0, self.score(pattern)))))

    def score(self, pattern: Pattern) -> float:
        """Return the log2 odds of a pair with these levels."""
        return self.prior + sum(self.weights[level] for level in pattern)


def pattern(match: Match) -> Pattern:
    """Return the levels of a match."""
    return tuple((each.comparison, each.level) for each in match.evidence)


def judged() -> Fitted:
    """Return what judgement gave."""
    weights = {
        (comparison, level): worth.weight
        for comparison, levels in model.JUDGED.items()
        for level, worth in levels.items()
    }
    return Fitted(model.JUDGED_PRIOR, weights)


def of(running: Model) -> Fitted:
    """Return a model's prior and weights."""
    weights = {
        (comparison, level): weight
        for comparison, levels in running.weights.items()
        for level, weight in levels.items()
    }
    return Fitted(running.prior, weights)


def fitted(
    counted: Counted,
    near: Fitted | None = None,
    towards: Fitted | None = None,
    share: float = SHARE,
    prior_spread: float = SPREAD,
    levels_spread: float = SPREAD,
) -> Fitted:
    """Return the weights of highest posterior probability, given *counted* pairs.

    They are held around those of *towards* (judgement), by spreads in bits; a pair counts *share*.
    They are the same wherever the search begins; *near* them it is over soon.
    """
    centre = towards or judged()
    start = near or centre
    weights = {**start.weights, BIAS: start.prior}
    held = {**centre.weights, BIAS: centre.prior}
    pairs = _Pairs(counted, weights, share)
    weights |= {level: bits for level, bits in held.items() if level not in pairs.rows}
    for _ in range(SWEEPS):
        moved = 0.0
        for level, rows in pairs.rows.items():
            spread = prior_spread if level == BIAS else levels_spread
            aim = weights[level] + pairs.step(rows, held[level] - weights[level], spread)
            aim = _on_its_side(level, aim)
            pairs.score[rows] += aim - weights[level]
            moved = max(moved, abs(aim - weights[level]))
            weights[level] = aim
        if moved < SETTLED:
            break
    prior = weights.pop(BIAS)
    return Fitted(prior, weights)


def document(found: Fitted, version: str) -> str:
    """Return the model's data file: weights to a hundredth of a bit, under a *version*."""
    whole = {"version": version, "prior": round(found.prior, 2), "weights": nested(found)}
    return json.dumps(whole, indent=1) + "\n"


def nested(found: Fitted) -> dict[str, dict[str, float]]:
    """Return the weights by comparison and level, to a hundredth of a bit."""
    weights: dict[str, dict[str, float]] = {}
    for (comparison, level), weight in found.weights.items():
        weights.setdefault(comparison, {})[level] = round(weight, 2)
    return weights


def likely(score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return log2 odds as probabilities."""
    return 1 / (1 + np.exp2(-np.clip(score, -64.0, 64.0)))


class _Pairs:
    """Pairs as columns: each distinct pattern once."""

    def __init__(self, counted: Counted, weights: Mapping[Level, float], share: float):
        places: dict[Pattern, int] = {}
        for pattern, _ in counted:
            places.setdefault(pattern, len(places))
        self.same, every = np.zeros(len(places)), np.zeros(len(places))
        for (pattern, same), count in counted.items():
            every[places[pattern]] += share * count
            self.same[places[pattern]] += share * count * same
        self.every = every
        self.score = np.array([_score(each, weights) for each in places])
        self.rows = _rows(places)

    def step(self, rows: NDArray[np.intp], back: float, spread: float) -> float:
        """Return a bounded Newton step of the weight of *rows*, *back* bits from where it is held.

        Nothing of it is left where the weight is held fast (*spread* 0).
        """
        if not spread:
            return 0.0
        chance, every = likely(self.score[rows]), self.every[rows]
        slope = back / spread**2 + LN2 * float((self.same[rows] - every * chance).sum())
        bend = 1 / spread**2 + LN2**2 * float((every * chance * (1 - chance)).sum())
        return max(-1.0, min(1.0, slope / bend))


def _rows(patterns: Iterable[Pattern]) -> dict[Level, NDArray[np.intp]]:
    """Return by level which of *patterns* show it; all show the prior."""
    found: dict[Level, list[int]] = defaultdict(list)
    for place, each in enumerate(patterns):
        for level in (*each, BIAS):
            found[level].append(place)
    return {level: np.array(places, dtype=np.intp) for level, places in found.items()}


def _score(pattern: Pattern, weights: Mapping[Level, float]) -> float:
    return weights[BIAS] + sum(weights[level] for level in pattern)


def _on_its_side(level: Level, weight: float) -> float:
    """Return *weight*, or 0 if an agreement would count against, or a contradiction for."""
    if level == BIAS:
        return weight
    comparison, name = level
    return 0.0 if model.JUDGED[comparison][name].weight * weight < 0 else weight
