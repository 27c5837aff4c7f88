"""Blocking: the pairs of rows worth comparing.

In a small table all of them. Else rows that share what few others share: a value, a word, the
sound of a name, or two things of which neither is rare alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

import numpy as np

from services.dedup.tables.comparing import Pairs
from services.dedup.tables.kinds import Kind
from services.dedup.tables.reading import Column
from shared.normalize.phonetic import phonetic

ALL_PAIRS = 400_000
"""Pairs up to which every row is compared with every other: a second or two."""

BLOCK = 60
"""Rows of one key at most; what more rows share says too little alone."""

TOGETHER = 200
"""Rows of two keys that are shared together at most."""

USUAL = 12
"""Keys of a row, the rarest first, that are looked at two at a time: 66 pairs of keys."""

NEVER = {Kind.CATEGORY, Kind.REGION}
"""Kinds that so many rows share that nothing is found by them."""


Key = tuple[int, str, str]
"""Column by number, how it was made, and of what."""


def pairs(columns: Sequence[Column], sources: Sequence[str] | None = None) -> Pairs:
    """Return the pairs to compare, the smaller position first, sorted.

    With *sources* (by row), pairs of two different ones alone.
    """
    rows = len(columns[0].values) if columns else 0
    if rows * (rows - 1) // 2 <= ALL_PAIRS:
        first, second = np.triu_indices(rows, 1)
        found = np.column_stack((first, second)).astype(np.int64)
    else:
        codes = np.fromiter(_sharing(columns, rows), np.int64)
        found = np.column_stack(np.divmod(np.unique(codes), rows))
    if sources is None or not len(found):
        return found
    named = np.array(sources)
    return found[named[found[:, 0]] != named[found[:, 1]]]


def _sharing(columns: Sequence[Column], rows: int) -> Iterator[int]:
    """Yield pairs of rows as one number, some more than once."""
    usual: list[list[Key]] = [[] for _ in range(rows)]
    blocks = _blocks(columns)
    for key, block in sorted(blocks.items(), key=lambda each: (len(each[1]), each[0])):
        if len(block) <= BLOCK:
            yield from _pairs(block, rows)
            continue
        for row in block:
            if len(usual[row]) < USUAL:
                usual[row].append(key)
    together: dict[tuple[Key, Key], list[int]] = defaultdict(list)
    for row, keys in enumerate(usual):
        for one, other in combinations(keys, 2):
            if one[0] != other[0]:
                together[one, other].append(row)
    for block in together.values():
        if len(block) <= TOGETHER:
            yield from _pairs(block, rows)


def _blocks(columns: Sequence[Column]) -> dict[Key, list[int]]:
    """Return the rows of each key, in order."""
    blocks: dict[Key, list[int]] = defaultdict(list)
    for number, column in enumerate(columns):
        keys = {value: sorted(_keys(column.kind, value)) for value in set(column.values) if value}
        for row, value in enumerate(column.values):
            for how, text in keys.get(value, ()):
                blocks[number, how, text].append(row)
    return blocks


def _pairs(block: list[int], rows: int) -> Iterator[int]:
    return (a * rows + b for a, b in combinations(block, 2))


def _keys(kind: Kind, value: str) -> Iterable[tuple[str, str]]:
    """Return what rows are found by: the value, and what slips leave of it."""
    if kind in NEVER:
        return ()
    if kind in (Kind.ORGANISATION, Kind.PERSON, Kind.TEXT, Kind.STREET):
        return {("=", value), *(("word", word) for word in value.split())}
    if kind in (Kind.GIVEN, Kind.FAMILY):
        return {("=", value), ("sound", phonetic(value))}
    if kind in (Kind.PHONE, Kind.CODE, Kind.DATE):
        half = len(value) // 2
        return {("=", value), ("begins", value[:half]), ("ends", value[half:])} if half > 2 else ()
    if kind is Kind.EMAIL:
        mailbox, _, domain = value.partition("@")
        return {("=", value), ("mailbox", mailbox), ("domain", domain)}
    return {("=", value)}
