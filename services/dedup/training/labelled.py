"""Labelled pairs: what people said of two leads, and whether that can teach anything.

A pair is its levels and a label. Whose leads they are is known by names alone that stand for them
(`one`, `other`): what a lead says is not needed to fit a model.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.dedup.training.fitting import Pattern
from shared.errors import Meaningless

LEAST = 50
"""Pairs of each label without which nothing is fitted: where none of 50 is wrong, the rate of
errors is below 6 % with 95 % confidence (the rule of three, 3/n; Hanley and Lippman-Hand 1983).
Fewer could not show that a model is no worse."""

LEAST_GROUPS = 20
"""Groups of people without which none can be held out: an interval over fewer says little."""

SAID = 10
"""Contradictions named in one refusal."""

LARGEST = 1 / 3
"""Share of the pairs in one group from which no group can be held out."""


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two leads and whether they are one person's."""

    name: str
    """Where it stands, as its owner can find it: `row 7`, `review 0192…`."""
    one: Hashable
    other: Hashable
    """What stands for each lead: the same for the same."""
    same: bool
    pattern: Pattern
    people: tuple[Hashable, ...] = ()
    """What stands for the people whose they are, where that is known."""


def checked(pairs: Sequence[LabelledPair]) -> None:
    """Raise Meaningless where *pairs* cannot teach: too few, of one label, or contradictory."""
    counted = Counter(pair.same for pair in pairs)
    if pairs and len(counted) == 1:
        what = "one person" if pairs[0].same else "two people"
        raise Meaningless(
            f"All {len(pairs):,} pairs are labelled as of {what}: pairs of both kinds are needed."
        )
    contradictions = _contradictions(pairs)
    if contradictions:
        raise Meaningless(
            f"{len(contradictions):,} pairs are labelled both ways; mend their labels.",
            details=dict(contradictions[:SAID]),
        )
    if min(counted[True], counted[False]) < LEAST:
        raise Meaningless(
            f"Too few pairs: {counted[True]:,} of one person and {counted[False]:,} of two people. "
            f"{LEAST} of each are needed, for fewer cannot show an error rate below 6 %."
        )


def counts(pairs: Iterable[LabelledPair]) -> Counter[tuple[Pattern, bool]]:
    """Return how often each pattern was labelled how, as `fitting.fitted` takes them."""
    return Counter((pair.pattern, pair.same) for pair in pairs)


def groups(pairs: Sequence[LabelledPair]) -> list[int]:
    """Return for each pair its group: no lead, and no person, stands in two groups.

    Pairs that hang together over any lead are one group. Raises Meaningless if that leaves too few
    groups to hold some out.
    """
    roots = _Roots()
    for pair in pairs:
        roots.join(pair.one, pair.other, *pair.people)
    numbers: dict[Hashable, int] = {}
    found = [numbers.setdefault(roots.of(pair.one), len(numbers)) for pair in pairs]
    largest = max(Counter(found).values(), default=0)
    if len(numbers) < LEAST_GROUPS or largest > LARGEST * len(pairs):
        raise Meaningless(
            f"The pairs hang together in {len(numbers):,} groups, the largest of {largest:,} pairs:"
            f" at least {LEAST_GROUPS} groups are needed, none with over a third of the pairs, so "
            "that nobody stands among both the fitted and the held-out pairs."
        )
    return found


def _contradictions(pairs: Iterable[LabelledPair]) -> list[tuple[str, str]]:
    """Return which pairs are labelled both ways, by name."""
    labels: Mapping[frozenset[Hashable], dict[bool, str]] = defaultdict(dict)
    for pair in pairs:
        labels[frozenset((pair.one, pair.other))].setdefault(pair.same, pair.name)
    return [
        (both[False], f"says the opposite of {both[True]}, of the same two leads")
        for both in labels.values()
        if len(both) == 2
    ]


class _Roots:
    """Disjoint sets (Tarjan 1975, with path halving)."""

    def __init__(self) -> None:
        self._above: dict[Hashable, Hashable] = {}

    def of(self, one: Hashable) -> Hashable:
        """Return what stands for the set of *one*."""
        above = self._above
        above.setdefault(one, one)
        while above[one] != one:
            above[one] = above[above[one]]
            one = above[one]
        return one

    def join(self, *members: Hashable) -> None:
        """Make one set of those of *members*."""
        for one, other in pairwise(members):
            self._above[self.of(other)] = self.of(one)
