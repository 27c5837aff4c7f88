"""From links to things: each row in one cluster, or in one pair of two sources."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

from services.dedup import clustering

Link = tuple[tuple[int, int], float]
"""Two rows, the smaller first, and the log2 odds that they are one."""

AllOdds = Callable[[list[tuple[int, int]]], list[float]]
"""The odds of any pairs at once."""

LARGEST = 400
"""Rows that hang together whose every two are compared; above, what is no link is MISSING."""

MISSING = -2.0
"""Bits against, of two rows among very many that no link joins."""


def one_to_one(links: Iterable[Link]) -> list[list[int]]:
    """Return the links of which each row has one at most, the likeliest first."""
    taken: set[int] = set()
    found = []
    for (a, b), _ in sorted(links, key=lambda link: (-link[1], link[0])):
        if a not in taken and b not in taken:
            taken |= {a, b}
            found.append([a, b])
    return found


def clusters(links: Sequence[Link], odds: AllOdds, least: float) -> list[list[int]]:
    """Return clusters joined best first while their members speak for it on the whole."""
    known = dict(links)
    asked = [
        pair
        for part in _parts(known)
        if 2 < len(part) <= LARGEST
        for pair in combinations(part, 2)
        if pair not in known
    ]
    known |= zip(asked, odds(asked), strict=True)
    return clustering.clusters(
        [pair for pair, _ in links], lambda a, b: known.get((a, b), MISSING), least
    )


def _parts(links: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return the rows that hang together by *links*."""
    first: dict[int, int] = {}

    def root(row: int) -> int:
        while first.setdefault(row, row) != row:
            first[row] = row = first[first[row]]
        return row

    for a, b in links:
        one, other = sorted((root(a), root(b)))
        first[other] = one
    parts: dict[int, list[int]] = defaultdict(list)
    for row in sorted(first):
        parts[root(row)].append(row)
    return list(parts.values())
