"""Names in two scripts: how they agree, where transliteration is too coarse to compare letters.

What a script writes is compared by its consonants, which romanisations agree on better than on
vowels. Han characters are read as Mandarin, which only a family name that agrees confirms.
"""

import re

from rapidfuzz import fuzz

from services.dedup.record import Record
from shared.normalize.name_script import ABJADS, ALPHABETS
from shared.normalize.phonetic import consonants

_HAN = frozenset({"CJK", "HIRAGANA", "KATAKANA"})
"""Scripts of names that hold Han characters, which are read as Mandarin also in Japan."""

AGREE, CONTRADICT = 80.0, 50.0
"""Likeness of consonants, in percent, from which words are one, and below which they are two."""


def comparable(a: Record, b: Record) -> bool:
    """Return whether the letters of both names can be compared once transliterated."""
    return a.script == b.script or {a.script, b.script} <= ALPHABETS


def across(a: Record, b: Record) -> str:
    """Return the level of names in two scripts whose letters disagree."""
    if _same_consonants(a, b):
        return "similar"
    if not a.family or not b.family:
        return "other_script"
    if not _HAN.isdisjoint((a.script, b.script)):
        return _chinese(a, b)
    given, family = _agree(a.given, b.given), _agree(a.family, b.family)
    if given is None or family is None:
        return "one_name_agrees" if given or family else "other_script"
    if given:
        return "similar" if family else "other_family_name"
    return "other_given_name" if family else "different"


def _agree(one: str, other: str) -> bool | None:
    """Return whether two words are one; None if nobody can say."""
    left, right = (consonants(word).replace(" ", "") for word in (one, other))
    likeness = fuzz.ratio(left, right)
    if likeness < CONTRADICT or abs(len(left) - len(right)) > 1:
        return False if left and right else None
    short = min(len(left), len(right)) < 3 and left != right
    return True if likeness >= AGREE and not short else None


def _chinese(a: Record, b: Record) -> str:
    """Return the level of a name in Han beside one in other letters.

    Where the family names agree in pinyin, the given names were spelt after the same tongue; so
    they were where the Japanese reading of one is known.
    """
    if not (a.given and b.given):
        return "other_script"
    meet = not {*a.family_roots, a.family}.isdisjoint({*b.family_roots, b.family})
    if a.family != b.family:
        if not meet:
            return "other_script"
        read = any(len(each.roots) > 1 for each in (a, b) if each.script in _HAN)
        return "other_given_name" if read else "one_name_agrees"
    one, other = (_syllables(f"{each.given}{each.middle}".replace(" ", "")) for each in (a, b))
    return "similar" if one == other else "other_given_name"


def _syllables(word: str) -> str:
    """Return how a Mandarin name begins and ends its syllables, in pinyin or Wade–Giles."""
    for pattern, sound in _INITIALS:
        word = pattern.sub(sound, word)
    return word


_INITIALS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"zh|ch|q|j|ts|tz|c|z", "J"),
        (r"sh|hs|s|x", "S"),
        (r"k|g(?!(?:$|[^aeiou]))", "K"),
        (r"p|b", "P"),
        (r"t|d", "T"),
        (r"ng|n", "N"),
        (r"[aeiouyw]+", ""),
    )
)


def _same_consonants(a: Record, b: Record) -> bool:
    """True if one script writes no vowels, and the consonants of the names agree."""
    if ABJADS.isdisjoint((a.script, b.script)):
        return False
    one, other = (
        consonants(f"{each.given} {each.middle} {each.family}").replace(" ", "") for each in (a, b)
    )
    return len(one) >= 3 and one == other
