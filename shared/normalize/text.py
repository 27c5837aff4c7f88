"""Plain text: one Unicode form, one alphabet.

`clean` follows Unicode normalisation form KC (UAX #15) and leaves out what cannot be seen;
`fold` transliterates to ASCII with anyascii (ISC licence) for comparison, never for display.
"""

import re
import unicodedata
from functools import lru_cache
from operator import itemgetter

from anyascii import anyascii

MAX_TEXT = 10_000
"""Characters of a text that are looked at; what follows is cut. A form field is shorter."""

SHORT, MOST_REMEMBERED = 64, 8192
"""Texts of at most so many characters are folded once, not for every question asked of a lead
(35 times a lead, the same few words); the memory for it stays under 3 MB."""

GROUP = itemgetter(1)
r"""What `Pattern.sub` puts in place of a match: its first group. For a template such as `\1` it
takes 1 µs at each call, whether anything matches or not (CPython 3.11)."""

_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SYMBOL_CATEGORIES = frozenset({"So", "Sk", "Sc", "Sm"})
_SIGNS = "\u2122\u2120\u00ae\u00a9"  # NFKC would spell the first two out as letters
_FILLERS = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, range(0xFE00, 0xFE10)))
    + "".join(map(chr, range(0xE0100, 0xE01F0)))
)
_DROPPED = frozenset(_SIGNS + _FILLERS)
_GREEK = re.compile("[\u0370-\u03ff]")
_GREEK_PAIRS = tuple(
    (re.compile(pair, re.IGNORECASE), sound)
    for pair, sound in (
        ("[οό][υύ]", "ou"),
        (r"(?<!\w)μπ", "b"),
        (r"(?<!\w)ντ", "d"),
        (r"(?<!\w)γκ", "g"),
        (r"γγ|γξ|γχ", "ng"),
        ("([αεη])[υύ](?=[θκξπσςτφχψ]|(?!\\w))", r"\1f"),
        ("([αεη])[υύ]", r"\1v"),
    )
)
"""Pairs of letters that stand for another sound than each alone (ELOT 743, ISO 843)."""

_THAI = re.compile("[\u0e00-\u0e7f]")
_THAI_RULES = (
    (re.compile("[\u0e01-\u0e2e][\u0e34\u0e38]?\u0e4c"), ""),
    (re.compile("([\u0e40-\u0e44])([\u0e01-\u0e2e])"), r"\2\1"),
)
"""A consonant under the silencing mark; a vowel that is written before its consonant."""

_HARD_SIGN = re.compile(
    "(?<=[\u0431-\u0449])\u044a(?=[\u0431-\u0434\u0436\u0437\u043a-\u043d\u043f-\u0449])"
)
"""Bulgarian ъ between consonants is a vowel (Петър); in Russian it stands before vowels, silent."""

_APOSTROPHES = re.compile("['`\u00b4\u2018\u2019\u201b\u02b9-\u02bf\u02c8\u02ee\u05f3\ua78c]")
_SEPARATORS = re.compile("[^a-z0-9]+")
_ASCII = {
    code: char.lower() if char.isalnum() else " " if char.isprintable() or char.isspace() else None
    for code, char in enumerate(map(chr, range(128)))
} | dict.fromkeys(map(ord, "'`"))
"""What `fold` makes of each ASCII character, in one step."""


def clean(text: str, limit: int = MAX_TEXT) -> str:
    """Return *text* in NFKC, without invisible characters, its white space collapsed.

    Control, format (zero-width, bidirectional), surrogate, private-use and unassigned
    characters, fillers, variation selectors and trade mark signs are left out.
    At most *limit* characters. Idempotent.
    """
    text = text[:limit]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _seen(text))[:limit]
    elif not text.isprintable():
        text = "".join(c for c in text if c.isspace() or c.isprintable())
    return " ".join(text.split())


def fold(text: str, limit: int = MAX_TEXT) -> str:
    """Return *text* in the letters a-z, the digits 0-9 and single spaces.

    Transliterated by anyascii and lower-cased; apostrophes vanish (O'Brien is obrien), any
    other sign separates, emoji and other symbols are dropped. Greek ου is ou, μπ b.
    At most *limit* characters. Idempotent. Chinese characters become pinyin, also in Japanese.
    """
    if text.isalnum() and text.isascii() and len(text) <= limit:
        return text.lower()  # one word, as most are
    if len(text) > SHORT:
        return _folded(text, limit)[0]
    found, longest = _remembered(text)
    return found if longest <= limit else _folded(text, limit)[0]


def _folded(text: str, limit: int = MAX_TEXT) -> tuple[str, int]:
    """Return *text* folded, and an upper bound of the characters that it had on the way."""
    longest = len(text)
    if text.isascii():
        text = text[:limit]
    else:
        text = clean(text, limit)
        latin = _romanised(text)
        longest += max(len(text), len(latin))  # white space that goes was counted, too
        text = latin
    if len(text) > limit:  # a run of signs counts as the one space that it leaves
        text = _SEPARATORS.sub(" ", _APOSTROPHES.sub("", text.lower()))[:limit]
    return " ".join(text.translate(_ASCII).split()), longest


_remembered = lru_cache(MOST_REMEMBERED)(_folded)


def ascii_digits(text: str) -> str:
    """Return *text* with every decimal digit of any script as 0-9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def _seen(text: str) -> str:
    """Return *text* without what cannot be seen."""
    if text.isprintable() and _DROPPED.isdisjoint(text):
        return text  # printable is what none of those categories holds, and no other white space
    return "".join(c for c in text if _visible(c))


def _visible(char: str) -> bool:
    if char in _DROPPED:
        return False
    return char.isspace() or unicodedata.category(char) not in _INVISIBLE_CATEGORIES


def _romanised(text: str) -> str:
    if text.isascii():
        return text
    text = "".join([c if c.isalpha() or c.isascii() or not _symbol(c) else " " for c in text])
    if _GREEK.search(text):
        for pattern, sound in _GREEK_PAIRS:
            text = pattern.sub(sound, text)
    if "\u044a" in text:
        text = _HARD_SIGN.sub("\u0430", text)
    if _THAI.search(text):
        for pattern, sound in _THAI_RULES:
            text = pattern.sub(sound, text)
    return anyascii(text)


def _symbol(char: str) -> bool:
    return unicodedata.category(char) in _SYMBOL_CATEGORIES and not _APOSTROPHES.match(char)
