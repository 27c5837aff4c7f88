"""Leaving out: what the model makes of a kind of lead, or of a group of countries, never fitted to.

The weights are fitted anew without the pairs of one kind (or group), and judge the leads of that
kind on an unseen seed. The candidates and their levels are those of the full model's run: only
the weights differ.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.accuracy.engine import Step
from bench.accuracy.patterns import patterns
from bench.leads.arrival import Arrival
from services.dedup.training import fitting
from services.dedup.training.fitting import Fitted, Pattern

Key = Callable[[Arrival], str]
"""What an arrival is grouped by."""

Counted = Counter[tuple[Pattern, bool]]


@dataclass(frozen=True, slots=True)
class Judged:
    """One unseen arrival: whether its person was known, and the levels of each candidate."""

    arrival: Arrival
    patterns: Sequence[Pattern]

    def acted(self, model: Fitted, flag: float) -> bool:
        """Return whether *model* flags or rejects it as a duplicate."""
        return any(model.probability(pattern) >= flag for pattern in self.patterns)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many leads of a group were right by the full model, and by one that never saw them."""

    group: str
    leads: int
    right: int
    right_unseen: int


def counted(steps: Iterable[Step], people: Mapping[int, int], key: Key) -> dict[str, Counted]:
    """Count the patterns of levels as `patterns` does, by group of the later lead."""
    groups: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        groups[key(step.arrival)].append(step)
    return {group: patterns(some, people) for group, some in groups.items()}


def judged(steps: Iterable[Step]) -> list[Judged]:
    """Return the decidable arrivals of a run with the levels of their candidates."""
    return [
        Judged(step.arrival, [fitting.pattern(match) for _, match in step.compared])
        for step in steps
        if not step.arrival.ambiguous
    ]


def left_out(
    by_group: Mapping[str, Counted], unseen: Sequence[Judged], key: Key, flag: float
) -> Iterator[LeftOut]:
    """Yield, for each group, what a model fitted without it makes of its *unseen* leads."""
    whole: Counted = sum(by_group.values(), Counter())
    full = fitting.fitted(whole)
    for group, own in sorted(by_group.items()):
        leads = [one for one in unseen if key(one.arrival) == group]
        if not leads:
            continue
        without = fitting.fitted(whole - own, full)
        yield LeftOut(
            group,
            len(leads),
            sum(one.acted(full, flag) == one.arrival.known for one in leads),
            sum(one.acted(without, flag) == one.arrival.known for one in leads),
        )


def text(title: str, found: Iterable[LeftOut]) -> Iterator[str]:
    """Yield the lines of a table, and its sum."""
    yield f"{title:<32}{'leads':>8}{'fitted':>10}{'left out':>10}"
    leads = right = unseen = 0
    for one in found:
        leads, right, unseen = leads + one.leads, right + one.right, unseen + one.right_unseen
        shares = f"{one.right / one.leads:>10.2%}{one.right_unseen / one.leads:>10.2%}"
        yield f"{one.group:<32}{one.leads:>8,}{shares}"
    if leads:
        yield f"{'all':<32}{leads:>8,}{right / leads:>10.2%}{unseen / leads:>10.2%}"
