"""The spelling under which a place's name is filed and sought: one key for all its variants.

Latin letters are folded to a-z (München and Munchen are one). Other scripts keep their own
letters without marks, for transliteration would file 苏州 and 宿州 together. Spaces and signs
vanish, so Clermont-Ferrand is Clermont Ferrand. What a key is must not change without
building the gazetteer anew (`tools/gazetteer`): it holds hashes of these keys.
"""

import re
import unicodedata
from hashlib import blake2b

from shared.normalize.text import clean, fold

MAX_NAME = 120
"""Characters of a name that are looked at; the longest in GeoNames have some 60."""

CODE = "="
POSTAL = "#"
MISSPELT = "~"
BEGINNING = "^"
"""First sign of the keys that are no names: abbreviations (TX, NYC), postal codes, names without
one of their letters, and the first letters of names."""

LEFT_OUT_SIGN = "*"
"""Stands for each sign that is left out of a postal code which names a street: 10623 is 1062*."""

BEGINNING_LENGTH = 5
"""Letters by which names are filed for suggestions; four give mostly strangers."""

_SHORT_WORDS = {
    "st": "saint",
    "ste": "sainte",
    "sankt": "saint",
    "sint": "saint",
    "mt": "mount",
    "ft": "fort",
}
_MARK = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640]")
_ARABIC = str.maketrans("أإآٱىیےکۀة", "اااايييكهه")
_SIGNS = re.compile(r"[\W_]+")
_UMLAUTS = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ø", "oe"), ("å", "aa"))


def key(name: str) -> str:
    """Return the key of *name*, "" where it has neither letter nor digit. Idempotent.

    At most MAX_NAME characters of it are looked at. St., Sankt and Sint are Saint.
    """
    name = name if name.isascii() else clean(name, MAX_NAME)
    if _latin(name):
        words = fold(name, MAX_NAME).split()
        if len(words) > 1:
            words = [_SHORT_WORDS.get(word, word) for word in words]
        return "".join(words)
    bare = _MARK.sub("", unicodedata.normalize("NFD", name.casefold())).translate(_ARABIC)
    return unicodedata.normalize("NFC", _SIGNS.sub("", bare))


def code_key(text: str) -> str:
    """Return the key of *text* as an abbreviation: TX, N.Y., usa."""
    return CODE + key(text)


def with_digraphs(name: str) -> str:
    """Return *name* as it is written where there are no umlauts: Duesseldorf, Koebenhavn."""
    name = name.lower()
    for letter, pair in _UMLAUTS:
        name = name.replace(letter, pair)
    return name


def without_one(found: str) -> frozenset[str]:
    """Return the keys of *found* (a name's key) with one letter left out, and of itself whole.

    Two names that have one in common differ by one or two letters (the symmetric delete of
    Garbe's SymSpell, 2012).
    """
    shorter = (found[:i] + found[i + 1 :] for i in range(len(found)))
    return frozenset(MISSPELT + each for each in (found, *shorter))


def beginning(found: str) -> str:
    """Return the key of the first letters of *found*, a name's key."""
    return BEGINNING + found[:BEGINNING_LENGTH]


def digest(found: str) -> int:
    """Return 64 bits that stand for a key in the gazetteer."""
    return int.from_bytes(blake2b(found.encode(), digest_size=8).digest(), "big")


def _latin(name: str) -> bool:
    if name.isascii():
        return True
    return all(c < "\u0250" or "\u1e00" <= c <= "\u1eff" or not c.isalpha() for c in name)
