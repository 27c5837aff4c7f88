"""How common a name is: an agreement on Nguyen says less than one on a rare name.

The figures stand in `data/family_names.csv` and `data/given_names.csv`: bearers per mille of
the people where the name is commonest, rounded, after public statistics that the tables name
(US Census, ONS, INSEE, INE, IBGE, KOSIS, the Chinese Ministry of Public Security and others).
They give an order of size; scaling agreements by it follows Winkler, "Frequency-Based Matching
in the Fellegi-Sunter Model of Record Linkage" (US Census Bureau, 2000).
"""

import math
from collections.abc import Mapping
from functools import cache, lru_cache

from shared.normalize.tables import rows

MOST_REMEMBERED = 8192
"""Whole names whose share is kept in memory (under 2 MB)."""

UNLISTED = 0.1
"""Bearers per mille of a name that is in no table: a third of the rarest listed (0.3)."""

INITIAL = 38.0
"""Bearers per mille of the names that begin with one letter: 1 in 26, as if all were alike."""

EVERYONE = 1000.0
"""Bearers per mille of a name without words: it tells nobody apart."""


def per_mille(family: str) -> float:
    """Return how many of 1,000 people bear the folded *family* name, in [0.1, 1000].

    Of several words the rarest counts, which is an upper bound. UNLISTED for a name that is
    not in the table, INITIAL for a single letter, EVERYONE for no word. Never raises.
    """
    return _rarest(family, _families())


def given_per_mille(given: str) -> float:
    """Return how many of 1,000 people, of any age, bear the folded *given* name; as `per_mille`."""
    return _rarest(given, _givens())


@lru_cache(MOST_REMEMBERED)
def commonness(given: str, family: str) -> float:
    """Return the expected share of people with this whole name, as log2, in [-26.6, 0].

    An approximation: given and family name are taken as independent, both as common as where
    they are commonest. Within one language they are not (Maria Garcia is commoner than that).
    """
    return math.log2(given_per_mille(given) / EVERYONE) + math.log2(per_mille(family) / EVERYONE)


def warm() -> None:
    """Load both tables now (about 10 ms)."""
    _families()
    _givens()


def _rarest(name: str, figures: Mapping[str, float]) -> float:
    if name and " " not in name:
        return _figure(name, figures)  # one word, as a rule
    return min((_figure(word, figures) for word in name.split()), default=EVERYONE)


def _figure(word: str, figures: Mapping[str, float]) -> float:
    return INITIAL if len(word) == 1 else figures.get(word, UNLISTED)


def _figures(table: str) -> dict[str, float]:
    return {name: float(figure) for name, figure, _country in rows(table)}


@cache
def _families() -> dict[str, float]:
    return _figures("family_names.csv")


@cache
def _givens() -> dict[str, float]:
    return _figures("given_names.csv")
