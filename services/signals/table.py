"""A table of numbers of 64 bits that is asked for many at a time.

Pure. Each number has two places where it may stand, and stands in one of them (Pagh and Rodler,
2004): whatever is looked for is there, or in the other, or nowhere.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from services.signals.keys import Keys, Places

Numbers: TypeAlias = NDArray[np.int32]

_FACTORS = (np.uint64(0xD6E8FEB86659FD93), np.uint64(0xA0761D6478BD642F))
"""Odd numbers, each of which makes a place of a number."""

_BOTH = np.array(_FACTORS)[:, np.newaxis]

_ROOMY = 2.2
"""Places for each number: with fewer than two some find none."""

_MOST_MOVES = 200
"""Rounds of moving numbers to their other place: some twenty do."""

_AT_ONCE = 10_000
"""Numbers that are placed at once: bounds the memory for it."""

_LARGE = 1 << 22
"""Bytes from which numpy asks for large pages."""

_MOST_TABLES = 6
"""Tables, each with twice the places of the one before, that are tried."""


class Table:
    """Where each of some numbers stands among them."""

    def __init__(self, keys: Keys):
        """Raises ValueError where more than two of *keys* are the same."""
        self.none = len(keys)
        """What is answered of a number that is not there."""
        self._at, self._keys, self._shift = _placed(keys)

    def found(self, keys: Keys) -> Places:
        """Return where each of *keys* stands, `none` where it does not."""
        at = self._at.take(((_BOTH * keys) >> self._shift).view(np.int64))
        first, second = self._keys.take(at) == keys
        return np.where(first, at[0], np.where(second, at[1], self.none))


def _room(places: int, keys: Keys) -> tuple[Numbers, Keys]:
    """Return room for which number stands in each place, and *keys* with none after them.

    Of four MB and more numpy asks the system for large pages: a look-up then waits for memory, and
    not for where its page is, too.
    """
    for_places, for_keys = 4 * places, 8 * (len(keys) + 1)
    size = for_places + for_keys
    room = np.empty(max(size, _LARGE) if 2 * size > _LARGE else size, np.uint8)
    at = room[:for_places].view(np.int32)
    at[:] = len(keys)
    copied = room[for_places:size].view(np.uint64)
    copied[:-1], copied[-1] = keys, 0
    return at, copied


def _placed(keys: Keys) -> tuple[Numbers, Keys, np.uint64]:
    """Return what `_room` holds, and how many bits a place's number leaves out."""
    fewest = max(4, int(len(keys) * _ROOMY).bit_length())
    for bits in range(fewest, fewest + _MOST_TABLES):
        shift = np.uint64(64 - bits)
        homes = np.empty((2, len(keys)), np.int32)
        (at, kept), side = _room(1 << bits, keys), np.zeros(len(keys), np.int8)
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            for row, factor in zip(homes, _FACTORS, strict=True):
                row[start : start + _AT_ONCE] = (some * factor) >> shift
            if not _moved(homes, at, side, np.arange(start, start + len(some), dtype=np.int32)):
                break
        else:
            return at, kept, shift
    raise ValueError("numbers that are the same")


def _moved(homes: Numbers, at: Numbers, side: NDArray[np.int8], moving: Numbers) -> bool:
    """Put numbers into one of their *homes* and others into their other; False if there is none.

    *at* is which number stands in each place, *side* in which of its homes each number stands.
    """
    none = homes.shape[1]
    for _ in range(_MOST_MOVES):
        home = homes[side[moving], moving]
        out = np.append(moving, at[home])
        at[home] = moving
        out = out[out != none]
        moving = np.unique(out[at[homes[side[out], out]] != out])
        if not len(moving):
            return True
        side[moving] ^= 1
    return False
