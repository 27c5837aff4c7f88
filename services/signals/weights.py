"""The weights of features, found by number, many at a time.

Pure. A feature is known by two numbers: its key (`keys`), by which a page's are found, and what
Python makes of its name, by which those of a message are. The row of a word holds the sum of its
own weights and of its parts', so that parts are looked for of words alone that no row is of.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from services.signals.features import pieces, words_among
from services.signals.keys import Keys, Places, all_keys, firsts, once
from services.signals.table import Numbers, Table
from services.signals.word_keys import piece_keys

Rows: TypeAlias = NDArray[np.int32]
"""Weights of outputs and hidden units, or sums of such: a row of each."""

_AT_ONCE = 1000
"""Words whose parts are looked for at once: bounds the memory for it."""

_LETTERS = 15
"""Letters of a feature's name, and its line's end."""

Thing = TypeVar("Thing")


class Written(Protocol):
    """The words of a text, NEGATED where they are, each written out when it is asked for."""

    def __len__(self) -> int:
        """Return how many there are."""

    def __getitem__(self, at: int) -> str:
        """Return one."""


class Placed(NamedTuple):
    """Where the rows of a text's features stand."""

    places: Places | Numbers
    added: NDArray[np.int16]
    """Rows of words that none is of, which stand after all others."""


NOWHERE = Placed(np.zeros(0, np.int32), np.zeros((0, 0), np.int16))
"""Those of no features."""


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
            yield self._by_key.found(all_keys(some)), self._of_pieces(some)

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

    def places(self, names: Sequence[str]) -> Places:
        """Return where the rows of features stand; `none` of what has no weights."""
        return self._by_key.found(all_keys(names))

    def placed(self, said: Written, keys: Keys, others: Places) -> Placed:
        """Return where the rows of features stand.

        *said* are words, which may be NEGATED; *keys* are theirs and then those of other features;
        *others* are the `places` of further ones.
        """
        found = self._by_key.found(keys)
        new = (found[: len(said)] == self.none).nonzero()[0].tolist()
        added = NOWHERE.added
        if new:
            words = [said[at] for at in new]
            number = {word: at for at, word in enumerate(dict.fromkeys(words), self.none + 1)}
            found[new] = [number[word] for word in words]
            added = self._of_pieces([*number])
        return Placed(np.concatenate((found, others), dtype=np.int32), added)

    def sums(self, placed: Placed, of: Places, count: int) -> Rows:
        """Return the sums of *count* sentences, each distinct feature of which counts once.

        *of* is the sentence of each feature.
        """
        known = (placed.places != self.none).nonzero()[0]
        some = Placed(placed.places.take(known), placed.added)
        return _summed(self.rows, some, of.take(known), count)

    def of_each(self, placed: Placed, which: Places, column: int) -> NDArray[np.int16]:
        """Return one weight of *which* features."""
        return _rows(self.rows, Placed(placed.places.take(which), placed.added))[:, column]

    def _of_pieces(self, words: Sequence[str]) -> NDArray[np.int16]:
        """Return the sums of words' beginnings and parts."""
        told = []
        for some in _in_parts(words):
            keys, of = piece_keys(some)
            placed = Placed(self._by_key.found(keys), NOWHERE.added)
            told.append(_summed(self.rows, placed, of, len(some)))
        return np.concatenate(told).astype(np.int16)


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


def _summed(rows: NDArray[np.int16], placed: Placed, of: Places, count: int) -> Rows:
    """Return the sums of rows by the number of the sentence that each is *of*, each row once."""
    bits = (len(rows) + len(placed.added)).bit_length()
    # Half the bytes are put in order in half the time.
    whole = np.uint32 if count << bits <= 1 << 32 else np.uint64
    above: NDArray[Any] = of.astype(whole)
    both = once((above << whole(bits)) | placed.places.astype(whole))
    sentence, places = both >> whole(bits), (both & whole((1 << bits) - 1)).astype(np.int64)
    total = np.zeros((count, rows.shape[1]), np.int32)
    if len(both):
        begins = firsts(sentence).nonzero()[0]
        taken = _rows(rows, Placed(places, placed.added))
        total[sentence.take(begins)] = np.add.reduceat(taken, begins, 0, np.int32)
    return total


def _rows(rows: NDArray[np.int16], placed: Placed) -> NDArray[np.int16]:
    taken = rows.take(placed.places, 0, mode="clip")
    if len(placed.added):
        new = (placed.places >= len(rows)).nonzero()[0]
        taken[new] = placed.added.take(placed.places.take(new) - len(rows), 0)
    return taken
