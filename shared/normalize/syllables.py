"""Chinese given names across tongues: Jiajun and Ka-kwan, Zhijie and Chi Kit.

The same characters are spelt after Mandarin (pinyin, Wade-Giles) and Cantonese. Syllable by
syllable, how each begins and ends corresponds as a rule; Cantonese keeps the older sounds
(Matthews and Yip, "Cantonese: A Comprehensive Grammar", 1994). Vowels tell little.
"""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

MOST_REMEMBERED = 8192
"""Names whose syllables are kept in memory (under 4 MB)."""

MAX_NAME = 32
"""Letters of a name that are looked at."""

_SYLLABLE = re.compile(
    "(zh|ch|sh|hs|sz|ts|tz|kw|gw|ng(?=[aeiou])|[bcdfghjklmnpqrstwxyz])?"
    "((?:[aeiou]|y(?![aeiou]))+)(ng|[nmptkhr])?(?![aeiou])"
)

_ONSETS = {
    **dict.fromkeys(("b", "p"), "P"),
    **dict.fromkeys(("d", "t"), "T"),
    **dict.fromkeys(("n", "l"), "L"),
    **dict.fromkeys(("g", "kw", "gw"), "K"),
    **dict.fromkeys(("zh", "z", "c", "ts", "tz"), "C"),
    **dict.fromkeys(("s", "sz"), "S"),
    **dict.fromkeys(("x", "hs"), "SHY"),
    **{"sh": "SC", "ch": "KC", "j": "KCR", "q": "KCH", "k": "KH", "h": "HWF", "f": "F"},
    **{"m": "M", "w": "WM", "r": "YWR", "y": "YW", "ng": "NY", "": "NY"},
}
"""Groups of first sounds that an initial may stand for: 国 is guo and kwok, 庆 qing and hing."""


_ENDS = {"i": "front", "y": "front", "a": "back", "o": "back", "u": "back"}
"""Where the mouth ends an open syllable; e may be either."""

_EITHER_END = frozenset({("ai", ""), ("ia", "")})
"""Vowels of characters that Cantonese reads otherwise: 佳 is jia and kai."""

_BUZZED = frozenset((onset, "i") for onset in ("z", "c", "s", "zh", "ch", "sh", "r")) | {
    *(("sz", "u"), ("tz", "u"), ("ts", "u"), ("sz", "e")),
}
"""Syllables of one sound: 思 is si in pinyin, szu in Wade-Giles and sze in Hong Kong."""

Syllable = tuple[str, str, str]
"""How it may begin, whether it ends in a nasal, and where its vowel ends if it is open."""


def same_syllables(one: str, other: str) -> bool | None:
    """Return whether two folded given names may be read off the same two characters or more.

    None if nobody can say: a single syllable, one name in the other, or what is not made of
    Chinese syllables.
    """
    left, right = _syllables(one), _syllables(other)
    if not left or not right:
        return None
    if len(left) != len(right):
        return None if _one_begins_or_ends(left, right) else False
    if not all(_alike(x, y) for x, y in zip(left, right, strict=True)):
        return False
    return True if len(left) > 1 else None


def as_many_syllables(one: str, other: str) -> bool:
    """Return whether two folded names have as many Chinese syllables, or one has other ones."""
    left, right = _syllables(one), _syllables(other)
    return not (left and right) or len(left) == len(right)


def one_syllable(word: str) -> bool:
    """Return whether a folded word is one Chinese syllable."""
    return len(_syllables(word)) == 1


def no_syllable(one: str, other: str) -> bool:
    """Return whether one of two folded words is a syllable, and the other a slip that is none.

    Ming and mign; two syllables that differ in a letter are two names.
    """
    return one_syllable(one) != one_syllable(other) and OSA.distance(one, other) == 1


def _one_begins_or_ends(one: tuple[Syllable, ...], other: tuple[Syllable, ...]) -> bool:
    """True if the shorter name may be how the longer one begins, or ends."""
    short, long = sorted((one, other), key=len)
    ends = (long[: len(short)], long[-len(short) :])
    return any(all(map(_alike, short, end)) for end in ends)


def _alike(one: Syllable, other: Syllable) -> bool:
    if one[1] != other[1] or set(one[0]).isdisjoint(other[0]):
        return False
    return {one[2], other[2]} != {"front", "back"}


@lru_cache(MOST_REMEMBERED)
def _syllables(name: str) -> tuple[Syllable, ...]:
    """Return the syllables of *name*; empty if they do not fit."""
    found, end = [], 0
    word = name[:MAX_NAME].replace(" ", "")
    for match in _SYLLABLE.finditer(word):
        if match.start() != end:
            return ()
        onset, vowels, coda = match.groups(default="")
        nasal = coda in ("ng", "n", "m")
        open_end = "" if nasal or coda in ("p", "t", "k") else _ENDS.get(vowels[-1], "")
        if (vowels, coda) in _EITHER_END or (not coda and (onset, vowels) in _BUZZED):
            open_end = ""
        found.append((_ONSETS[onset], "N" if nasal else "", open_end))
        end = match.end()
    return tuple(found) if end == len(word) else ()
