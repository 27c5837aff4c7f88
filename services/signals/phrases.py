"""Phrases of whole words, all that stand in a text found at once by their keys.

Pure. Of a page this takes half the time of the walk of `concepts.Lexicon`, which waits for memory
letter by letter; of a message many times as long.
"""

from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

import numpy as np

from services.signals.keys import Keys, Marks, Numbered, Places, all_keys
from services.signals.table import Table

SPACE = np.uint64(ord(" "))


class Words(NamedTuple):
    """The words of a text in order."""

    text: str
    """As `features.digits_alike` has it."""
    written: Numbered
    """The same."""
    inside: Marks
    """Whether each of its letters is a word's, and no for what stands before and after it."""
    starts: Places
    ends: Places
    keys: Keys


def words(alike: str) -> Words:
    """Return the words of a text of `features.digits_alike`."""
    written = Numbered(alike)
    inside = np.zeros(len(alike) + 2, bool)
    np.not_equal(written.codes, SPACE, out=inside[1:-1])
    starts, ends = (inside[1:] != inside[:-1]).nonzero()[0].reshape(-1, 2).T.copy()
    return Words(alike, written, inside, starts, ends, written.keys(starts, ends))


class Phrases:
    """Phrases to look for, each known by where it stands among those given.

    Words are looked up; then those that a phrase begins with, with the next one; then what follows
    such pairs, as long as the phrases are that begin so.
    """

    def __init__(self, phrases: Sequence[str]):
        """*phrases* are distinct: words without digits, a space between."""
        begins: dict[str, int] = {}
        for phrase in phrases:
            said = phrase.split(" ")
            if len(said) > 1:
                begins.setdefault(said[0], 0)
            if len(said) > 2:
                pair = " ".join(said[:2])
                begins[pair] = begins.get(pair, 0) | 1 << len(said)
        known = [*dict.fromkeys((*phrases, *begins))]
        self._many = len(phrases)
        self._table = Table(all_keys(known))
        self._begins = np.array([*(one in begins for one in known), False])
        lengths = [_lengths(begins.get(one, 0)) for one in known]
        self._counts = np.array([*map(len, lengths), 0], np.int64)
        self._firsts = self._counts.cumsum() - self._counts
        self._lengths = np.array([*chain.from_iterable(lengths)], np.int64)

    def found(self, said: Words) -> tuple[Places, Places, Places]:
        """Return number, start and end of each, in no order and some twice."""
        words = self._table.found(said.keys)
        first = self._begins.take(words[:-1]).nonzero()[0]
        start, end = said.starts.take(first), said.ends.take(first + 1)
        pairs = self._table.found(said.written.keys(start, end))
        which, length = self._longer(pairs)
        # Of what goes on beyond the text its end is looked up, which may be a phrase as well.
        last = said.ends.take(first.take(which) + length - 1, mode="clip")
        begin = start.take(which)
        more = self._table.found(said.written.keys(begin, last))
        number = np.concatenate((words, pairs, more))
        hit = (number < self._many).nonzero()[0]
        starts = np.concatenate((said.starts, start, begin)).take(hit)
        return number.take(hit), starts, np.concatenate((said.ends, end, last)).take(hit)

    def _longer(self, pairs: Places) -> tuple[Places, Places]:
        """Return which of *pairs* phrases begin with, and how many words each of these has."""
        counts = self._counts.take(pairs)
        some = counts.nonzero()[0]
        counts = counts.take(some)
        places = (self._firsts.take(pairs.take(some)) - counts.cumsum() + counts).repeat(counts)
        return some.repeat(counts), self._lengths.take(places + np.arange(len(places)))


@cache
def _lengths(bits: int) -> tuple[int, ...]:
    """Return which of *bits* are set."""
    return tuple(bit for bit in range(bits.bit_length()) if bits >> bit & 1)
