"""Hebrew names in Latin letters: דהן is Dahan, which its consonants alone do not say.

The usual spellings stand in `data/hebrew_names.csv`. Names are looked up as they are folded.
"""

from functools import cache

from shared.normalize.tables import rows
from shared.normalize.text import fold


def spellings(kind: str, folded: str) -> frozenset[str]:
    """Return the Latin spellings of a folded Hebrew name; *kind* is `given` or `family`.

    Empty for a name that is in no table.
    """
    return _spellings().get((kind, folded), frozenset())


def listed(given: str) -> bool:
    """Return whether a folded given name in Latin letters is a usual spelling of a Hebrew one."""
    return given in _givens()


def warm() -> None:
    """Load the table now (under 5 ms)."""
    _givens()


@cache
def _givens() -> frozenset[str]:
    return frozenset().union(*(each for (kind, _), each in _spellings().items() if kind == "given"))


@cache
def _spellings() -> dict[tuple[str, str], frozenset[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for kind, name, *spelt in rows("hebrew_names.csv"):
        found.setdefault((kind, fold(name).replace(" ", "")), set()).update(spelt)
    return {name: frozenset(spelt) for name, spelt in found.items()}
