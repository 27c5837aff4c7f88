"""The weights of features, found by number, many at a time.

Pure. A feature is known by two numbers: its key (`keys`), by which a page's are found, and what
Python makes of its name, by which those of a message are. The row of a word holds the sum of its
own weights and of its parts', so that parts are looked for of words alone that no row is of.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from services.signals.features import pieces, words_among
from services.signals.keys import Keys, Places, all_keys
from services.signals.table import Table
from services.signals.word_keys import piece_keys

Rows: TypeAlias = NDArray[np.int32]
"""Weights of outputs and hidden units, or sums of such: a row of each."""

_AT_ONCE = 1000
"""Words whose parts are looked for at once: bounds the memory for it."""

_LETTERS = 15
"""Letters of a feature's name, and its line's end."""

_OF, _WHICH = 41, 24
"""Bits that the number of a sentence, and of a new word, are moved by, to sort by: rows are fewer
than 2**24, and new words of a text than 2**17."""

_ROW = (1 << _WHICH) - 1

Thing = TypeVar("Thing")


class Written(Protocol):
    """The words of a text, NEGATED where they are, each written out when it is asked for."""

    def __len__(self) -> int:
        """Return how many there are."""

    def __getitem__(self, at: int) -> str:
        """Return one."""


class Weights:
    """Rows of weights by feature."""

    def __init__(self, names: bytes, rows: NDArray[np.int8]):
        """*rows* has one row for each of *names*, which are lines. Raises ValueError.

        Only some of the names are texts at a time: all would stay in this process's memory.
        """
        self.none = len(rows)
        """The row of what has no weights."""
        by_key, by_name, words = [], [], []
        for some in _lines(names):
            by_key.append(all_keys(some))
            by_name.append(_numbers(some))
            words += words_among(some)
        self._by_key = Table(np.concatenate(by_key))
        self._by_name = Table(np.concatenate(by_name))
        self._words = frozenset(words)
        self.rows = np.zeros((self.none + 1, rows.shape[1]), np.int16)
        self.rows[:-1] = rows
        for places, sums in self._sums():
            self.rows[places] += sums

    def __len__(self) -> int:
        """Return how many features have weights."""
        return self.none

    def __contains__(self, name: str) -> bool:
        """Return whether a feature has weights."""
        return bool(self._by_name.found(_numbers([name]))[0] != self.none)

    def alone(self) -> NDArray[np.int8]:
        """Return the rows as they were given."""
        rows = self.rows[:-1].copy()
        for places, sums in self._sums():
            rows[places] -= sums
        return rows.astype(np.int8)

    def _sums(self) -> Iterator[tuple[Places, NDArray[np.int16]]]:
        """Yield the rows of words, and the sums of their beginnings and parts."""
        for some in _in_parts(sorted(self._words)):
            sums = _summed(self.rows, _once(self._pieces([*enumerate(some)])), len(some))
            yield self._by_key.found(all_keys(some)), sums.astype(np.int16)

    def named(self, names: Iterable[str]) -> Rows:
        """Return the rows of features that are no words."""
        return self.rows.take(self._by_name.found(_numbers(names)), 0).astype(np.int32)

    def words(self, words: Sequence[str]) -> Rows:
        """Return the sums of words, which may be NEGATED."""
        return self.of_sentences([({word}, ()) for word in words])

    def of_sentences(self, said: Sequence[tuple[Iterable[str], Iterable[str]]]) -> Rows:
        """Return the sum of each sentence's distinct words and other features."""
        numbers: list[int] = []
        begins = []
        for words, named in said:
            begins.append(len(numbers))
            # Sentences without a feature have one that no row is of.
            numbers.append(0)
            numbers += map(hash, named)
            for word in words:
                if word in self._words:
                    numbers.append(hash(word))
                else:
                    numbers += map(hash, pieces(word))
        found = self._by_name.found(np.array(numbers, np.int64).view(np.uint64))
        return np.add.reduceat(self.rows.take(found, 0), begins, 0, np.int32)

    def of_columns(self, said: Written, keys: Keys, of: Places, count: int) -> Rows:
        """Return the sums of *count* sentences, each distinct feature of which counts once.

        *said* are words, which may be NEGATED; *keys* are theirs and then those of other features;
        *of* is the sentence of each key.
        """
        found = self._by_key.found(keys)
        known = found != self.none
        both = ((of << _OF) | found)[known]
        new = (~known[: len(said)]).nonzero()[0].tolist()
        if new:
            which = zip(of[new].tolist(), [said[at] for at in new], strict=True)
            both = np.append(both, self._pieces(sorted(set(which))))
        return _summed(self.rows, _once(both), count)

    def _pieces(self, words: Sequence[tuple[int, str]]) -> Places:
        """Return the rows of words' beginnings and parts, each under the word and its sentence."""
        told = []
        for number, some in enumerate(_in_parts(words)):
            keys, which = piece_keys([word for _, word in some])
            of = np.array([sentence for sentence, _ in some], np.int64)
            found = self._by_key.found(keys)
            known = found != self.none
            above = (of << _OF) | (np.arange(len(some)) + (number * _AT_ONCE + 1) << _WHICH)
            told.append((above.take(which) | found)[known])
        return np.concatenate(told) if told else np.zeros(0, np.int64)


def _lines(names: bytes) -> Iterator[list[str]]:
    """Yield lines, some _AT_ONCE at a time."""
    start = 0
    while start <= len(names):
        end = names.find(b"\n", start + _AT_ONCE * _LETTERS)
        end = len(names) if end < 0 else end
        yield names[start:end].decode().split("\n")
        start = end + 1


def _numbers(names: Iterable[str]) -> Keys:
    """Return what Python finds texts by: 64 bits that a text keeps, other ones in each process."""
    return np.array([*map(hash, names)], np.int64).view(np.uint64)


def _in_parts(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    for start in range(0, len(things), _AT_ONCE):
        yield things[start : start + _AT_ONCE]


def _once(places: Places) -> Places:
    """Return *places* in order, each once."""
    places.sort()
    if not len(places):
        return places
    return places[np.append(True, places[1:] != places[:-1])]


def _summed(rows: NDArray[np.int16], places: Places, count: int) -> Rows:
    """Return the sums of rows by the number of the sentence that stands above each, in order."""
    total = np.zeros((count, rows.shape[1]), np.int32)
    if len(places):
        of = places >> _OF
        begins = np.append(0, (of[1:] != of[:-1]).nonzero()[0] + 1)
        taken = rows.take(places & _ROW, 0).astype(np.int32)
        total[of.take(begins)] = np.add.reduceat(taken, begins, 0)
    return total
