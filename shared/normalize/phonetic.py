"""How a name sounds, roughly, whichever romanisation it was spelt in.

A consonant skeleton in the spirit of Soundex and Metaphone (Philips 1990), written for names
of many languages: German umlauts (ue/oe/ae), Cyrillic (BGN/PCGN, ISO 9 and passport
spellings), Arabic (ou/u, ee/i, doubled consonants, the article), Japanese long vowels. It is
a key for candidates and a weak comparison, never proof. Korean Lee/Yi/Rhee stay apart.
"""

import re
from functools import lru_cache

from shared.normalize.text import GROUP, fold

MAX_TOKEN = 64
"""Characters of a token that are looked at, and the most a key can have."""

MAX_TEXT = 256
"""Characters of a whole name that are looked at."""

MOST_REMEMBERED = 8192
"""Keys kept in memory (under 2 MB): a few thousand names are most of all names."""

MAX_LETTERS = 8
"""Letters of a key; digits are kept all."""

_FIRST = (
    (("al", "el", "ul"), r"^..(?=[bcdfghjklmnpqrstvwxz][aeiouy])(?=.{5})", ""),
    (("ie", "ye"), r"^[iy]e(?=[a-z])", "e"),
    (("iu", "yu"), r"^(?:iu|yu)", "yu"),
    (("ia", "ya"), r"^(?:ia|ya)", "ya"),
    (("kn", "gn", "pn"), r"^(?:kn|gn|pn)(?=[aeiou])", "n"),
    (("wr",), r"^wr", "r"),
    (("x",), r"^x", "s"),
    (("ps",), r"^ps", "s"),
)
"""How a text begins that is respelt, its beginning, and how it sounds."""

_ALWAYS = (
    ("", "", r"([a-z])\1+", GROUP),
    ("h", "z", r"shch|sch|sh|sz|cz|tch|tsch|ch", "S"),
    ("j", "z", r"dzh|dj|zh|rz", "J"),
    ("ph", "pf", r"ph|pf", "f"),
    ("kh", "gh", r"kh|gh", "h"),
    ("t", "c", r"ts|tz|tc|c(?=[eiy])", "s"),
    ("c", "q", r"ck|q|c", "k"),
    ("x", "x", r"x", "ks"),
    ("d", "th", r"dt|th|d", "t"),
    ("w", "w", r"w", "v"),
    ("z", "z", r"z", "s"),
    ("b", "b", r"b(?=$)", "p"),
    ("j", "j", r"j", "J"),
    ("h", "h", r"(?<=.)h", ""),
    ("y", "y", r"(?<=[aeiou])y(?=[aeiou])", ""),
    ("i", "y", r"(?<=.)[iy]+(?=$)", "i"),
)
"""Letters of which a text that is respelt holds one, what in it is respelt, and how it sounds."""

_CONSONANTS = tuple(
    (re.compile(a), b)
    for a, b in (
        (r"sh|^ch(?=[^rl])|ch(?=[aeiou])|ts|tz|z|s|c(?=[eiy])", "s"),
        (r"ph|p|b", "f"),
        (r"kh|ch|q|c|gh", "k"),
        (r"th|dh|d", "t"),
        (r"[aeiouyhvw]", ""),
        (r"(.)\1+", GROUP),
    )
)
_ARTICLE = re.compile(r"^(?:al|el)(?=.{3})")
_UMLAUT = re.compile(r"(?<!q)([uoa])e(?!$)")
_DOUBLE_VOWEL = re.compile(r"([AIU])\1+")
_VOWELS = str.maketrans("aeiouy", "AIIUUI")
_NO_VOWELS = str.maketrans("", "", "AIU")
_FIRST_RULES = tuple((begins, re.compile(a), b) for begins, a, b in _FIRST)
_BEGINNINGS = tuple(text for begins, _, _ in _FIRST for text in begins)
_RULES = tuple((one, other, re.compile(a), b) for one, other, a, b in _ALWAYS)


def phonetic(token: str) -> str:
    """Return a key of at most 64 characters, equal for spellings that sound alike.

    `""` for a token without letters or digits. Digits stay as they are (`Test1` and `Test10`
    differ). Names of fewer than three consonants keep their vowels, or Li and Lu would be one.
    """
    return _key(fold(token, MAX_TOKEN).replace(" ", ""))


@lru_cache(MOST_REMEMBERED)
def _key(text: str) -> str:
    for begins, pattern, sound in _FIRST_RULES if text.startswith(_BEGINNINGS) else ():
        if text.startswith(begins):
            text = pattern.sub(sound, text)
    text = _umlauts(text)
    for one, other, pattern, instead in _RULES:
        if one in text or other in text:  # a tenth of what a pattern takes
            text = pattern.sub(instead, text)
    return _bounded(_skeleton(text.translate(_VOWELS).upper()))


@lru_cache(MOST_REMEMBERED)
def consonants(text: str) -> str:
    """Return the consonants of folded words, as a script that writes no vowels gives them.

    Equal for `mhmd ly` (محمد علي) and `mohamed ali`. The article and the letters that stand for
    vowels too (h, v, w, y) go, sounds that romanisations mix are one, a doubled letter is one.
    """
    found = []
    for word in text[:MAX_TEXT].split():
        bare = _ARTICLE.sub("", word)
        for pattern, sound in _CONSONANTS:
            bare = pattern.sub(sound, bare)
        found.append(bare)
    return " ".join(filter(None, found))


def _umlauts(text: str) -> str:
    """Return *text* with ue, oe and ae as one letter: Mueller and Müller, Bjoern and Björn."""
    return _UMLAUT.sub(GROUP, text)


def _skeleton(text: str) -> str:
    text = _DOUBLE_VOWEL.sub(GROUP, text)
    bare = text[:1] + text[1:].translate(_NO_VOWELS)
    return bare if sum(c.isalpha() and c not in "AIU" for c in bare) >= 3 else text


def _bounded(key: str) -> str:
    if len(key) <= MAX_LETTERS:
        return key
    kept, letters = [], 0
    for char in key:
        letters += char.isalpha()
        if char.isdigit() or letters <= MAX_LETTERS:
            kept.append(char)
    return "".join(kept)
