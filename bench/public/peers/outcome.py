"""From another library's pairs to clusters, where it makes none itself, and to the file."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

Scored = Iterable[tuple[int, int, float]]
"""Links with their scores, the likeliest highest."""


def chains(pairs: Scored) -> list[list[int]]:
    """Return the rows that hang together by *pairs*."""
    first: dict[int, int] = {}

    def root(row: int) -> int:
        while first.setdefault(row, row) != row:
            row = first[row]
        return row

    for a, b, _ in pairs:
        one, other = sorted((root(int(a)), root(int(b))))
        first[other] = one
    found: dict[int, list[int]] = {}
    for row in list(first):
        found.setdefault(root(row), []).append(row)
    return list(found.values())


def one_to_one(pairs: Scored) -> list[list[int]]:
    """Return the links of which each row has one at most, the likeliest first."""
    taken: set[int] = set()
    found = []
    for a, b, _ in sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1])):
        if a not in taken and b not in taken:
            taken |= {a, b}
            found.append([int(a), int(b)])
    return found


def joined(pairs: Scored, sources: Sequence[str] | None) -> list[list[int]]:
    """Return one-to-one links where two files are linked, else chains."""
    return chains(pairs) if sources is None else one_to_one(pairs)


def write(out: Path, version: str, clusters: Iterable[Sequence[int]]) -> None:
    """Write *clusters* of rows by position."""
    found = [[int(row) for row in each] for each in clusters]
    out.write_text(json.dumps({"version": version, "clusters": found}), encoding="utf-8")
