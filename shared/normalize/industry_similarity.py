"""How alike two branches of trade are, in [0, 1].

Where they lie in NAICS decides: a branch and what contains it are near by the steps between
them, two others by their nearest common ancestor. NAICS groups by what is produced, so that
lawyers and vets are neighbours and a brewer and a bar are not: `data/industry_similarity.csv`
corrects both, line by line with its reason.
"""

from functools import cache, lru_cache

from shared.normalize.industry_codes import WIDE_SECTORS, Industry
from shared.normalize.tables import rows

STEP = 0.9
"""Likeness of a branch and its own parent; each further step up multiplies it: a restaurant is
0.9 food service and 0.81 accommodation and food. Judgement, as the table."""

COMMON = {2: 0.35, 3: 0.6, 4: 0.85, 5: 0.9}
"""Likeness of two branches by the digits of their nearest common ancestor, where the table is
silent. At most `STEP`: none is nearer to its sibling than to its parent."""

WIDER = 0.6
"""What each step leaves of a pair's likeness where one of the two is wider than the table says:
software and electronics are alike, software and manufacturing hardly."""

GROUPED = 0.95
"""What a group named by usage leaves of the likeness of its members: technology is less of a
thing than software."""

MOST_REMEMBERED = 4096
"""Pairs whose likeness is remembered."""

_SECTOR_OF = {first: code for code, firsts in WIDE_SECTORS.items() for first in firsts}


@lru_cache(MOST_REMEMBERED)
def likeness(one: Industry, other: Industry) -> float:
    """Return how alike *one* and *other* are, in [0, 1]; symmetric, 1 for the same codes."""
    if set(one.prefixes) == set(other.prefixes):
        return 1.0
    ours, theirs = _members(one), _members(other)
    if len(ours) == len(theirs) == 1:
        return _alike(ours[0], theirs[0])
    near = [[_alike(a, b) for b in theirs] for a in ours]
    if 1 in (len(ours), len(theirs)):
        return GROUPED * max(max(row) for row in near)
    across = sum(map(max, near)) / len(ours)
    back = sum(map(max, zip(*near, strict=True))) / len(theirs)
    return GROUPED * (across + back) / 2


def _members(one: Industry) -> tuple[str, ...]:
    return one.prefixes if one.is_group else (one.code,)


def _alike(one: str, other: str) -> float:
    """Return the likeness of two codes: where they lie, or what the table says if that is more."""
    if one == other:
        return 1.0
    return max(_inside(one, other), _inside(other, one), _cousins(one, other), _paired(one, other))


def _path(code: str) -> tuple[str, ...]:
    """Return the code's sector, then what follows down to itself."""
    sector = _SECTOR_OF.get(code[:2], code[:2])
    return (sector, *(code[:length] for length in range(3, len(code) + 1)))


def _inside(one: str, other: str) -> float:
    """Return the likeness of *one* and its part *other*; 0 if it is none."""
    path = _path(other)
    own = _path(one)[-1]
    return STEP ** (len(path) - 1 - path.index(own)) if own in path else 0.0


def _cousins(one: str, other: str) -> float:
    """Return what the nearest common ancestor of two codes says; 0 without one."""
    shared = [a for a, b in zip(_path(one), _path(other), strict=False) if a == b]
    if not shared or shared[-1] in (one, other):
        return 0.0
    return _within().get(shared[-1], COMMON[len(shared[-1])])


def _paired(one: str, other: str) -> float:
    """Return the most that a pair of the table says of two codes, or of what they contain."""
    sectors = frozenset((_path(one)[0], _path(other)[0]))
    return max(
        (
            value * max(_covers(a, one) * _covers(b, other), _covers(a, other) * _covers(b, one))
            for a, b, value in _pairs().get(sectors, ())
        ),
        default=0.0,
    )


def _covers(pattern: str, code: str) -> float:
    """Return 1 if *code* lies in *pattern*, less by the step the wider it is, else 0."""
    ours, path = _path(code), _path(pattern)
    if path[-1] in ours:
        return 1.0
    return WIDER ** (len(path) - len(ours)) if ours[-1] in path else 0.0


@cache
def _within() -> dict[str, float]:
    return {code: float(value) for what, code, value, *_ in _table("within")}


@cache
def _pairs() -> dict[frozenset[str], list[tuple[str, str, float]]]:
    """Return the pairs of the table by the sectors they lie in."""
    found: dict[frozenset[str], list[tuple[str, str, float]]] = {}
    for _, one, other, value, *_rest in _table("pair"):
        sectors = frozenset((_path(one)[0], _path(other)[0]))
        found.setdefault(sectors, []).append((one, other, float(value)))
    return found


def _table(what: str) -> list[list[str]]:
    return [row for row in rows("industry_similarity.csv") if row[0] == what]
