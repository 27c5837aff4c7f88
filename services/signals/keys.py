"""Numbers that stand for features: a text's number is found from those of its parts.

Pure. The key of a text is the sum of its code points, each times a power of BASE, modulo 2**64
(Karp and Rabin, 1987). All pieces of a text have theirs from one sum over it, without being cut
out, and what is put together has the keys of its parts put together. Two of a model's features and
of a text's that are not the same have the same key once in 10**13 times.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from services.signals.segmentation import MOST

Keys: TypeAlias = NDArray[np.uint64]
Places: TypeAlias = NDArray[np.int64]
Marks: TypeAlias = NDArray[np.bool_]

BASE = 0x9E3779B97F4A7C15
"""Odd, so that dividing by it is a multiplication; 5 modulo 8, so that its powers repeat last."""

_MOST = MOST + 200
"""Code points of a text that keys are taken from, and the features' own signs."""

_ROOM = 1 << 64


class Numbered:
    """A text whose pieces' keys can be asked for."""

    def __init__(self, text: str):
        """*text* has at most MOST code points."""
        self.codes = code_points(text)
        powers, self._inverse = _powers()
        self._sums = np.zeros(len(text) + 1, np.uint64)
        np.multiply(self.codes, powers[: len(text)], out=self._sums[1:])
        self._sums.cumsum(out=self._sums)

    def keys(self, starts: Places, ends: Places) -> Keys:
        """Return the keys of the pieces between *starts* and *ends*."""
        return (self._sums.take(ends) - self._sums.take(starts)) * self._inverse.take(starts)


class Affix(NamedTuple):
    """What stands before or after the pieces of features: keys and lengths of many at once."""

    keys: Keys
    lengths: Places


def affix(texts: Sequence[str]) -> Affix:
    """Return *texts* to be put before or after others."""
    return Affix(
        np.array([key(text) for text in texts], np.uint64),
        np.array([len(text) for text in texts], np.int64),
    )


def joined(first: Keys, length: Places, second: Keys) -> Keys:
    """Return the keys of two texts written as one; *length* is how long the first is."""
    return first + _powers()[0].take(length) * second


def power(length: int) -> np.uint64:
    """Return what the key of a text is multiplied by where *length* code points precede it."""
    return np.uint64(pow(BASE, length, _ROOM))


def key(text: str) -> int:
    """Return the key of *text*."""
    total = 0
    for letter in reversed(text):
        total = (total * BASE + ord(letter)) % _ROOM
    return total


def all_keys(texts: Sequence[str]) -> Keys:
    """Return the keys of many texts, such as the features of a model."""
    found = np.zeros(len(texts), np.uint64)
    ends = np.fromiter(map(len, texts), np.int64, len(texts)).cumsum()
    first, before = 0, 0
    while first < len(texts):
        last = max(first + 1, int(ends.searchsorted(before + _MOST, "right")))
        written = Numbered("".join(texts[first:last]))
        some = ends[first:last] - before
        found[first:last] = written.keys(np.append(0, some[:-1]), some)
        first, before = last, int(ends[last - 1])
    return found


def code_points(text: str) -> Keys:
    """Return the code points of *text*, halves of surrogate pairs included."""
    if text.isascii():
        return np.frombuffer(text.encode(), np.uint8).astype(np.uint64)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)


def once(numbers: NDArray[Any]) -> NDArray[Any]:
    """Return *numbers*, which are put in order, each once."""
    numbers.sort()
    return numbers[firsts(numbers)]


def firsts(numbers: NDArray[Any]) -> Marks:
    """Return which of *numbers* differ from the one before."""
    marks = np.empty(len(numbers), bool)
    marks[:1] = True
    np.not_equal(numbers[1:], numbers[:-1], out=marks[1:])
    return marks


@cache
def _powers() -> tuple[Keys, Keys]:
    """Return the powers of BASE and those of its inverse."""
    both = []
    for base in (BASE, pow(BASE, -1, _ROOM)):
        factors = np.full(_MOST, base, np.uint64)
        factors[0] = 1
        both.append(np.cumprod(factors))
    return both[0], both[1]
