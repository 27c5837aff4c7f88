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
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.dedup.tables import expected
from services.dedup.tables.comparing import Comparisons, Levels, Pairs
from services.dedup.tables.expected import Shares
from services.dedup.tables.kinds import Kind
from services.dedup.tables.population import Population
from services.dedup.tables.scheme import Scheme

ROUNDS = 40
"""Expectations and maximisations at most; ten to twenty settle a table."""

SETTLED = 1e-4
"""Change of the expected number of matches, as a share, at which it has settled."""

CONFIDENCE = 12.0
"""Pairs of one thing that the usual shares count as, beside those of the table."""

ENOUGH_ROWS = 200
"""Rows of a table whose likely pairs count in full for how things agree; of *n* rows
they count *n* / 200, for in a short list neighbours are soon taken for what one thing is like."""

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

BESIDE_ANOTHER = 0.05
"""Things for each row that share a household, a house or a firm with it and are not the same: what
they have in common is found that often, however rare each value is."""

BESIDE_AMONG_FEW = 0.1
"""The same in a list of a few rows, which is mostly of one place."""


@dataclass(slots=True)
class Weights:
    """What was learned of a table."""

    scheme: Scheme
    """How a table must be read that they are used on."""
    m: list[Shares]
    matches_a_row: float
    u: list[Shares] = field(default_factory=list)
    rare: list[NDArray[np.float64]] = field(default_factory=list)
    """By comparison: the share of the rest that has the value, by the value's number."""


class Parts(NamedTuple):
    """The log2 odds of pairs in their parts."""

    prior: float
    bits: NDArray[np.float64]
    """By comparison and pair."""
    beside: NDArray[np.float64]
    """By pair: 0, or against where what they share is shared by things beside each other."""

    @property
    def odds(self) -> NDArray[np.float64]:
        """Return the sum of all parts, by pair."""
        return self.prior + self.bits.sum(axis=0) + self.beside

    def of(self, places: NDArray[np.int64]) -> "Parts":
        """Return those of some pairs."""
        return Parts(self.prior, self.bits[:, places], self.beside[places])


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


class Weighing:
    """One table under weights that are being learned, or that were learned elsewhere."""

    def __init__(
        self, comparisons: Comparisons, scheme: Scheme, sources: Sequence[str] | None = None
    ):
        self._comparisons, self._scheme = comparisons, scheme
        self._parents = parents(comparisons)
        self._population = Population(comparisons, self._parents, sources)
        self._sizes = [comparisons.sizes(n) for n in range(len(comparisons.columns))]
        self._distinguishing = [
            np.array([column.kind in kinds for column in comparisons.columns])
            for kinds in scheme.distinguishing
        ]
        self._usual = [
            expected.of_one(scale, size)
            for scale, size in zip(comparisons.scales, self._sizes, strict=True)
        ]
        self._trust = min(1.0, self._population.rows / ENOUGH_ROWS)
        self._beside = self._trust * BESIDE_ANOTHER + (1 - self._trust) * BESIDE_AMONG_FEW

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
        weights = self._begun(held)
        self._count(weights, pairs, found, np.zeros(len(pairs)) if labels is None else labels)
        before = 0.0
        for _ in range(ROUNDS):
            likely = labels
            if likely is None:
                likely = 1 / (
                    1 + np.exp2(-np.clip(self.parts(weights, pairs, found).odds, -60, 60))
                )
            self._count(weights, pairs, found, likely)
            matches = float(likely.sum())
            if held is None:
                self._match(weights, found, likely, 1.0 if labels is not None else self._trust)
            if labels is not None or abs(matches - before) <= SETTLED * max(1.0, matches):
                break
            before = matches
        return weights

    def parts(self, weights: Weights, pairs: Pairs, found: Levels) -> Parts:
        """Return the odds that each of *pairs*, with levels *found*, is one thing."""
        share = self._population.share(weights.matches_a_row)
        bits = np.array(
            [self.bits(weights, number, pairs, found) for number in range(len(self._sizes))]
        )
        total = bits.sum(axis=0)
        against = np.exp2(-total)
        for own in self._distinguishing:
            neighbours = self._beside / self._population.others_a_row
            against += np.exp2(-bits[own].sum(axis=0)) * neighbours
        return Parts(float(np.log2(share / (1 - share))), bits, -np.log2(against) - total)

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

    def _begun(self, held: Weights | None) -> Weights:
        if held is not None:
            return Weights(self._scheme, held.m, held.matches_a_row)
        return Weights(
            self._scheme, [np.vstack((usual, usual)) for usual in self._usual], MATCHES_A_ROW
        )

    def _match(
        self, weights: Weights, found: Levels, likely: NDArray[np.float64], trust: float
    ) -> None:
        """Set the shares among pairs of one thing, and how many there are, as far as to *trust*."""
        told = max(0.01, float(likely.sum()) / self._population.rows)
        weights.matches_a_row = trust * told + (1 - trust) * MATCHES_A_ROW
        for number, usual in enumerate(self._usual):
            for state, counts in enumerate(trust * self._counts(number, found, likely)):
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
