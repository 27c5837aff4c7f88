"""The flow: a table of any columns to the rows that are one thing.

Rows are put in the order of their contents first, so that the order of the table changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.dedup.tables import candidates, grouping
from services.dedup.tables.comparing import Comparisons, Levels, Pairs
from services.dedup.tables.explaining import Evidence, explained
from services.dedup.tables.grouping import Link
from services.dedup.tables.scheme import Scheme, scheme
from services.dedup.tables.weighing import Weighing, Weights
from shared.errors import Meaningless

Rows = Sequence[Sequence[str | None]]
"""A table by rows."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What a table came to; rows by position."""

    scheme: Scheme
    """How it was read."""
    pairs: tuple[tuple[int, int, float], ...]
    """The links, with their log2 odds, the smaller row first, sorted."""
    clusters: tuple[tuple[int, ...], ...]
    """Rows that are one thing, two or more, each sorted."""
    compared: int
    """Pairs that were compared."""
    evidence: tuple[tuple[Evidence, ...], ...] = ()
    """What speaks for and against each link, if that was asked for."""


def linked(
    columns: Sequence[str],
    rows: Rows,
    sources: Sequence[str] | None = None,
    learned: Weights | None = None,
    threshold: float = 0.0,
    explain: bool = False,
) -> Linked:
    """Return which of *rows* are one thing.

    With *sources*, one name a row, rows of one source are never the same, and each is linked once
    at most. *learned* weights are those of another table, which says how this one is read: raises
    Malformed if it lacks a column. *threshold* is in bits of log2 odds.
    """
    table = _Table(columns, rows, sources, learned.scheme if learned else None)
    return table.linked(learned, threshold, explain)


def taught(
    columns: Sequence[str],
    rows: Rows,
    truth: Sequence[str],
    sources: Sequence[str] | None = None,
) -> Weights:
    """Return the weights of a table whose clusters are known: *truth* names that of each row.

    Raises Meaningless if there is nothing to compare.
    """
    table = _Table(columns, rows, sources)
    return table.taught([truth[place] for place in table.order])


class _Table:
    """One table in the order of its contents."""

    def __init__(
        self,
        columns: Sequence[str],
        rows: Rows,
        sources: Sequence[str] | None,
        known: Scheme | None = None,
    ):
        places = known.places(columns) if known else range(len(columns))
        self.order = sorted(
            range(len(rows)),
            key=lambda row: (
                tuple(rows[row][place] or "" for place in places),
                sources[row] if sources else "",
            ),
        )
        cells = [[rows[row][place] or None for row in self.order] for place in places]
        self._sources = [sources[row] for row in self.order] if sources else None
        self._scheme = known or scheme(columns, cells)
        self._read = self._scheme.read(cells)
        self._comparisons = Comparisons(self._read)
        self._silent = not self._read or len(self.order) < 2

    def linked(self, learned: Weights | None, threshold: float, explain: bool) -> Linked:
        """Return the links and clusters, by the rows' own positions."""
        if self._silent:
            return Linked(self._scheme, (), (), 0)
        pairs, found = self._compared()
        weighing = Weighing(self._comparisons, self._scheme, self._sources)
        weights = weighing.learned(pairs, found, held=learned)
        parts = weighing.parts(weights, pairs, found)
        sure = np.flatnonzero(parts.odds > threshold)
        links = [
            ((a, b), bits)
            for (a, b), bits in zip(pairs[sure].tolist(), parts.odds[sure].tolist(), strict=True)
        ]
        why = (
            explained(self._comparisons, found[sure], parts.of(sure))
            if explain
            else [()] * len(links)
        )
        told = sorted(
            (*sorted((self.order[a], self.order[b])), bits, each)
            for ((a, b), bits), each in zip(links, why, strict=True)
        )
        return Linked(
            self._scheme,
            tuple((a, b, bits) for a, b, bits, _ in told),
            self._grouped(weighing, weights, links, threshold),
            len(pairs),
            tuple(each for *_, each in told if explain),
        )

    def _grouped(
        self, weighing: Weighing, weights: Weights, links: list[Link], threshold: float
    ) -> tuple[tuple[int, ...], ...]:
        def odds(others: list[tuple[int, int]]) -> list[float]:
            more = np.array(others, np.int64).reshape(-1, 2)
            return weighing.parts(weights, more, self._comparisons.levels(more)).odds.tolist()

        if self._sources is not None:
            grouped = grouping.one_to_one(links)
        else:
            grouped = grouping.clusters(links, odds, threshold)
        return tuple(sorted(tuple(sorted(self.order[row] for row in each)) for each in grouped))

    def taught(self, truth: Sequence[str]) -> Weights:
        """Return weights by the truth. Raises Meaningless if there is nothing to compare."""
        if self._silent:
            raise Meaningless("A table without two rows that say anything teaches nothing.")
        pairs, found = self._compared()
        names = np.unique(np.array(truth), return_inverse=True)[1]
        labels = (names[pairs[:, 0]] == names[pairs[:, 1]]).astype(float)
        weighing = Weighing(self._comparisons, self._scheme, self._sources)
        return weighing.learned(pairs, found, labels)

    def _compared(self) -> tuple[Pairs, Levels]:
        pairs = candidates.pairs(self._read, self._sources)
        return pairs, self._comparisons.levels(pairs)
