"""How two values of a kind agree: a level, 0 for the same, the last for nothing in common.

Levels are told by the slips of people and keyboards. What each is worth is not said here: the
table itself says it (`weighing`). Every function is symmetric.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import log

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from services.dedup.tables.kinds import Kind
from shared import similarity
from shared.normalize import nickname, phonetic

_NUMBERED = re.compile(r"\d")

Compare = Callable[[str, str], int]

REMEMBERED = 20_000
"""Values of which it is remembered how they read: each is compared with many."""

ARTICLES = {"the", "a", "an", "and", "la", "le", "les", "el", "los", "der", "die", "das", "il"}
"""Words that names of things come with or without."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The levels of a kind."""

    names: tuple[str, ...]
    usual: tuple[float, ...]
    """How often each is found among pairs of one thing, before the table is asked: shares."""
    compare: Compare


def name(a: str, b: str) -> int:
    """Compare two words of a person's name."""
    if a == b:
        return 0
    if _slip(a, b) or sorted(a) == sorted(b):
        return 1
    if similarity.spelling(a, b) >= 0.88 or _sound(a) == _sound(b):
        return 2
    if (min(len(a), len(b)) <= 2 and a[0] == b[0]) or a.startswith(b) or b.startswith(a):
        return 3
    short = OSA.distance(a, b, score_cutoff=2) <= 2 or not _roots(a).isdisjoint(_roots(b))
    return 3 if short else 4


def code(a: str, b: str) -> int:
    """Compare two codes or numbers by single slips."""
    if a == b:
        return 0
    return min(OSA.distance(a, b, score_cutoff=2), 3)


def phone(a: str, b: str) -> int:
    """Compare two numbers; without the area code of one they may still be the same."""
    if a == b:
        return 0
    short, long = sorted((a, b), key=len)
    if (long.endswith(short) and len(short) >= 7) or OSA.distance(a, b, score_cutoff=1) <= 1:
        return 1
    if OSA.distance(a, b, score_cutoff=2) <= 2:
        return 2
    return 3 if len(a) == len(b) >= 7 and a[:-4] == b[:-4] else 4


def day(a: str, b: str) -> int:
    """Compare two dates: a slip, days, months or years apart."""
    if a == b:
        return 0
    slips = OSA.distance(a, b, score_cutoff=2)
    if slips == 1 or (a[:4], a[4:6], a[6:]) == (b[:4], b[6:], b[4:6]):
        return 1
    one, other = _day(a), _day(b)
    apart = abs((one - other).days) if one and other else None
    if apart is not None and apart <= 31:
        return 2
    if slips == 2:
        return 3
    if apart is not None and apart <= 366:
        return 4
    return 5 if apart is not None and apart <= 3700 else 6


def email(a: str, b: str) -> int:
    """Compare two addresses; one domain alone says little."""
    if a == b:
        return 0
    if OSA.distance(a, b, score_cutoff=2) <= 2 and not similarity.digits_differ(a, b):
        return 1
    (one, _, domain), (other, _, second) = a.partition("@"), b.partition("@")
    if one and one == other:
        return 2
    if similarity.spelling(a, b) >= 0.92:
        return 3
    return 4 if domain and domain == second else 5


def words(a: str, b: str) -> int:
    """Compare two short texts: towns, streets, categories."""
    if a == b:
        return 0
    if _slip(a, b) or a.replace(" ", "") == b.replace(" ", ""):
        return 1
    one, other = _words(a), _words(b)
    alike = max(fuzz.ratio(a, b), fuzz.ratio(_sorted(a), _sorted(b))) / 100
    if alike >= 0.85:
        return 2
    if one <= other or other <= one:
        return 3
    return 4 if alike >= 0.65 or one & other else 5


def by_rarity(weights: Mapping[str, float]) -> Compare:
    """Return a comparison of names of things in which a rare word counts more than a usual one.

    *weights* are those of the table's words (`rarity`); a word misspelt meets its like.
    """

    def compare(a: str, b: str) -> int:
        if a == b:
            return 0
        score, contained = _shared(a.split(), b.split(), weights)
        if _numbered_otherwise(a, b) and score >= 0.2:
            return 6
        one, other = _letters(a), _letters(b)
        if one == other or score >= 0.95 or _slip(one, other):
            return 1
        if score >= 0.7:
            return 2
        if contained >= 0.9:
            return 3
        if score >= 0.45:
            return 4
        return 5 if score >= 0.2 or contained >= 0.5 else 7

    return compare


def rarity(values: tuple[str, ...]) -> dict[str, float]:
    """Return what each word of *values* counts: the log of how rare it is among distinct ones."""
    distinct = sorted(set(filter(None, values)))
    counts: dict[str, int] = {}
    for value in distinct:
        for word in set(value.split()):
            counts[word] = counts.get(word, 0) + 1
    return {word: log(1 + len(distinct) / count) for word, count in counts.items()}


def _shared(a: list[str], b: list[str], weights: Mapping[str, float]) -> tuple[float, float]:
    """Return the weight of the words that meet, of all words, and of the poorer value's."""
    met = 0.0
    left, right = sorted(set(a)), sorted(set(b))
    for word in sorted(set(left) & set(right)):
        met += weights.get(word, 1.0)
        left.remove(word)
        right.remove(word)
    rest = sorted((-fuzz.ratio(x, y), x, y) for x in left for y in right if _slip(x, y))
    for _, x, y in rest:
        if x in left and y in right:
            met += min(weights.get(x, 1.0), weights.get(y, 1.0))
            left.remove(x)
            right.remove(y)
    one, other = met + _sum(left, weights), met + _sum(right, weights)
    whole = one + other - met
    return (met / whole if whole else 0.0), (met / min(one, other) if min(one, other) else 0.0)


def _numbered_otherwise(a: str, b: str) -> bool:
    """True if each has a word with a digit that the other lacks: size 42 is not size 43."""
    one, other = (set(filter(_NUMBERED.search, value.split())) for value in (a, b))
    return bool(one - other) and bool(other - one)


def _letters(value: str) -> str:
    """Return *value* without spaces and articles: `till erman the` is `tillerman`."""
    words = [word for word in value.split() if word not in ARTICLES]
    return "".join(words) or value


def _sum(words: list[str], weights: Mapping[str, float]) -> float:
    return sum(weights.get(word, 1.0) for word in words)


def _slip(a: str, b: str) -> bool:
    """True for one slip in words long enough; digits are no slips."""
    return (
        min(len(a), len(b)) >= 3
        and OSA.distance(a, b, score_cutoff=1) == 1
        and not similarity.digits_differ(a, b)
    )


@lru_cache(REMEMBERED)
def _day(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


@lru_cache(REMEMBERED)
def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@lru_cache(REMEMBERED)
def _sorted(text: str) -> str:
    return " ".join(sorted(text.split()))


_sound = lru_cache(REMEMBERED)(phonetic.phonetic)
_roots = lru_cache(REMEMBERED)(nickname.nickname_roots)


_NAMES = Scale(
    ("same", "one slip", "alike", "short or initial", "different"),
    (0.75, 0.1, 0.06, 0.03, 0.06),
    name,
)
_CODES = Scale(("same", "one slip", "two slips", "different"), (0.82, 0.1, 0.02, 0.06), code)
_NUMBERS = Scale(_CODES.names, (0.85, 0.06, 0.02, 0.07), code)
_WORDS = Scale(
    ("same", "one slip", "alike", "contained", "related", "different"),
    (0.7, 0.1, 0.06, 0.04, 0.04, 0.06),
    words,
)
_THINGS = Scale(
    (
        *("same", "same words", "most words", "contained", "half the words", "some words"),
        *("other number", "different"),
    ),
    (0.4, 0.12, 0.12, 0.12, 0.08, 0.07, 0.01, 0.08),
    words,
)
SCALES: dict[Kind, Scale] = {
    Kind.GIVEN: _NAMES,
    Kind.FAMILY: _NAMES,
    Kind.PERSON: _THINGS,
    Kind.ORGANISATION: _THINGS,
    Kind.TEXT: _THINGS,
    Kind.STREET: _WORDS,
    Kind.LOCALITY: _WORDS,
    Kind.REGION: _WORDS,
    Kind.CATEGORY: Scale(_WORDS.names, (0.55, 0.04, 0.06, 0.05, 0.05, 0.25), words),
    Kind.NUMBER: _NUMBERS,
    Kind.POSTCODE: _CODES,
    Kind.CODE: _CODES,
    Kind.PHONE: Scale(
        ("same", "one slip or no area code", "two slips", "same exchange", "different"),
        (0.75, 0.08, 0.03, 0.04, 0.1),
        phone,
    ),
    Kind.DATE: Scale(
        ("same", "one slip", "days apart", "two slips", "months apart", "years apart", "different"),
        (0.75, 0.1, 0.04, 0.03, 0.02, 0.02, 0.04),
        day,
    ),
    Kind.EMAIL: Scale(
        ("same", "slips", "same mailbox", "alike", "same domain", "different"),
        (0.7, 0.12, 0.04, 0.04, 0.04, 0.06),
        email,
    ),
}
"""How values of each kind are compared."""

RARE_WORDS = {Kind.ORGANISATION, Kind.PERSON, Kind.TEXT}
"""Kinds whose words count by how rare they are in the table."""


def scale(kind: Kind, values: tuple[str, ...]) -> Scale:
    """Return the scale of *kind*, for a column of *values*."""
    found = SCALES[kind]
    if kind in RARE_WORDS:
        return Scale(found.names, found.usual, by_rarity(rarity(values)))
    return found
