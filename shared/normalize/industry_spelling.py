"""Words as people spell them: compounds taken apart, slips of the pen put right.

German writes a trade and what it deals in as one word (Möbelhersteller); others join words by
habit. A word that no table knows is split into two that are known, or else taken for its one
near neighbour.
"""

from functools import cache
from sys import intern

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from shared.normalize.industry_names import (
    joins,
    kinds,
    noise,
    prepositions,
    stem,
    vocabulary,
    words,
)
from shared.normalize.tables import rows
from shared.normalize.text import SHORT

SHORTEST_PART, SHORTEST_END = 4, 5
"""Letters of a compound's first part, and of its last unless that says what is done (-bau)."""

SHORTEST_SLIP, SHORTEST_TWO_SLIPS = 5, 9
"""Letters of a stem from which one slip is forgiven, and two: shorter words have neighbours."""

_LINKS = ("", "s", "n", "es", "en")
"""Letters that German puts between the parts of a compound."""


def spelt(found: list[str]) -> list[str]:
    """Return folded words with compounds split and slips put right; unknown words as they are."""
    return [part for word in found for part in _parts(word)]


@cache
def index() -> dict[str, tuple[str, ...]]:
    """Return the groups of NAICS, most used first, of each English stem in the Census index."""
    held: dict[str, str] = {word: word for word in vocabulary()}
    groups: dict[tuple[str, ...], tuple[str, ...]] = {}  # what is equal is kept once
    return {
        held.get(word, word): groups.setdefault(found := tuple(map(intern, codes)), found)
        for word, *codes in rows("industry_index.csv")
    }


def meant(found: list[str]) -> set[str]:
    """Return the stems of folded words, those of goods in the English of the Census index."""
    stems = {stem(word) for word in found if not joins(word)} - noise()
    return {other for one in stems for other in _goods().get(one, (one,))}


@cache
def _goods() -> dict[str, tuple[str, ...]]:
    """Return the English stems of the Census index by the stem of a one-word name of goods."""
    found: dict[str, tuple[str, ...]] = {}
    for english, *others in rows("industry_goods.csv"):
        stems = tuple(stem(word) for word in words(english.ljust(SHORT + 1)))
        for name in others:
            one = words(name.ljust(SHORT + 1))
            if len(one) == 1:
                found.setdefault(stem(one[0]), stems)
    return found


def _parts(word: str) -> list[str]:
    if _is_known(word) or not word.isalpha():
        return [word]
    split = _split(word)
    if split is not None:
        return split
    near = _near(stem(word))
    return [near] if near else [word]


def _is_known(word: str) -> bool:
    one = stem(word)
    return (
        joins(word)
        or word in prepositions()
        or one in vocabulary()
        or one in kinds()
        or one in index()
        or one in _goods()
    )


def _split(word: str) -> list[str] | None:
    """Return the two parts of a compound, or the one that is known, or None."""
    for at in range(len(word) - 3, SHORTEST_PART - 1, -1):
        first, last = word[:at], word[at:]
        if _ends(last):
            for link in _LINKS:
                known = first.removesuffix(link) if link else first
                if len(known) >= SHORTEST_PART and _names_something(stem(known)):
                    return [known, last]
    return _known_end(word)


def _names_something(one: str) -> bool:
    return one in vocabulary() or one in _goods()


def _ends(last: str) -> bool:
    one = stem(last)
    return one in kinds() or one in noise() or (len(last) >= SHORTEST_END and one in vocabulary())


def _known_end(word: str) -> list[str] | None:
    """Return the two parts of a word whose end says what is done: Xylithersteller."""
    for at in range(SHORTEST_PART, len(word) - SHORTEST_END):
        if stem(word[at:]) in kinds():
            return [word[:at], word[at:]]
    return None


def _near(one: str) -> str | None:
    if len(one) < SHORTEST_SLIP:
        return None
    most = 1 if len(one) < SHORTEST_TWO_SLIPS else 2
    same = _by_letter().get(one[0], [])
    best = extractOne(one, same, scorer=OSA.distance, score_cutoff=most)
    return best[0] if best else None


@cache
def _by_letter() -> dict[str, list[str]]:
    """Return the known stems long enough to be mistaken, by their first letter."""
    found: dict[str, list[str]] = {}
    for word in sorted(vocabulary() - noise()):
        if len(word) >= SHORTEST_SLIP - 1:
            found.setdefault(word[0], []).append(word)
    return found
