"""What trade a lead is in: NAICS 2022 codes behind the words people write.

A text in English, German, French, Spanish, Italian or Portuguese, a NAICS code or a name of
another list (LinkedIn, HubSpot) is read as one `Industry`; two of them are compared in [0, 1].
"""

from functools import lru_cache

from shared.normalize.industry_codes import Industry, group, named, parents
from shared.normalize.industry_names import MAX_TEXT, joins, stem, words
from shared.normalize.industry_reading import readings
from shared.normalize.industry_similarity import likeness

MOST_REMEMBERED = 2048
"""Texts whose reading is remembered: a tenant's leads say the same few hundred things."""


def industry(text: str) -> Industry | None:
    """Return the best single reading of *text*, or None if it is unknown."""
    found = _remembered(text[:MAX_TEXT])
    return found[0] if found else None


def industries(text: str, most: int = 5) -> tuple[Industry, ...]:
    """Return at most *most* readings of *text*, best first; empty if it is unknown."""
    return _remembered(text[:MAX_TEXT])[: max(most, 0)]


def warm() -> None:
    """Load all tables now (about 0.5 s, 3 MB)."""
    similarity("guitar maker", "restaurnt")


def similarity(one: str | Industry, other: str | Industry) -> float:
    """Return how near two branches are, in [0, 1]; symmetric, 1 for the same.

    Texts are read first. Where one is unknown their words are compared: twice the words in
    common by all words (Dice 1945). A text without a word is like nothing, itself included.
    """
    mine, yours = _read(one), _read(other)
    if mine and yours:
        return likeness(mine, yours)
    ours, theirs = _stems(one), _stems(other)
    return 2 * len(ours & theirs) / (len(ours) + len(theirs)) if ours and theirs else 0.0


def _read(what: str | Industry) -> Industry | None:
    return industry(what) if isinstance(what, str) else what


def _stems(what: str | Industry) -> set[str]:
    """Return the stems of the words said, joining words only where there are no others."""
    found = words(what if isinstance(what, str) else what.name)
    return {stem(word) for word in found if not joins(word)} or set(found)


@lru_cache(MOST_REMEMBERED)
def _remembered(text: str) -> tuple[Industry, ...]:
    return tuple(found for codes in readings(text) if (found := group(codes)))


__all__ = ["Industry", "industries", "industry", "named", "parents", "similarity", "warm"]
