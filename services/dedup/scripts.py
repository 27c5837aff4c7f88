"""Names in two scripts: how they agree, where transliteration is too coarse to compare letters.

What a script writes is compared by its consonants, which romanisations agree on better than on
vowels. Han characters are read as Mandarin, which only a family name that agrees confirms.
"""

import re

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from services.dedup.record import Record
from shared.normalize.family_variants import east_asian, given_readings
from shared.normalize.korean import korean_sound
from shared.normalize.name_script import ABJADS, ALPHABETS
from shared.normalize.phonetic import consonants
from shared.normalize.syllables import same_syllables

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
    if "HANGUL" in (a.script, b.script):
        return _korean(a, b)
    arabic = "ARABIC" in (a.script, b.script)
    if arabic and not (a.middle or b.middle) and _breathed(a.given) != _breathed(b.given):
        given: bool | None = False  # Ahmed and Mohammed
    else:
        given = _given_names_agree(a, b)
    family = _agree(a.family, b.family)
    if given is False and family is None:
        return "other_given_name"
    if given is None or family is None:
        return "one_name_agrees" if given or family else "other_script"
    if given:
        return "similar" if family else "other_family_name"
    return "other_given_name" if family else "different"


def _given_names_agree(a: Record, b: Record) -> bool | None:
    """Return whether the given names are one, also written together: Abd Allah, Abdullah."""
    first = _agree(a.given, b.given)
    if first or not (a.middle or b.middle):
        return first
    return _agree(_whole_given(a), _whole_given(b)) or None


def _breathed(word: str) -> str:
    """Return the consonants of an Arabic word with each h that is heard within it."""
    return consonants(_HEARD.sub("H", word))


_HEARD = re.compile("(?<![kgstpdc])h(?=.)")
"""An h that is neither the end of a word nor part of a digraph."""


def _agree(one: str, other: str) -> bool | None:
    """Return whether two words are one; None if nobody can say."""
    left, right = (consonants(word).replace(" ", "") for word in (one, other))
    likeness = fuzz.ratio(left, right)
    if likeness < CONTRADICT or abs(len(left) - len(right)) > 1:
        return False if left and right else None
    short = min(len(left), len(right)) < 3 and left != right
    if short and len(left) == len(right):
        return False
    return True if likeness >= AGREE and not short else None


def _korean(a: Record, b: Record) -> str:
    """Return the level of a name in Hangul beside one in Latin letters."""
    one, other = (korean_sound(_whole_given(each)) for each in (a, b))
    family = _families_meet(a, b)
    if not (one and other):
        return "other_script"
    if OSA.distance(one, other) == 1 and one[0] == other[0]:
        return "one_name_agrees" if family else "different"
    return "other_given_name" if family else "different"


def _whole_given(record: Record) -> str:
    return f"{record.given}{record.middle}".replace(" ", "")


def _japanese(a: Record, b: Record) -> str:
    """Return the level where the given name is read as in Japan, and the family names differ."""
    if not set(a.roots).isdisjoint(b.roots):
        return "one_name_agrees"
    return "other_script" if _spelt_chinese(a, b) else "different"


def _spelt_chinese(a: Record, b: Record) -> bool:
    """True if the given name in Latin letters is no Japanese one."""
    return not all(given_readings(each.given) for each in (a, b) if not each.script)


def _families_meet(a: Record, b: Record) -> bool:
    return not {*a.family_roots, a.family}.isdisjoint({*b.family_roots, b.family})


def _chinese(a: Record, b: Record) -> str:
    """Return the level of a name in Han beside one in other letters.

    Where the family names agree in pinyin, the given names were spelt after the same tongue; so
    they were where the Japanese reading of one is known.
    """
    if not (a.given and b.given):
        return "other_script"
    meet = _families_meet(a, b)
    one, other = _whole_given(a), _whole_given(b)
    alike = same_syllables(one, other)
    if a.family != b.family:
        read = any(len(each.roots) > 1 for each in (a, b) if each.script in _HAN)
        if not meet and east_asian(a.family) and east_asian(b.family):
            return "different"  # two families, of which all spellings are known
        if not meet:
            return _japanese(a, b) if read else "other_script"
        if read and not (alike and _spelt_chinese(a, b)):
            return "other_given_name"
    if _syllables(one) == _syllables(other) if a.family == b.family else alike:
        return "similar"
    return "one_name_agrees" if alike is None and a.family != b.family else "other_given_name"


def _syllables(word: str) -> str:
    """Return how a Mandarin name begins and ends its syllables, in pinyin or Wade–Giles."""
    for pattern, sound in _INITIALS:
        word = pattern.sub(sound, word)
    return word


_INITIALS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"(?<=[aeiou])h(?![aeiouyw])", ""),
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
    if len(one) < 3 or one != other:
        return False
    arabic = "ARABIC" in (a.script, b.script)
    return not arabic or _breathed(a.given) == _breathed(b.given)
