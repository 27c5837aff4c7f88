"""The words around a name: titles before it, degrees and generations behind it, particles in it.

They stand in `data/name_words.csv`, folded and without dots.
"""

from functools import cache

from shared.normalize.name_script import ABJADS, script
from shared.normalize.tables import kind
from shared.normalize.text import fold

_ALSO_NAMES = frozenset({"junior", "senior", "filho", "hijo", "fils", "neto", "jun", "sen"})
"""Words for a generation that are names too: Pedro Neto."""

_WITH_DOT = frozenset({"jun", "sen"})
"""Those that are a generation only with a dot: Krüger jun., but Min Jun."""


_TITLES_AND_NAMES = frozenset({"sri"})
"""Titles that are given names elsewhere, if one word follows: Sri Lestari, an Indonesian."""


def opened(words: list[str]) -> tuple[list[str], bool]:
    """Return *words* without leading titles, and whether one takes a family name (Mr, Herr)."""
    bare = False
    titles = words_of("title") if words and script(words[0]) not in ABJADS else frozenset()
    while len(words) > 1 and (_plain(words[0]) in titles or not fold(words[0])):
        if len(words) == 2 and _plain(words[0]) in _TITLES_AND_NAMES:
            break
        if _plain(words[0]) in titles:
            titles = words_of("title") | words_of("after_title")  # Dr. med., Dr. rer. nat.
        unread = (
            not fold(words[0]) and script(words[0]) in ABJADS
        )  # an initial that is no letter here
        bare = bare or unread or _plain(words[0]) in words_of("bare_title")
        words = words[1:]
    if len(words) == 2 and words[0] in {"M.", "MM."}:  # Monsieur; an initial loses little
        return words[1:], True
    return words, bare


def stripped(
    words: list[str], after_comma: bool = False, in_field: bool = False
) -> tuple[list[str], str]:
    """Return *words* without degrees and generation at their end, and the generation.

    *in_field*: they are a family name, so what follows its first word is no second word of two.
    """
    suffix, least = "", 0 if after_comma else 1
    while len(words) > least:
        last = _plain(words[-1])
        if last in _generations():
            if not (after_comma or in_field) and len(words) == 2 and last in _ALSO_NAMES:
                break
            if last in _WITH_DOT and not words[-1].endswith("."):
                break
            suffix = suffix or _generations()[last]
        elif not (_degree(last, after_comma) or not last):
            break
        words = words[:-1]
    return words, suffix


def _degree(word: str, after_comma: bool) -> bool:
    if after_comma and (word in words_of("after_comma") or word in words_of("title")):
        return True
    return word in words_of("academic")


def _plain(word: str) -> str:
    return fold(word).replace(" ", "")


@cache
def words_of(wanted: str) -> frozenset[str]:
    """Return the words of the kind *wanted*, folded."""
    return kind("name_words.csv", wanted)


@cache
def _generations() -> dict[str, str]:
    return dict(word.split(":") for word in words_of("generation"))
