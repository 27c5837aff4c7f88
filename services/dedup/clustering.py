"""Clusters: the rows that are one person, from the odds of every two of them.

Taking every chain of links for one person joins colleagues and relatives through one odd link. So
clusters are joined best first while, on the whole, their members speak for being one: the mean of
the log2 odds of all pairs between them (average linkage). Deterministic: ties go by position.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

Odds = Callable[[int, int], float]
"""Log2 odds that the rows at two positions, the smaller first, are one."""

MOST = 10.0
"""Bits that one pair counts at most, for or against: one pair does not outvote a whole cluster."""


def clusters(links: Iterable[tuple[int, int]], odds: Odds, least: float = 0.0) -> list[list[int]]:
    """Return the clusters of two rows or more, each in order, sorted.

    *links* are the pairs worth joining over; *odds* is asked of other pairs as well. Clusters are
    joined while the mean of their odds is above *least*.
    """
    joined: dict[int, list[int]] = {}
    for component in _components(links):
        joined |= _agglomerated(component, odds, least)
    return sorted(each for each in joined.values() if len(each) > 1)


def _components(links: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    beside: dict[int, list[int]] = defaultdict(list)
    for a, b in links:
        beside[a].append(b)
        beside[b].append(a)
    seen: set[int] = set()
    for start in sorted(beside):
        if start not in seen:
            found, waiting = [], [start]
            seen.add(start)
            while waiting:
                found.append(one := waiting.pop())
                fresh = [each for each in beside[one] if each not in seen]
                seen.update(fresh)
                waiting += fresh
            yield sorted(found)


def _agglomerated(rows: list[int], odds: Odds, least: float) -> dict[int, list[int]]:
    """Return the clusters of one component by their first row."""
    members = {row: [row] for row in rows}
    between: dict[int, dict[int, float]] = {row: {} for row in rows}
    for place, a in enumerate(rows):
        for b in rows[place + 1 :]:
            between[a][b] = between[b][a] = max(-MOST, min(MOST, odds(a, b)))
    waiting = [(-sums, a, b) for a in rows for b, sums in between[a].items() if a < b]
    heapq.heapify(waiting)
    while waiting:
        mean, a, b = heapq.heappop(waiting)
        if -mean <= least:
            break
        if a in members and b in members and mean == _mean(between, members, a, b):
            _join(members, between, a, b)
            for other in between[a]:
                pair = (min(a, other), max(a, other))
                heapq.heappush(waiting, (_mean(between, members, *pair), *pair))
    return members


def _mean(
    between: Mapping[int, Mapping[int, float]], members: Mapping[int, list[int]], a: int, b: int
) -> float:
    """Return the mean odds between two clusters, negated: the best comes first."""
    return -between[a][b] / (len(members[a]) * len(members[b]))


def _join(
    members: dict[int, list[int]], between: dict[int, dict[int, float]], a: int, b: int
) -> None:
    """Let cluster *a* take *b* in."""
    members[a] = sorted(members[a] + members.pop(b))
    gone = between.pop(b)
    del between[a][b]
    for other, sums in gone.items():
        if other != a:
            between[a][other] += sums
            between[other][a] = between[a][other]
            del between[other][b]
