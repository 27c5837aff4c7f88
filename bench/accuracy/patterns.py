"""Patterns: what the engine's run shows of each level, with the truth beside it."""

from collections import Counter
from collections.abc import Iterable, Mapping

from bench.accuracy.engine import Step
from services.dedup.training.fitting import Pattern, pattern


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
