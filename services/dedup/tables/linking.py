"""The flow: a table of any columns to the rows that are one thing.

Rows are put in the order of their contents first, so that the order of the table changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.dedup.tables import candidates, grouping, kinds, reading
from services.dedup.tables.comparing import Comparisons
from services.dedup.tables.kinds import Kind
from services.dedup.tables.weighing import Weighing, Weights

Cells = Sequence[Sequence[str | None]]
"""A table by rows."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What a table came to; rows by position."""

    kinds: tuple[Kind, ...]
    pairs: tuple[tuple[int, int, float], ...]
    """The links, with their log2 odds, the smaller row first, sorted."""
    clusters: tuple[tuple[int, ...], ...]
    """Rows that are one thing, two or more, each sorted."""
    compared: int
    """Pairs that were compared."""


def linked(
    columns: Sequence[str],
    rows: Cells,
    sources: Sequence[str] | None = None,
    learned: Weights | None = None,
    threshold: float = 0.0,
) -> Linked:
    """Return which of *rows* are one thing.

    With *sources*, one name a row, rows of one source are never the same, and each is linked once
    at most. *learned* weights are those of a labelled table of the same columns. *threshold* is in
    bits of log2 odds.
    """
    table = _Table(columns, rows, sources)
    return table.linked(learned, threshold)


def taught(
    columns: Sequence[str],
    rows: Cells,
    truth: Sequence[str],
    sources: Sequence[str] | None = None,
) -> Weights:
    """Return the weights of a table whose clusters are known: *truth* names that of each row."""
    table = _Table(columns, rows, sources)
    return table.taught([truth[place] for place in table.order])


class _Table:
    """One table in the order of its contents."""

    def __init__(self, columns: Sequence[str], rows: Cells, sources: Sequence[str] | None):
        self.order = sorted(
            range(len(rows)),
            key=lambda place: (
                tuple(cell or "" for cell in rows[place]),
                sources[place] if sources else "",
            ),
        )
        cells = [[rows[place][n] or None for place in self.order] for n in range(len(columns))]
        self._sources = [sources[place] for place in self.order] if sources else None
        self._kinds = kinds.kinds(columns, cells)
        self._read = reading.read(columns, self._kinds, cells)
        self._comparisons = Comparisons(self._read)

    def linked(self, learned: Weights | None, threshold: float) -> Linked:
        """Return the links and clusters, by the rows' own positions."""
        if not self._read or len(self.order) < 2:
            return Linked(tuple(self._kinds), (), (), 0)
        pairs = candidates.pairs(self._read, self._sources)
        found = self._comparisons.levels(pairs)
        weighing = Weighing(self._comparisons, self._sources)
        weights = weighing.learned(pairs, found, held=learned)
        odds = weighing.odds(weights, pairs, found)
        sure = odds > threshold
        links = [
            ((a, b), bits)
            for (a, b), bits in zip(pairs[sure].tolist(), odds[sure].tolist(), strict=True)
        ]

        def asked(others: list[tuple[int, int]]) -> list[float]:
            more = np.array(others, np.int64).reshape(-1, 2)
            return weighing.odds(weights, more, self._comparisons.levels(more)).tolist()

        if self._sources is not None:
            grouped = grouping.one_to_one(links)
        else:
            grouped = grouping.clusters(links, asked, threshold)
        return Linked(
            tuple(self._kinds),
            tuple(
                sorted((*sorted((self.order[a], self.order[b])), bits) for (a, b), bits in links)
            ),
            tuple(sorted(tuple(sorted(self.order[row] for row in each)) for each in grouped)),
            len(pairs),
        )

    def taught(self, truth: Sequence[str]) -> Weights:
        """Return weights by the truth."""
        pairs = candidates.pairs(self._read, self._sources)
        found = self._comparisons.levels(pairs)
        names = np.unique(np.array(truth), return_inverse=True)[1]
        labels = (names[pairs[:, 0]] == names[pairs[:, 1]]).astype(float)
        return Weighing(self._comparisons, self._sources).learned(pairs, found, labels)
