"""What branches of trade are called, in English, German, French, Spanish, Italian and Portuguese.

A name is looked up by its *key*: the stems of its words in alphabetical order, so that plurals,
genders, accents (or ae for ä) and the order of words do not matter. Where two trades share a key
the words as they stand decide.
"""

import re
from functools import cache, lru_cache

from shared.normalize.industry_codes import WIDE_SECTORS, codes
from shared.normalize.tables import kind, rows
from shared.normalize.text import SHORT, fold

MAX_TEXT = 200
"""Characters of a text that are read. A form's industry field is shorter."""

SHORTEST_STEM = 4
"""Letters that an ending leaves over, at least; a plural's s may leave three (bars)."""

MOST_REMEMBERED = 2048
"""Words whose stem is remembered: the same few are asked about many times a text."""

_ELISION = re.compile(r"(?i)\b(d|l|qu|all|dell|nell|sull|dall|un)['`´’ʼ]")
_INITIALS = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_CAMEL = re.compile("(?<=[a-z])(?=[A-Z][a-z])")
_JOINED = re.compile(
    r"(?i)\b(e|auto|micro)[- ](?=com|learn|business|shop|tail|sport|handel|mobil|entrepr)"
)
_UMLAUTS = re.compile("(?<=[aou])e")
_FEMININE = re.compile("(?<=er|or|nt|st|at)in(?:nen)?$")
_DOUBLE = re.compile("([b-df-hj-np-tv-z])\\1$")
_INFLECTED = ("eien", "ies", "ias", "ei", "ie", "ia", "es", "en", "as", "os", "is", *"saeiouy")
_DERIVED = ("eur", "ing", "ung", "er", "or")


def words(text: str) -> list[str]:
    """Return the words of *text*, folded: I.T. is it, RealEstate two words, ä and ae are a."""
    text = text[:MAX_TEXT].replace("&", " and ")
    if not text.replace(" ", "").isalpha():
        text = _ELISION.sub(" ", text)
        text = _INITIALS.sub(lambda found: found[0].replace(".", "") + " ", text)
    text = _JOINED.sub(r"\1", _CAMEL.sub(" ", text))
    return _folded(text)


def _folded(text: str) -> list[str]:
    return _UMLAUTS.sub("", fold(text)).split()


@lru_cache(MOST_REMEMBERED)
def stem(word: str) -> str:
    """Return the folded *word* without the endings of plural, gender and agent.

    Bakery, bakeries and baker are one; abogado, abogada and abogados; Makler and Maklerin.
    """
    found = _FEMININE.search(word)
    word = word[: found.start()] if found else word
    if len(word) == SHORTEST_STEM and word[-1] == "s":
        return word[:-1]
    word = _without(_DERIVED, _without(_INFLECTED, word))
    return _DOUBLE.sub(r"\1", word) if len(word) > SHORTEST_STEM else word


def key(found: list[str]) -> str:
    """Return the key of folded words; empty if none of them names anything."""
    return " ".join(sorted({stem(word) for word in found if not joins(word)}))


def exact(found: list[str]) -> str:
    """Return folded words without those that only join, as they stand."""
    return " ".join(word for word in found if not joins(word))


def joins(word: str) -> bool:
    """Return whether a folded *word* only joins others."""
    return word in _joining()


def known(found: list[str]) -> str | None:
    """Return the codes, joined by "+", that go by exactly these folded words, or None."""
    keys, disputed = _tables()
    found_key = key(found)
    return disputed.get(exact(found)) or keys.get(found_key) if found_key else None


@cache
def conjunctions() -> frozenset[str]:
    """Return the words that list trades side by side: café *and* bakery."""
    return kind("industry_words.csv", "and")


@cache
def _joining() -> frozenset[str]:
    return kind("industry_words.csv", "joining")


@cache
def vocabulary() -> frozenset[str]:
    """Return the stems of all words that occur in names."""
    return frozenset(word for name in _tables()[0] for word in name.split()) | noise()


@cache
def noise() -> frozenset[str]:
    """Return the stems of words that name no trade: company, services, Unternehmen."""
    said = " ".join(kind("industry_words.csv", "noise"))
    return frozenset(stem(word) for word in _folded(said))


@cache
def prepositions() -> frozenset[str]:
    """Return the words before which the trade stands: software *for* restaurants."""
    return kind("industry_words.csv", "before")


@cache
def trade_first() -> frozenset[str]:
    """Return small words of the languages that put the trade first: tienda *de* ropa."""
    return kind("industry_words.csv", "after")


@cache
def kinds() -> dict[str, str]:
    """Return, by stem, the codes of a sector that a word puts goods into: maker, wholesaler."""
    return {
        stem(word): prefixes
        for first, prefixes, *found in rows("industry_words.csv")
        if first == "kind"
        for word in _folded(" ".join(found))
    }


@cache
def _tables() -> tuple[dict[str, str], dict[str, str]]:
    """Return codes by key, and by exact words for names whose key is disputed."""
    keys: dict[str, str] = {}
    disputed: dict[str, str] = {}
    spelt: dict[str, str] = {}
    for prefixes, name in _named():
        found = words(name.ljust(SHORT + 1))  # too long for `fold` to remember all our tables
        one = key(found)
        if one and keys.setdefault(one, prefixes) != prefixes:
            disputed.setdefault(spelt[one], keys[one])
            disputed.setdefault(exact(found), prefixes)
        spelt.setdefault(one, exact(found))
    return keys, disputed


def _named() -> list[tuple[str, str]]:
    """Return (codes, name) of every name; ours before the official titles, short codes first."""
    ours = [(prefixes, name) for prefixes, *names in rows("industry_names.csv") for name in names]
    titles = sorted(codes().items(), key=lambda pair: len(pair[0]))
    return ours + [("+".join(WIDE_SECTORS.get(code, (code,))), title) for code, title in titles]


def _without(endings: tuple[str, ...], word: str) -> str:
    """Return *word* without the longest of *endings* that leaves enough of it."""
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word[: -len(ending)]
    return word
