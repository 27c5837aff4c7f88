"""Pairs of rows as levels: a row of numbers a pair, a column a comparison.

Each two values are compared once however many pairs have them. Values that stand under the wrong
heading (given and family name, two lines of an address) are compared crosswise.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.dedup.tables import levels
from services.dedup.tables.kinds import Kind
from services.dedup.tables.reading import Column

SILENT = -1
"""The level where one of the two says nothing."""

EXCHANGED = {frozenset((Kind.GIVEN, Kind.FAMILY)), frozenset((Kind.STREET,))}
"""Kinds of two columns whose values are exchanged by mistake."""

Pairs = NDArray[np.int64]
"""Two rows by position, one pair a line."""

Levels = NDArray[np.int8]


class Comparisons:
    """The columns of one table, ready to be compared."""

    def __init__(self, columns: Sequence[Column]):
        self.columns = list(columns)
        self.scales = [levels.scale(each.kind, each.values) for each in columns]
        self._texts = [sorted({*each.values, ""}) for each in columns]
        self._ids = []
        for texts, column in zip(self._texts, columns, strict=True):
            places = {text: place for place, text in enumerate(texts)}
            self._ids.append(np.array([places[value] for value in column.values], np.int64))
        self.exchanged = self._exchangeable()

    def ids(self, number: int) -> NDArray[np.int64]:
        """Return the value of each row in column *number* as a number; 0 says nothing."""
        return self._ids[number]

    def sizes(self, number: int) -> int:
        """Return how many levels comparison *number* has: its scale's, and the exchanged one."""
        return len(self.scales[number].names) + (number in self.exchanged)

    def name(self, number: int, level: int) -> str:
        """Return what *level* of comparison *number* is called."""
        names = self.scales[number].names
        return names[level] if level < len(names) else "exchanged"

    def levels(self, pairs: Pairs) -> Levels:
        """Return the level of each comparison, SILENT where a row says nothing."""
        found = np.full((len(pairs), len(self.columns)), SILENT, np.int8)
        for number, ids in enumerate(self._ids):
            found[:, number] = self._of(number, ids[pairs[:, 0]], ids[pairs[:, 1]])
        for one, other in self.exchanged.items():
            if one < other:
                self._exchange(found, pairs, one, other)
        return found

    def levels_of(self, number: int, pairs: Pairs) -> Levels:
        """Return the levels of comparison *number* alone."""
        other = self.exchanged.get(number)
        if other is None:
            ids = self._ids[number]
            return self._of(number, ids[pairs[:, 0]], ids[pairs[:, 1]])
        found = np.full((len(pairs), len(self.columns)), SILENT, np.int8)
        for each in (number, other):
            ids = self._ids[each]
            found[:, each] = self._of(each, ids[pairs[:, 0]], ids[pairs[:, 1]])
        self._exchange(found, pairs, min(number, other), max(number, other))
        return found[:, number]

    def _of(self, number: int, a: NDArray[np.int64], b: NDArray[np.int64]) -> Levels:
        texts, compare = self._texts[number], self.scales[number].compare
        low, high = np.minimum(a, b), np.maximum(a, b)
        distinct, back = np.unique(low * len(texts) + high, return_inverse=True)
        made = np.empty(len(distinct), np.int8)
        for place, code in enumerate(distinct.tolist()):
            first, second = divmod(code, len(texts))
            made[place] = compare(texts[first], texts[second]) if first else SILENT
        return made[back]

    def _exchangeable(self) -> dict[int, int]:
        """Return, for each column that may have been mistaken for another, which one."""
        found: dict[int, int] = {}
        for one, column in enumerate(self.columns):
            for other in range(one):
                kinds = frozenset((column.kind, self.columns[other].kind))
                if kinds in EXCHANGED and one not in found and other not in found:
                    found[one], found[other] = other, one
        return found

    def _exchange(self, found: Levels, pairs: Pairs, one: int, other: int) -> None:
        """Where values agree crosswise only, say so once, and nothing of the second column."""
        first, second = self._shared(one, other)
        straight = (found[:, one] == 0) | (found[:, other] == 0)
        a, b = pairs[:, 0], pairs[:, 1]
        crossed, unsaid = np.zeros(len(pairs), np.int64), np.zeros(len(pairs), bool)
        for here, there in ((a, b), (b, a)):
            mine, theirs = first[here], second[there]
            crossed += (mine == theirs) & (mine > 0)
            unsaid |= (mine == 0) | (theirs == 0)
        swapped = ~straight & ((crossed == 2) | ((crossed == 1) & unsaid))
        found[swapped, one] = len(self.scales[one].names)
        found[swapped, other] = SILENT

    def _shared(self, one: int, other: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the values of two columns as numbers of one list."""
        texts = sorted({*self._texts[one], *self._texts[other]})
        place = {text: number for number, text in enumerate(texts)}
        first, second = (
            np.array([place[text] for text in self._texts[number]]) for number in (one, other)
        )
        return first[self._ids[one]], second[self._ids[other]]
