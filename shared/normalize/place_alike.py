"""Names that are like one that is not known: what a misspelt place may have been.

They are offered, never taken: nobody is put where they did not say they are.
"""

from itertools import combinations

from rapidfuzz.distance import DamerauLevenshtein

from shared.normalize.gazetteer import Gazetteer
from shared.normalize.place_key import MISSPELT, beginning, key, without_one
from shared.normalize.place_search import Qualifier, Search

SUGGESTIONS = 5
"""Names that are offered at most."""

LETTERS_A_MISTAKE = 4
"""A name of so many letters may have one mistake, of twice as many two, and so on."""

MOST_MISTAKES = 3

SHORTEST, LONGEST = 3, 24
"""Letters of a name that is looked for; beyond, the pairs to leave out become too many (276)."""

MOST_READ = 80
"""Places whose names are read and compared, about half a millisecond."""


def alike(atlas: Gazetteer, search: Search, parts: list[str]) -> tuple[str, ...]:
    """Return at most five names that are like the first of *parts*, the likest first.

    What lies where the other parts say goes before what does not; words at the end that name a
    region or country are left out of the comparison. Ends with names of the same beginning.
    """
    beside = [q for q in map(search.qualifier, parts[1:]) if q.is_area]
    found: list[tuple[float, float, str]] = []
    for name, qualifiers in _readings(search, parts[0], beside):
        found += _misspelt(atlas, search, key(name), qualifiers)
    names = [name for _, _, name in sorted(found)]
    begun = atlas.named(beginning(key(parts[0])))
    if len(key(parts[0])) >= SHORTEST:
        names += [atlas.place(row).name for row, _ in begun]
    return tuple(dict.fromkeys(names))[:SUGGESTIONS]


def _readings(
    search: Search, text: str, beside: list[Qualifier]
) -> list[tuple[str, list[Qualifier]]]:
    """Return *text*, and its first words where the last are a region or country."""
    words = text.split()
    found = [(text, beside)]
    for cut in range(max(1, len(words) - 3), len(words)):
        qualifier = search.qualifier(" ".join(words[cut:]))
        if qualifier.is_area:
            found.append((" ".join(words[:cut]), [*beside, qualifier]))
    return found


def _misspelt(
    atlas: Gazetteer, search: Search, own: str, qualifiers: list[Qualifier]
) -> list[tuple[float, float, str]]:
    """Return mistakes, standing (negative) and name of the places that *own* may be misspelt of."""
    if not SHORTEST <= len(own) <= LONGEST:
        return []
    allowed = min(MOST_MISTAKES, max(1, len(own) // LETTERS_A_MISTAKE))
    rows = dict(row for name in sorted(without_one(own)) for row in atlas.named(name))
    if len(rows) < SUGGESTIONS and allowed > 1:
        rows |= dict(row for name in _without_two(own) for row in atlas.named(name))
    # Places are filed under the spellings of their own country too: Muenchen is near to Munich.
    likeliest = sorted((-atlas.standing(row, 0), row) for row in rows)[:MOST_READ]
    found = []
    for standing, row in likeliest:
        name = atlas.place(row).name
        mistakes = min(DamerauLevenshtein.distance(own, key(name)), allowed)
        elsewhere = sum(not search.lies_in(row, each) for each in qualifiers)
        found.append((mistakes + 2.0 * elsewhere, standing, name))
    return found


def _without_two(own: str) -> list[str]:
    """Return the keys of *own* with two of its letters left out."""
    pairs = combinations(range(len(own)), 2)
    shorter = {own[:i] + own[i + 1 : j] + own[j + 1 :] for i, j in pairs}
    return sorted(MISSPELT + each for each in shorter)
