"""Short, pet and variant spellings of given names.

English: the `nicknames` library (Apache-2.0). Other languages and romanisations: our own
`data/nicknames.csv`, written from public knowledge. Translations are no nicknames: John and
Juan are two names.
"""

from functools import cache

from shared.normalize.tables import rows
from shared.normalize.text import fold

MAX_NAME = 64
"""Characters of a given name that are looked at."""


def nickname_roots(given: str) -> frozenset[str]:
    """Return the folded names that *given* may stand for, itself included.

    Two given names are compatible if their roots meet: Mike and Michael, Sasha and Alexander.
    Only the first word counts. Empty for a name without letters.
    """
    words = fold(given, MAX_NAME).split()
    return frozenset({words[0]}) | _roots().get(words[0], frozenset()) if words else frozenset()


def known(given: str) -> bool:
    """Return whether the folded *given* stands in a table, as a root or as its short form."""
    return given in _known()


def english(given: str) -> bool:
    """Return whether the folded *given* is a name, or a short form of one, among the English."""
    return given in _english()


def warm() -> None:
    """Load all tables now (about 0.1 s)."""
    _known()
    _english()


@cache
def _roots() -> dict[str, frozenset[str]]:
    """Return, for each nickname, its roots; a variant's roots are its canonical's too."""
    from nicknames import NickNamer

    found: dict[str, set[str]] = {}
    refused = {(root, nick) for root, *nicks in rows("not_nicknames.csv") for nick in nicks}
    for nick, roots in NickNamer().canonical_lookup.items():
        if len(nick) > 1:
            sound = {fold(root) for root in roots if (root, nick) not in refused}
            found.setdefault(fold(nick), set()).update(sound)
    for root, *others in rows("nicknames.csv"):
        for other in filter(None, others):
            found.setdefault(other, set()).add(root)
    return {name: frozenset(roots) for name, roots in found.items()}


@cache
def _english() -> frozenset[str]:
    from nicknames import NickNamer

    table = NickNamer().canonical_lookup
    return frozenset(map(fold, table)).union(*(map(fold, roots) for roots in table.values()))


@cache
def _known() -> frozenset[str]:
    return frozenset(_roots()).union(*_roots().values())
