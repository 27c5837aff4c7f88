"""What each level is worth in this table, by expectation maximisation and without labels.

Fellegi and Sunter: the weight of a level is log2(m / u), its share among pairs of one thing over
its share among pairs of two. Two things are done otherwise than in most programs. Pairs of two
are *all* pairs of the table less those that are taken for one, so a value that only one thing has
is not called common because its duplicates share it. And of what follows from something else (a
town from its postal code) only that part counts which does not follow: levels have shares of
their own where the other agrees.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from services.dedup.tables.comparing import Comparisons, Levels, Pairs
from services.dedup.tables.kinds import Kind
from services.dedup.tables.population import Population

ROUNDS = 40
"""Expectations and maximisations at most; ten to twenty settle a table."""

SETTLED = 1e-4
"""Change of the expected number of matches, as a share, at which it has settled."""

CONFIDENCE = 12.0
"""Pairs of one thing that the usual shares count as, beside those of the table."""

MATCHES_A_ROW = 0.3
"""Pairs of one thing for each row, to begin with."""

MOST = 20.0
"""Bits of one level at most: one in a million is as rare as a table can say."""

FOLLOWS = (
    (Kind.REGION, (Kind.POSTCODE, Kind.LOCALITY)),
    (Kind.LOCALITY, (Kind.POSTCODE,)),
    (Kind.EMAIL, (Kind.FAMILY,)),
)
"""What follows from what: the first of these kinds that the table has."""

PERSONAL = (Kind.GIVEN, Kind.PERSON, Kind.DATE, Kind.EMAIL, Kind.CODE)
"""What tells one member of a household from another."""

NAMED = (Kind.ORGANISATION, Kind.CODE)
"""What tells one firm from another in the same house."""

PLACED = (Kind.STREET, Kind.NUMBER, Kind.POSTCODE, Kind.LOCALITY, Kind.CODE)
"""What tells one branch of a firm from another."""

BESIDE_ANOTHER = 0.05
"""Things for each row that share a household, a house or a firm with it and are not the same: what
they have in common is found that often, however rare each value is."""

Shares = NDArray[np.float64]
"""By state (the other agrees: 1, else 0) and level."""


@dataclass(slots=True)
class Weights:
    """What was learned of a table."""

    m: list[Shares]
    matches_a_row: float
    u: list[Shares] = field(default_factory=list)
    rare: list[NDArray[np.float64]] = field(default_factory=list)
    """By comparison: the share of the rest that has the value, by the value's number."""


def parents(comparisons: Comparisons) -> list[int | None]:
    """Return for each comparison the one it follows from, if any."""
    places: dict[Kind, int] = {}
    for place, column in reversed(list(enumerate(comparisons.columns))):
        places[column.kind] = place
    follows = dict(FOLLOWS)
    return [
        next((places[kind] for kind in follows.get(column.kind, ()) if kind in places), None)
        for column in comparisons.columns
    ]


def distinguishing(comparisons: Comparisons) -> list[NDArray[np.bool_]]:
    """Return sets of comparisons, of each of which something must speak for one thing.

    People of a household share the rest, as do firms of a house, and the branches of a firm.
    """
    said = {kind: 0 for kind in Kind}
    for column in comparisons.columns:
        said[column.kind] = max(said[column.kind], sum(map(bool, column.values)))
    people = max(said[Kind.GIVEN], said[Kind.FAMILY], said[Kind.PERSON])
    if max(people, said[Kind.ORGANISATION]) == 0:
        return []
    sets = (PERSONAL,) if people >= said[Kind.ORGANISATION] else (NAMED, PLACED)
    return [np.array([each.kind in kinds for each in comparisons.columns]) for kinds in sets]


class Weighing:
    """One table under weights that are being learned, or that were learned elsewhere."""

    def __init__(self, comparisons: Comparisons, sources: Sequence[str] | None = None):
        self._comparisons = comparisons
        self._parents = parents(comparisons)
        self._population = Population(comparisons, self._parents, sources)
        self._sizes = [comparisons.sizes(n) for n in range(len(comparisons.columns))]
        self._distinguishing = distinguishing(comparisons)
        self._usual = [self._expected(n) for n in range(len(self._sizes))]

    def learned(
        self,
        pairs: Pairs,
        found: Levels,
        labels: NDArray[np.float64] | None = None,
        held: Weights | None = None,
    ) -> Weights:
        """Return the weights of *pairs* with levels *found*.

        With *labels* (1.0 for pairs of one thing) these are counted and nothing is guessed; with
        *held* the shares among matches are those, and only what is common is learned here.
        """
        weights = (held and Weights(held.m, held.matches_a_row)) or self._first()
        self._count(weights, pairs, found, self._none(pairs) if labels is None else labels)
        before = 0.0
        for _ in range(ROUNDS):
            likely = labels
            if likely is None:
                likely = 1 / (1 + np.exp2(-np.clip(self.odds(weights, pairs, found), -60, 60)))
            self._count(weights, pairs, found, likely)
            matches = float(likely.sum())
            if held is None:
                self._match(weights, pairs, found, likely)
            if labels is not None or abs(matches - before) <= SETTLED * max(1.0, matches):
                break
            before = matches
        return weights

    def odds(self, weights: Weights, pairs: Pairs, found: Levels) -> NDArray[np.float64]:
        """Return the log2 odds that each of *pairs*, with levels *found*, is one thing."""
        share = self._population.share(weights.matches_a_row)
        bits = [self.bits(weights, number, pairs, found) for number in range(len(self._sizes))]
        total = np.sum(bits, axis=0)
        against = np.exp2(-total)
        for own in self._distinguishing:
            of_its_own = np.sum(np.array(bits)[own], axis=0) if own.any() else 0.0
            against = (
                against + np.exp2(-of_its_own) * BESIDE_ANOTHER / self._population.others_a_row
            )
        return np.log2(share / (1 - share)) - np.log2(against)

    def bits(
        self, weights: Weights, number: int, pairs: Pairs, found: Levels
    ) -> NDArray[np.float64]:
        """Return what comparison *number* adds to the odds of each pair."""
        level, state = found[:, number], self._state(number, found)
        said = level >= 0
        with np.errstate(divide="ignore"):
            table = np.log2(weights.m[number]) - np.log2(weights.u[number])
        bits = np.where(said, table[state, np.maximum(level, 0)], 0.0)
        same = (level == 0) & (state == 0)
        ids = self._comparisons.ids(number)[pairs[same, 0]]
        bits[same] = np.log2(weights.m[number][0, 0]) - np.log2(weights.rare[number][ids])
        return np.clip(bits, -MOST, MOST)

    def _state(self, number: int, found: Levels) -> NDArray[np.int64]:
        parent = self._parents[number]
        if parent is None:
            return np.zeros(len(found), np.int64)
        return (found[:, parent] == 0).astype(np.int64)

    def _expected(self, number: int) -> NDArray[np.float64]:
        usual = np.array(self._comparisons.scales[number].usual)
        usual = usual / usual.sum()
        if len(usual) < self._sizes[number]:
            usual = np.append(usual * 0.98, 0.02)
        return usual

    def _first(self) -> Weights:
        return Weights([np.vstack((usual, usual)) for usual in self._usual], MATCHES_A_ROW)

    def _none(self, pairs: Pairs) -> NDArray[np.float64]:
        return np.zeros(len(pairs))

    def _match(
        self, weights: Weights, pairs: Pairs, found: Levels, likely: NDArray[np.float64]
    ) -> None:
        """Set the shares among pairs of one thing, and how many there are."""
        weights.matches_a_row = max(0.01, float(likely.sum()) / self._population.rows)
        for number, usual in enumerate(self._usual):
            for state, counts in enumerate(self._counts(number, found, likely)):
                weights.m[number][state] = (counts + CONFIDENCE * usual) / (
                    counts.sum() + CONFIDENCE
                )

    def _count(
        self, weights: Weights, pairs: Pairs, found: Levels, likely: NDArray[np.float64]
    ) -> None:
        """Set the shares among pairs of two things: all pairs less the likely ones."""
        weights.u, weights.rare = [], []
        for number in range(len(self._sizes)):
            matched = self._counts(number, found, likely)
            u = self._population.others(number, matched)
            weights.u.append(u)
            same = found[:, number] == 0
            ids = self._comparisons.ids(number)[pairs[same, 0]]
            weights.rare.append(self._population.rare(number, u[0, 0], ids, likely[same]))

    def _counts(
        self, number: int, found: Levels, likely: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        level, state, size = found[:, number], self._state(number, found), self._sizes[number]
        said = level >= 0
        flat = state[said] * size + level[said]
        return np.bincount(flat, likely[said], minlength=2 * size).astype(float).reshape(2, size)
