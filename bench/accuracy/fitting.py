"""Fitting: match weights from labelled pairs, held near those that judgement set.

Maximum a posteriori: logistic regression on the levels of compared pairs, with a normal prior
around each judged weight. Levels that the pairs say little about stay where judgement put them,
so a generator's peculiarities cannot bend what it hardly shows. Coordinate-wise Newton steps on
the distinct patterns of levels; a few thousand patterns stand for all pairs.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bench.accuracy.engine import Step
from services.dedup import model
from services.dedup.linkage import Match

SPREAD = 1.0
"""Standard deviation of the prior around a judged weight, in bits of log2 odds."""

SHARE = 0.05
"""What a generator's pair counts beside a real one: its world is narrower than the real one, and
what holds in it must not outweigh what is known of the other."""

SWEEPS = 60
"""Passes over all weights; they settle to three digits in fewer."""

LN2 = math.log(2)

Level = tuple[str, str]
"""Comparison and level."""

Pattern = tuple[Level, ...]


@dataclass(slots=True)
class Fitted:
    """What was found: the prior and the weights in log2 odds."""

    prior: float
    weights: dict[Level, float]

    def probability(self, pattern: Pattern) -> float:
        """Return the match probability of a pair with these levels."""
        return _likely(self.prior + sum(self.weights[level] for level in pattern))


def patterns(steps: Iterable[Step], people: Mapping[int, int]) -> Counter[tuple[Pattern, bool]]:
    """Count the patterns of levels of all compared pairs, and whether they were of one person.

    *people* is the true person by position. Pairs of ambiguous arrivals are left out.
    """
    counted: Counter[tuple[Pattern, bool]] = Counter()
    for step in steps:
        if step.arrival.ambiguous:
            continue
        for position, match in step.compared:
            counted[pattern(match), people[position] == step.arrival.person] += 1
    return counted


def pattern(match: Match) -> Pattern:
    """Return the levels of a match."""
    return tuple((each.comparison, each.level) for each in match.evidence)


def fitted(counted: Counter[tuple[Pattern, bool]], near: Fitted | None = None) -> Fitted:
    """Return the weights of highest posterior probability, given *counted* pairs.

    They are the same wherever the search begins; *near* them it is over soon.
    """
    judged = {
        (comparison, level): worth.weight
        for comparison, levels in model.JUDGED.items()
        for level, worth in levels.items()
    }
    bias: Level = ("prior", "")
    start = judged | {bias: model.JUDGED_PRIOR}
    weights = near.weights | {bias: near.prior} if near else dict(start)
    rows = _rows(counted)
    by_level: dict[Level, list[_Row]] = {}
    for row in rows:
        for level in (*row.pattern, bias):
            by_level.setdefault(level, []).append(row)
        row.score = weights[bias] + sum(weights[level] for level in row.pattern)
    for _ in range(SWEEPS):
        moved = max(_step(weights, start, level, rows) for level, rows in by_level.items())
        if moved < 1e-4:
            break
    prior = weights.pop(bias)
    return Fitted(prior, weights)


def _likely(score: float) -> float:
    """Return log2 odds as a probability."""
    return 1 / (1 + math.exp(-LN2 * max(-64.0, min(64.0, score))))


def document(found: Fitted, version: str) -> str:
    """Return the model's data file: weights to a hundredth of a bit, under a *version*."""
    weights: dict[str, dict[str, float]] = {}
    for (comparison, level), weight in found.weights.items():
        weights.setdefault(comparison, {})[level] = round(weight, 2)
    whole = {"version": version, "prior": round(found.prior, 2), "weights": weights}
    return json.dumps(whole, indent=1) + "\n"


@dataclass(slots=True)
class _Row:
    """One pattern: how often it was one person, and how often two."""

    pattern: Pattern
    same: int = 0
    other: int = 0
    score: float = 0.0


def _rows(counted: Counter[tuple[Pattern, bool]]) -> list[_Row]:
    rows: dict[Pattern, _Row] = {}
    for (pattern, same), count in counted.items():
        row = rows.setdefault(pattern, _Row(pattern))
        if same:
            row.same += count
        else:
            row.other += count
    return list(rows.values())


def _step(
    weights: dict[Level, float], start: Mapping[Level, float], level: Level, rows: list[_Row]
) -> float:
    """Move one weight by a bounded Newton step, kept on its judged side of 0; return how far."""
    slope = (start[level] - weights[level]) / SPREAD**2
    bend = 1 / SPREAD**2
    for row in rows:
        likely = _likely(row.score)
        count = SHARE * (row.same + row.other)
        slope += LN2 * (SHARE * row.same - count * likely)
        bend += LN2**2 * count * likely * (1 - likely)
    moved = max(-1.0, min(1.0, slope / bend))
    aim = weights[level] + moved
    if level[0] != "prior" and start[level] * aim < 0:
        aim = 0.0  # an agreement never counts against, a contradiction never for
    moved = aim - weights[level]
    weights[level] = aim
    for row in rows:
        row.score += moved
    return abs(moved)
