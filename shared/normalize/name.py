"""Personal names: which words are given, middle and family, folded for comparison.

Orders and words of many cultures by general rules (W3C, "Personal names around the world"):
a comma or a patronymic puts the family first, so do Han, kana and Hangul; titles and degrees
go; particles grow into the family name (van der Berg is vanderberg).
"""

import re
from dataclasses import dataclass, replace
from functools import cache

from shared.normalize.family_variants import given_readings
from shared.normalize.name_order import family_first
from shared.normalize.name_script import ABJADS, native, script, spelt_family, split_native
from shared.normalize.nickname import known, nickname_roots, warm
from shared.normalize.phonetic import phonetic
from shared.normalize.tables import kind
from shared.normalize.text import clean, fold

__all__ = ["Name", "known", "nickname_roots", "parse", "phonetic", "warm"]

MAX_INPUT = 256
"""Characters looked at in each field."""

MAX_WORDS = 12
"""Words of a name that are kept; the longest legal names have fewer."""

_SYLLABLES = 2
"""Syllables of a Korean given name; a whole name has a third before them."""

_ALSO_NAMES = frozenset({"junior", "senior", "filho", "hijo", "fils", "neto", "jun", "sen"})
"""Words for a generation that are names too: Pedro Neto."""

_WITH_DOT = frozenset({"jun", "sen"})
"""Those that are a generation only with a dot: Krüger jun., but Min Jun."""

_PATRONYMIC = re.compile(
    r".{2,}(ovich|evich|ovych|yovych|ovna|evna|ivna|ichna|inichna|ilyich|ilich)$"
)
_SPACED_APOSTROPHE = re.compile(r"(?i)\b([od])['’] +")
_REMARK = re.compile(r"(?<=\w) +[-–—|/] +[a-z][^,]*$")
"""What people write behind a name: Melania Della Valle - urgent."""

_NICKNAME = re.compile(r"\([^()]*\)|\"[^\"]*\"|“[^“”]*”|«[^«»]*»")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in folded words. `tokens` are all words but the suffix, given first."""

    given: str
    middle: str
    family: str
    suffix: str
    tokens: tuple[str, ...]
    native: tuple[str, str] = ("", "")
    """Given and family name in Han, kana or Hangul, as written; empty in other letters."""

    @property
    def empty(self) -> bool:
        """Return whether nothing of a name was found."""
        return not self.tokens


def parse(full: str | None = None, given: str | None = None, family: str | None = None) -> Name:
    """Return the name in *full*, or in *given* and *family* where those say more.

    Separate fields keep their roles; a whole name in one of them is split; the same words in
    both count once. Never None: see `Name.empty`.
    """
    full, given, family = (clean(part or "", MAX_INPUT) for part in (full, given, family))
    if not fold(given) or not fold(family):
        lone = given if fold(given) else family
        if full and len(fold(full).split()) >= len(fold(lone).split()):
            return _whole(full)
        return _given_alone(given) if fold(given) else _family_only(family)
    if fold(given) == fold(family) and (given == family or not native(given)):
        return _given_alone(given)  # in Han, two names may sound the same
    return _fields(given, family)


def _given_alone(text: str) -> Name:
    """Return the name of a lead that fills only the field of the given name."""
    if native(text) and (len(text) == _SYLLABLES or given_readings(text)):
        return _native(text, "")
    return _whole(text)


def _whole(text: str) -> Name:
    text = _REMARK.sub("", _SPACED_APOSTROPHE.sub(r"\1", _without_nickname(text)))
    if native(text):
        return _native(*split_native(" ".join(_stripped(text.split())[0])))
    head, *rest = (part.strip() for part in text.split(","))
    tails = [words for part in rest if (words := part.split())]
    suffix, names = "", []
    for tail in tails:
        kept, found = _stripped(tail, after_comma=True)
        suffix = suffix or found
        names += kept
    if names:
        given = _opened(names)[0]
        family, found = _stripped(_opened(head.split())[0])
        return _built(_folded(given), _family_words(" ".join(family)), suffix or found)
    words, bare = _opened(head.split())
    words, found = _stripped(words)
    return _ordered(words, suffix or found, bare and len(words) == 1)


def _ordered(words: list[str], suffix: str, family_only: bool) -> Name:
    """Return the name of *words* in the order they stand, or as their form tells."""
    folded = [w for w in words if fold(w)]
    if family_only:
        return _built([], _family_words(" ".join(folded)), suffix)
    plain = [fold(w) for w in folded]
    if len(plain) == 3 and _PATRONYMIC.match(plain[2]) and not _PATRONYMIC.match(plain[1]):
        return _built(plain[1:], [plain[0]], suffix)
    vietnamese = len(plain) >= 3 and plain[0] in _words("vietnamese_family")
    if vietnamese and plain[1] in _words("vietnamese_middle"):
        return _built([plain[-1], *plain[1:-1]], [plain[0]], suffix)
    if len(folded) >= 2 and _shouted(folded[0]) and not any(map(_shouted, folded[1:])):
        return _built(_folded(folded[1:]), [plain[0]], suffix)
    if family_first(plain):
        given = [plain[-1], *plain[1:-1]] if plain[0] in _words("vietnamese_family") else plain[1:]
        return _built(_folded(given), [plain[0]], suffix)
    start = _family_start(plain, folded)
    return _built(_folded(folded[:start]), _family_words(" ".join(folded[start:])), suffix)


def _family_start(plain: list[str], words: list[str]) -> int:
    """Return where the family name begins: at its particles, else at the last word."""
    if len(plain) < 2:
        return len(plain)
    if plain[0] in _words("opening_particle") and words[0].islower():
        return 0
    start = len(plain) - 1
    while start > 1 and plain[start - 1] in _words("particle"):
        start -= 1
    return start


def _fields(given: str, family: str) -> Name:
    if native(given) or native(family):
        return _native(given, family)
    first, early = _stripped(_opened(_without_nickname(given).split())[0])
    words = _opened(_without_nickname(family).replace(",", " ").split())[0]
    last, late = _stripped(words, in_field=True)
    given_words, family_words = _folded(first), _family_words(" ".join(last))
    size = len(family_words)
    if len(given_words) > size and given_words[-size:] == family_words:
        given_words = given_words[:-size]
    elif size > len(given_words) and family_words[: len(given_words)] == given_words:
        family_words = family_words[len(given_words) :]
    return _built(given_words, family_words, late or early)


def _native(given: str, family: str) -> Name:
    if family and given.startswith(family) and len(given) > len(family):
        given = given.removeprefix(family).strip()  # the whole name stood in the given name's field
    found = _built(fold(given).split(), _family_words(spelt_family(family)), "")
    return replace(found, native=(given, family))


def _family_only(family: str) -> Name:
    if "," in family or native(family):
        return _whole(family)
    last, suffix = _stripped(_opened(family.split())[0])
    return _built([], _family_words(" ".join(last)), suffix)


def _built(given: list[str], family: list[str], suffix: str) -> Name:
    given, family = given[:MAX_WORDS], family[:MAX_WORDS]
    return Name(
        given=given[0] if given else "",
        middle=" ".join(given[1:]),
        family=" ".join(family),
        suffix=suffix,
        tokens=tuple(given + family),
    )


def _family_words(text: str) -> list[str]:
    """Return the folded words of a family name, each particle joined to what follows it."""
    words: list[str] = []
    prefix = ""
    for word in _folded(_SPACED_APOSTROPHE.sub(r"\1", text).split()):
        if word in _words("particle"):
            prefix += word
        elif not (word in {"y", "e"} and words):
            words.append(prefix + word)
            prefix = ""
    return [*words, prefix] if prefix else words


def _folded(words: list[str]) -> list[str]:
    return [part for word in words for part in fold(word).split()]


def _opened(words: list[str]) -> tuple[list[str], bool]:
    """Return *words* without leading titles, and whether one takes a family name (Mr, Herr)."""
    bare = False
    titles = _words("title") if words and script(words[0]) not in ABJADS else frozenset()
    while len(words) > 1 and (_plain(words[0]) in titles or not fold(words[0])):
        if _plain(words[0]) in titles:
            titles = _words("title") | _words("after_title")  # Dr. med., Dr. rer. nat.
        unread = (
            not fold(words[0]) and script(words[0]) in ABJADS
        )  # an initial that is no letter here
        bare = bare or unread or _plain(words[0]) in _words("bare_title")
        words = words[1:]
    if len(words) == 2 and words[0] in {"M.", "MM."}:  # Monsieur; an initial loses little
        return words[1:], True
    return words, bare


def _stripped(
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
    if after_comma and (word in _words("after_comma") or word in _words("title")):
        return True
    return word in _words("academic")


def _plain(word: str) -> str:
    return fold(word).replace(" ", "")


def _shouted(word: str) -> bool:
    """Return whether *word* is a family name in capitals, as French and UN usage write it."""
    letters = word.replace("-", "").replace("'", "")
    if not (len(letters) >= 3 and letters.isalpha() and letters.isupper()):
        return False
    return bool(set("AEIOUY") & set(letters))


def _without_nickname(text: str) -> str:
    bare = _NICKNAME.sub(" ", text)
    return bare if fold(bare) else text


@cache
def _words(wanted: str) -> frozenset[str]:
    return kind("name_words.csv", wanted)


@cache
def _generations() -> dict[str, str]:
    return dict(word.split(":") for word in _words("generation"))
