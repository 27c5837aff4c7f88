"""Names in two scripts: how they agree, where transliteration is too coarse to compare letters.

What a script writes is compared by its consonants, which romanisations agree on better than on
vowels. Han characters are read as Mandarin, which only a family name that agrees confirms.
"""

import re

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from services.dedup.chinese_names import HAN, chinese, families_meet, whole_given
from services.dedup.record import Record
from shared import similarity
from shared.normalize import hebrew
from shared.normalize.korean import korean_sound
from shared.normalize.name_script import ABJADS, ALPHABETS
from shared.normalize.phonetic import consonants

AGREE, CONTRADICT = 80.0, 50.0
"""Likeness of consonants, in percent, from which words are one, and below which they are two."""


UNLIKE = 0.6
"""Likeness of spelling below which two given names are two, in scripts that write their vowels."""


def comparable(a: Record, b: Record) -> bool:
    """Return whether the letters of both names can be compared once transliterated."""
    return a.script == b.script or {a.script, b.script} <= ALPHABETS


def across(a: Record, b: Record) -> str:
    """Return the level of names in two scripts whose letters disagree."""
    if _same_consonants(a, b):
        return "similar"
    if not a.family or not b.family:
        return "other_script"
    if not HAN.isdisjoint((a.script, b.script)):
        return chinese(a, b)
    if "HANGUL" in (a.script, b.script):
        return _korean(a, b)
    if not (a.middle or b.middle) and _heard_apart(a, b):
        given: bool | None = False
    else:
        given = _given_names_agree(a, b)
        given = _by_letters(a, b, a.given, b.given) if given is None else given
    family = _words_agree(a, b, a.family, b.family)
    family = _by_letters(a, b, a.family, b.family) if family is None else family
    if given is False and family is None:
        return "other_given_name"
    if given and family is None:
        return "given_name_agrees"
    if given is None or family is None:
        return "one_name_agrees" if family else "other_script"
    if given:
        return "similar" if family else "other_family_name"
    return "other_given_name" if family else "different"


def _given_names_agree(a: Record, b: Record) -> bool | None:
    """Return whether the given names are one, also written together: Abd Allah, Abdullah."""
    if 1 in (len(a.given), len(b.given)) and a.given[:1] == b.given[:1]:
        return None  # an initial
    if "HEBREW" in (a.script, b.script) and _two_hebrew_names(a, b):
        return False
    first = _words_agree(a, b, a.given, b.given)
    if first or not (a.middle or b.middle):
        return first
    return _agree(whole_given(a), whole_given(b)) or None


def _two_hebrew_names(a: Record, b: Record) -> bool:
    """True if the spellings of one are known, and the other is another Hebrew name."""
    known, other = (a, b) if a.script == "HEBREW" else (b, a)
    return len(known.roots) > 1 and other.given not in known.roots and hebrew.listed(other.given)


def _by_letters(a: Record, b: Record, one: str, other: str) -> bool | None:
    """Return False for a word of each name if their first sounds, or all letters, tell them apart.

    A script that writes its vowels tells more than consonants alone: Vivek is not Kavitha.
    """
    if not (one and other) or not ABJADS.isdisjoint((a.script, b.script)):
        return None
    if 1 in (len(one), len(other)):
        return None if one[0] == other[0] else False
    apart = consonants(one)[:1] != consonants(other)[:1] and one[0] != other[0]
    return False if apart or similarity.spelling(one, other) < UNLIKE else None


def _heard_apart(a: Record, b: Record) -> bool:
    """True if an Arabic given name and the other differ in what is heard between consonants.

    In an h (Ahmed, Mohammed), or in the last long i or u, which is written (Mahmoud, Mohammed).
    """
    if "ARABIC" not in (a.script, b.script):
        return False
    if _breathed(a.given) != _breathed(b.given):
        persian = (_breathed(_vowelled(each, each.given)) for each in (a, b))
        return next(persian) != next(persian)
    if a.script == b.script:
        return False
    arabic, other = (a, b) if a.script == "ARABIC" else (b, a)
    written, heard = _LONG_VOWEL.search(arabic.given), _LAST_VOWELS.search(other.given)
    if not (written and heard):
        return False
    return _HEARD_AS[written[1]].isdisjoint(heard[1])


_LONG_VOWEL = re.compile("([wy])[^aeiouwy]$")
_LAST_VOWELS = re.compile("([aeiouvwy]+)[^aeiouvwy]+(?:[ae]h?)?$")
_HEARD_AS = {"w": frozenset("ouvw"), "y": frozenset("eiy")}
"""How the letters of the long vowels, which are consonants as well, are spelt in Latin letters."""


def _breathed(word: str) -> str:
    """Return the consonants of an Arabic word with each h that is heard within it, g being j."""
    return consonants(_HEARD.sub("H", word).replace("g", "j"))


_HEARD = re.compile("(?<![kgstpdc])h(?=.)")
"""An h that is neither the end of a word nor part of a digraph."""


def _words_agree(a: Record, b: Record, one: str, other: str) -> bool | None:
    """Return whether a word of each name is one, as it stands or as it is heard."""
    found = _agree(one, other)
    if not found and "ARABIC" in (a.script, b.script) and "g" in f"{one}{other}":
        found = _agree(one.replace("g", "j"), other.replace("g", "j")) or found  # on the Nile
    heard = _vowelled(a, one), _vowelled(b, other)
    return found if found or heard == (one, other) else _agree(*heard)


def _vowelled(record: Record, word: str) -> str:
    """Return *word* with nasals within it, which are read as y or m, spelt as heard.

    Thai Kanchana; Indian Anjali and Pandey. Bengali has one letter for j and z: Zahid.
    """
    if record.script == "THAI":
        return _THAI_FINAL.sub("n", _THAI_NASAL.sub("n", word))
    if record.script == "ARABIC":
        word = _ARABIC_SUN.sub("", _ARABIC_ARTICLE.sub("al", word))
        return _PERSIAN_Z.sub("z", word).replace("th", "s")
    if record.script in _INDIAN:
        word = _INDIAN_CH.sub("ch", word)
    if record.script == "BENGALI":
        word = word.replace("j", "z")
    return _INDIAN_NASAL.sub("n", word) if record.script in _INDIAN else word


_ARABIC_ARTICLE = re.compile("^l(?=[^aeiouwy]..)")
"""The article as Arabic writes it: lhrby is Alharbi."""

_ARABIC_SUN = re.compile("(?<=^bd)l(?=[trsdzn])")
"""The article within a name, where it is said as the letter behind it: Abdurrahman."""

_PERSIAN_Z = re.compile("(?<=r)d(?=a$)|(?<=f)d(?=l$)|(?<=rt)d(?=y$)|(?<=rm)d(?=an$)")
"""What Persians say z: rda is Reza, mrtdy Morteza, fdl Fazl, rmdan Ramezan. Their th is an s."""

_INDIAN_CH = re.compile("c(?!h)")
"""What Indian scripts write for ch: catrji is Chatterji."""

_THAI_NASAL = re.compile("y(?=[^aeiouy])")
_THAI_FINAL = re.compile("[lr]$")
"""What is written l or r at the end of a Thai word is said n: Chaimongkhon."""

_INDIAN_NASAL = re.compile("m(?=[^aeiouybpmrvhl])")
_INDIAN = frozenset({"DEVANAGARI", "BENGALI", "GUJARATI", "GURMUKHI", "KANNADA", "TELUGU"})


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
    one, other = (korean_sound(f"{each.given} {each.middle}") for each in (a, b))
    family = families_meet(a, b)
    if not (one and other):
        return "other_script"
    if OSA.distance(one, other) == 1 and one[0] == other[0]:
        return "one_name_agrees" if family else "different"
    return "other_given_name" if family else "different"


def _same_consonants(a: Record, b: Record) -> bool:
    """True if one script writes no vowels, and the consonants of the names agree."""
    if ABJADS.isdisjoint((a.script, b.script)):
        return False
    one, other = (
        consonants(f"{each.given} {each.middle} {each.family}").replace(" ", "") for each in (a, b)
    )
    return len(one) >= 3 and one == other and not _heard_apart(a, b)
