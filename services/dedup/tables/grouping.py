"""From links to things: each row in one cluster, or in one pair of two sources."""

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

from services.dedup import clustering

Link = tuple[tuple[int, int], float]
"""Two rows, the smaller first, and the log2 odds that they are one."""

AllOdds = Callable[[list[tuple[int, int]]], list[float]]
"""The odds of any pairs at once."""

LARGEST = 400
"""Rows that may hang together; every two of them are compared. What would hang more together by a
chain of links falls apart at its weakest."""


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
    parts = _parts(links)
    known = {pair: bits for pair, bits in links if parts[pair[0]] is parts[pair[1]]}
    asked = [
        pair
        for row, part in parts.items()
        if row == part[0] and len(part) > 2
        for pair in combinations(part, 2)
        if pair not in known
    ]
    linked = list(known)
    known |= zip(asked, odds(asked), strict=True)
    return clustering.clusters(linked, lambda a, b: known[a, b], least)


def _parts(links: Iterable[Link]) -> dict[int, list[int]]:
    """Return by row the sorted rows that it hangs together with, joined best first."""
    parts: dict[int, list[int]] = {}
    for (a, b), _ in sorted(links, key=lambda link: (-link[1], link[0])):
        one, other = parts.setdefault(a, [a]), parts.setdefault(b, [b])
        if one is other or len(one) + len(other) > LARGEST:
            continue
        large, small = (one, other) if len(one) >= len(other) else (other, one)
        large += small
        parts |= dict.fromkeys(small, large)
    for part in {id(part): part for part in parts.values()}.values():
        part.sort()
    return parts
