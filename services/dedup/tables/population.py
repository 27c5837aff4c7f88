"""How all pairs of a table agree: equal values counted, other levels from a fixed sample.

The sample is of rows in the order of their contents, so the order of the table changes nothing.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.dedup.tables import expected
from services.dedup.tables.comparing import Comparisons, Pairs

SAMPLE = 150_000
"""Pairs compared to see how those of two things agree; all of a table of 548 rows."""

BESIDE = 20_000
"""Pairs compared of those that share what another comparison follows from."""

SEED = 1
"""Of the sample: the same table gives the same answer."""


class Population:
    """All pairs of one table; with sources, those between two of them."""

    def __init__(
        self,
        comparisons: Comparisons,
        parents: Sequence[int | None],
        sources: Sequence[str] | None,
    ):
        self.rows = len(comparisons.columns[0].values)
        self._comparisons = comparisons
        self._sources = _numbered(sources or [""] * self.rows)
        self._linked = sources is not None
        self.pairs = self._together(np.zeros(self.rows, np.int64))[0]
        self.others_a_row = max(1.0, 2 * self.pairs / max(1, self.rows))
        order = self._order()
        sample = self._sample(order)
        self._levels = [
            self._all(number, parent, sample, order) for number, parent in enumerate(parents)
        ]
        self._counts = [self._by_value(number) for number in range(len(parents))]
        self._expected = [
            expected.of_two(column.kind, comparisons.sizes(number))
            for number, column in enumerate(comparisons.columns)
        ]

    def share(self, matches_a_row: float) -> float:
        """Return the share of all pairs that are one thing."""
        return min(0.5, max(1e-12, matches_a_row * self.rows / max(1.0, self.pairs)))

    def others(self, number: int, matched: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return by state and level the share among pairs of two things, less those *matched*."""
        counted, step = self._levels[number]
        drawn = np.where(step > 1.0, 0.5 * step, 0.0)
        left = np.maximum(counted - matched, 0.0) + drawn + self._expected[number]
        return left / left.sum(axis=1, keepdims=True)

    def rare(
        self, number: int, usual: float, ids: NDArray[np.int64], likely: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return by value the share of other things that have it, too.

        *usual* is that of any value, and counts as one thing more; *ids* are the values that the
        *likely* pairs share.
        """
        together, rows = self._counts[number]
        matched = np.bincount(ids, likely, minlength=len(together))
        others = 2 * np.maximum(together - matched, 0.0) / np.maximum(rows, 1)
        size = self.rows / 2 if self._linked else self.rows
        return np.minimum(1.0, (others + 1.0) / (size + 1.0 / usual))

    def _order(self) -> NDArray[np.int64]:
        keys = [self._comparisons.ids(n) for n in range(len(self._comparisons.columns))]
        return np.lexsort([*reversed(keys), self._sources])

    def _sample(self, order: NDArray[np.int64]) -> Pairs:
        if self.rows * (self.rows - 1) // 2 <= SAMPLE:
            places = np.column_stack(np.triu_indices(self.rows, 1))
        else:
            drawn = np.random.default_rng(SEED).integers(0, self.rows, (SAMPLE, 2))
            places = drawn[drawn[:, 0] != drawn[:, 1]]
        return self._allowed(order[places])

    def _allowed(self, pairs: Pairs) -> Pairs:
        if not self._linked:
            return pairs
        return pairs[self._sources[pairs[:, 0]] != self._sources[pairs[:, 1]]]

    def _all(
        self, number: int, parent: int | None, sample: Pairs, order: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the pairs at each level by state, and how many one counted pair stands for."""
        size = self._comparisons.sizes(number)
        counted, step = np.zeros((2, size)), np.ones((2, size))
        ids = self._comparisons.ids(number)
        counted[0], step[0] = self._scaled(sample, number, size, self.pairs)
        same = self._together(np.where(ids > 0, ids, -1))[0]
        if parent is not None:
            parents = self._comparisons.ids(parent)
            within = self._within(parents, order)
            pairs = self._together(np.where(parents > 0, parents, -1))[0]
            counted[1], step[1] = self._scaled(within, number, size, pairs)
            both = (ids > 0) & (parents > 0)
            joint = np.where(both, ids * (parents.max() + 1) + parents, -1)
            counted[1, 0], step[1, 0] = self._together(joint)[0], 1.0
            same -= counted[1, 0]
        counted[0, 0], step[0, 0] = same, 1.0
        return counted, step

    def _scaled(
        self, sample: Pairs, number: int, size: int, pairs: float
    ) -> tuple[NDArray[np.float64], float]:
        levels = self._comparisons.levels_of(number, sample)
        counts = np.bincount(levels[levels >= 0], minlength=size).astype(float)
        step = max(1.0, pairs / max(1, len(sample)))
        return counts * step, step

    def _within(self, parents: NDArray[np.int64], order: NDArray[np.int64]) -> Pairs:
        """Return pairs of rows that share a value of *parents*: neighbours at many distances."""
        said = order[parents[order] > 0]
        said = said[np.argsort(parents[said], kind="stable")]
        found = [np.empty((0, 2), np.int64)]
        for apart in range(1, len(said)):
            first, second = said[:-apart], said[apart:]
            same = parents[first] == parents[second]
            if not same.any() or sum(map(len, found)) >= BESIDE:
                break
            found.append(np.column_stack((first[same], second[same])))
        return self._allowed(np.vstack(found))

    def _by_value(self, number: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return by value the pairs of rows that share it, and the rows."""
        ids = self._comparisons.ids(number)
        size = int(ids.max(initial=0)) + 1
        rows = np.bincount(ids, minlength=size).astype(float)
        return self._together(ids, size)[1], rows

    def _together(
        self, ids: NDArray[np.int64], size: int | None = None
    ) -> tuple[float, NDArray[np.float64]]:
        """Return how many pairs share an id of 0 or more, in all and by id."""
        distinct, back = np.unique(ids, return_inverse=True) if size is None else (None, ids)
        length = size if size is not None else len(distinct)  # type: ignore[arg-type]
        pairs = _pairs(np.bincount(back, minlength=length).astype(float))
        if self._linked:
            for source in np.unique(self._sources):
                mine = np.bincount(back[self._sources == source], minlength=length)
                pairs -= _pairs(mine.astype(float))
        if distinct is not None:
            pairs[distinct < 0] = 0.0
        return float(pairs.sum()), pairs


def _pairs(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return rows * (rows - 1) / 2


def _numbered(names: Sequence[str]) -> NDArray[np.int64]:
    places = {name: place for place, name in enumerate(sorted(set(names)))}
    return np.array([places[name] for name in names], np.int64)
