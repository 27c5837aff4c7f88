"""The keys of words and of their beginnings and parts, as `features.pieces` names them.

Pure.
"""

from collections.abc import Sequence

import numpy as np

from services.signals.features import NEGATED, PART, STEMS
from services.signals.keys import Keys, Marks, Numbered, Places, power

_ONE = power(1)
_MARK, _PART = np.uint64(ord(NEGATED)), np.uint64(ord("~"))
_STEMS = np.array(STEMS)
_STARS = np.array([ord("*") * int(power(stem)) % (1 << 64) for stem in STEMS], np.uint64)


def marked(keys: Keys, negated: Marks) -> Keys:
    """Return *keys* with those that are *negated* written so."""
    return np.where(negated, keys * _ONE + _MARK, keys)


def piece_keys(words: Sequence[str]) -> tuple[Keys, Places]:
    """Return the keys of the words' beginnings and parts, and whose each is.

    *words* may be NEGATED. A part that a word has twice is there twice.
    """
    plain = [word.removeprefix(NEGATED) for word in words]
    written = Numbered(f"<{'><'.join(plain)}>")
    lengths = np.array([*map(len, plain)], np.int64)
    begins = (lengths + 2).cumsum() - lengths - 1
    negated = np.array([*map(len, words)], np.int64) != lengths
    of = np.arange(len(words)).repeat(lengths + 2)
    inside = (of[PART - 1 :] == of[: 1 - PART]).nonzero()[0]
    parts = written.keys(inside, inside + PART) * _ONE + _PART
    stem, long = (lengths > _STEMS[:, np.newaxis]).nonzero()
    starts = begins.take(long)
    stems = written.keys(starts, starts + _STEMS.take(stem)) + _STARS.take(stem)
    stems = marked(stems, negated.take(long))
    return np.concatenate((parts, stems)), np.concatenate((of.take(inside), long))
