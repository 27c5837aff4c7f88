"""Personal names: which words are given, middle and family, folded for comparison.

Orders and words of many cultures by general rules (W3C, "Personal names around the world"):
a comma or a patronymic puts the family first, so do Han, kana and Hangul; titles and degrees
go; particles grow into the family name (van der Berg is vanderberg).
"""

import re
from html import unescape
from typing import NamedTuple

from shared.normalize.family_variants import given_readings
from shared.normalize.name_frequency import UNLISTED, given_per_mille
from shared.normalize.name_order import called_by_the_last, english_first, family_first
from shared.normalize.name_prefixes import spelt_out
from shared.normalize.name_script import native, spelt_family, split_native
from shared.normalize.name_words import opened, stripped, words_of
from shared.normalize.nickname import known, nickname_roots, warm
from shared.normalize.phonetic import phonetic
from shared.normalize.text import GROUP, clean, fold

__all__ = ["Name", "known", "nickname_roots", "parse", "phonetic", "warm"]

MAX_INPUT = 256
"""Characters looked at in each field."""

MAX_WORD = 64
"""Letters of two words that are a name at a glance."""

MAX_WORDS = 12
"""Words of a name that are kept; the longest legal names have fewer."""

MOST_LOUD = 2
"""Words in capitals from which they may be given names as well: MARIA LUISA Lopez."""

_SYLLABLES = 2
"""Syllables of a Korean given name; a whole name has a third before them."""

_PATRONYMIC = re.compile(
    r".{2,}(ovich|evich|ovych|yovych|ovna|evna|ivna|ichna|inichna|ilyich|ilich)$"
)
_SPACED_APOSTROPHE = re.compile(r"(?i)\b([od])['’] +")
_REMARK = re.compile(r"(?<=\w) +[-–—|/] +[a-z][^,]*$")
"""What people write behind a name: Melania Della Valle - urgent."""

_NICKNAME = re.compile(r"\([^()]*\)|\"[^\"]*\"|“[^“”]*”|«[^«»]*»")


class Name(NamedTuple):
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
    if given and family and (plain := _two_words(given, family)):
        return plain
    full, given, family = (clean(_plain(part or ""), MAX_INPUT) for part in (full, given, family))
    full, family = spelt_out(full), spelt_out(family)
    if not fold(given) or not fold(family):
        lone = given if fold(given) else family
        if full and len(fold(full).split()) >= len(fold(lone).split()):
            return _whole(full)
        return _given_alone(given) if fold(given) else _family_only(family)
    if fold(given) == fold(family) and (given == family or not native(given)):
        return _given_alone(given)  # in Han, two names may sound the same
    return _fields(given, family)


def _plain(text: str) -> str:
    """Return *text* as it was before a form escaped it: Ren&eacute;e, O&#39;Brien."""
    return unescape(text[:MAX_INPUT]) if "&" in text and ";" in text else text


def _two_words(given: str, family: str) -> Name | None:
    """Return the name of two words, as most are: nothing in them is to be told apart."""
    if not (given.isalpha() and family.isalpha()) or len(given) + len(family) > MAX_WORD:
        return None
    first, last = fold(given), fold(family)
    if first == last or not (first.isalnum() and last.isalnum()):
        return None
    return None if native(given) or native(family) else Name(first, "", last, "", (first, last))


def _given_alone(text: str) -> Name:
    """Return the name of a lead that fills only the field of the given name."""
    if native(text) and (len(text) == _SYLLABLES or given_readings(text)):
        return _native(text, "")
    return _whole(text)


def _whole(text: str) -> Name:
    if text.replace(" ", "").isalpha() and not native(text):
        return _as_written(text, "")  # no sign in it that could tell more
    text = _REMARK.sub("", _SPACED_APOSTROPHE.sub(GROUP, _without_nickname(text)))
    if native(text):
        return _native(*split_native(" ".join(stripped(text.split())[0])))
    head, *rest = (part.strip() for part in text.split(","))
    tails = [words for part in rest if (words := part.split())]
    suffix, names = "", []
    for tail in tails:
        kept, found = stripped(tail, after_comma=True)
        suffix = suffix or found
        names += kept
    if names:
        given, before = _without_particles(opened(names)[0], head)
        family, found = stripped(opened(head.split())[0])
        family = [*before, *family]
        return _built(_folded(given), _family_words(" ".join(family)), suffix or found)
    return _as_written(head, suffix)


def _as_written(text: str, suffix: str) -> Name:
    """Return the name whose words stand in *text*, titles and degrees among them."""
    words, bare = opened(text.split())
    words, found = stripped(words)
    return _ordered(words, suffix or found, bare and len(words) == 1)


def _ordered(words: list[str], suffix: str, family_only: bool) -> Name:
    """Return the name of *words* in the order they stand, or as their form tells."""
    folded = [w for w in words if fold(w)]
    if family_only:
        return _built([], _family_words(" ".join(folded)), suffix)
    plain = [fold(w) for w in folded]
    if len(plain) == 3 and _PATRONYMIC.match(plain[2]) and not _PATRONYMIC.match(plain[1]):
        return _built(plain[1:], [plain[0]], suffix)
    vietnamese = len(plain) >= 3 and plain[0] in words_of("vietnamese_family")
    if vietnamese and plain[1] in words_of("vietnamese_middle"):
        return _built([plain[-1], *plain[1:-1]], [plain[0]], suffix)
    if loud := _loud(folded):
        return _built(_folded(folded[loud:]), _family_words(" ".join(folded[:loud])), suffix)
    if english_first(plain) and plain[2] not in words_of("particle"):
        return _built([plain[0], *plain[2:]], [plain[1]], suffix)
    if family_first(plain):
        given = [plain[-1], *plain[1:-1]] if called_by_the_last(plain) else plain[1:]
        return _built(_folded(given), [plain[0]], suffix)
    start = _family_start(plain, folded)
    given = _last_of_vietnamese(_folded(folded[:start]), plain[start:])
    return _built(given, _family_words(" ".join(folded[start:])), suffix)


def _family_start(plain: list[str], words: list[str]) -> int:
    """Return where the family name begins: at its particles, else at the last word."""
    if len(plain) < 2:
        return len(plain)
    if plain[0] in words_of("opening_particle") and words[0].islower():
        return 0
    start = len(plain) - 1
    while start > 1 and plain[start - 1] in words_of("particle"):
        start -= 1
    return start


def _without_particles(given: list[str], family: str) -> tuple[list[str], list[str]]:
    """Return *given* names without the particles behind them, and those: Pieter van den, Heuvel."""
    end = len(given)
    if end > 1 and fold(family) in words_of("vietnamese_family"):
        return given, []  # Thanh Van Nguyen
    while end > 1 and given[end - 1].islower() and given[end - 1] in words_of("behind_given"):
        end -= 1
    return given[:end], given[end:]


def _fields(given: str, family: str) -> Name:
    if native(given) or native(family):
        return _native(given, family)
    first, early = stripped(opened(_without_nickname(given).split())[0])
    words = opened(_without_nickname(family).replace(",", " ").split())[0]
    first, before = _without_particles(first, family)
    words = [*before, *words]
    last, late = stripped(words, in_field=True)
    given_words, family_words = _folded(first), _family_words(" ".join(last))
    size = len(family_words)
    if len(given_words) > size and given_words[-size:] == family_words:
        given_words = given_words[:-size]
    elif size > len(given_words) and family_words[: len(given_words)] == given_words:
        family_words = family_words[len(given_words) :]
    given_words = _last_of_vietnamese(given_words, family_words)
    return _built(given_words, family_words, late or early)


def _last_of_vietnamese(given: list[str], family: list[str]) -> list[str]:
    """Return *given* names with the one they go by first: Thị Minh Khuê Đặng is called Khuê."""
    if len(given) < 2 or given[0] not in words_of("vietnamese_middle"):
        return given
    known = family and family[0] in words_of("vietnamese_family")
    return [given[-1], *given[:-1]] if known else given


def _native(given: str, family: str) -> Name:
    if family and given.startswith(family) and len(given) > len(family):
        given = given.removeprefix(family).strip()  # the whole name stood in the given name's field
    found = _built(fold(given).split(), _family_words(spelt_family(family)), "")
    return found._replace(native=(given, family))


def _family_only(family: str) -> Name:
    if "," in family or native(family):
        return _whole(family)
    last, suffix = stripped(opened(family.split())[0])
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
    if "'" in text or "’" in text:
        text = _SPACED_APOSTROPHE.sub(GROUP, text)
    for word in _folded(text.split()):
        if word in words_of("particle"):
            prefix += word
        elif not (word in {"y", "e"} and words):
            words.append(prefix + word)
            prefix = ""
    return [*words, prefix] if prefix else words


def _folded(words: list[str]) -> list[str]:
    return [part for word in words for part in fold(word).split()]


def _shouted(word: str) -> bool:
    """Return whether *word* is a family name in capitals, as French and UN usage write it."""
    letters = word.replace("-", "").replace("'", "")
    if not (len(letters) >= 3 and letters.isalpha() and letters.isupper()):
        return False
    return bool(set("AEIOUY") & set(letters))


def _loud(words: list[str]) -> int:
    """Return how many words of a family name in capitals stand first: HERNANDEZ OCHOA Luis."""
    count = next((n for n, word in enumerate(words) if not _shouted(word)), 0)
    if any(map(_shouted, words[count:])):
        return 0
    return count if count < MOST_LOUD or given_per_mille(fold(words[0])) <= UNLISTED else 0


def _without_nickname(text: str) -> str:
    if text.isascii() and "(" not in text and '"' not in text:
        return text
    bare = _NICKNAME.sub(" ", text)
    return bare if fold(bare) else text
