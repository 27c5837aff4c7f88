"""The best of many leads: by score, of equal ones by id, from where the page before ended.

Pure.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple, SupportsIndex
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from services.matching.column_scoring import scores
from services.matching.columns import Columns, Floats
from services.matching.lead_filter import Wanted, wanted_rows
from services.matching.service import Service
from shared.privacy.modes import Mode

SWEPT = 131_072
"""Leads that are scored at a time: arrays that the processor's cache holds."""


class Mark(NamedTuple):
    """A place in the order."""

    score: float
    """0 to 100."""
    lead_id: UUID

    @property
    def order(self) -> tuple[float, UUID]:
        """Return what sorts marks: the best first."""
        return -self.score, self.lead_id


def best(
    ids: NDArray[Any],
    columns: Columns,
    service: Service,
    wanted: Wanted,
    now: datetime,
    mode: Mode,
    after: Mark | None,
    most: int,
) -> list[Mark]:
    """Return the best *most* leads for *service* that come after *after*, in their order.

    *ids* are those of *columns*, 16 bytes each and ascending.
    """
    found: list[Mark] = []
    for rows, swept in _sweeps(columns, wanted):
        scored = scores(swept, service, now, mode)
        expected = np.where(scored.eligible, scored.expected, -1.0)
        found += first(ids[rows], expected, wanted, after, most)
    return sorted(found, key=lambda mark: mark.order)[:most]


def first(
    ids: NDArray[Any], values: Floats, wanted: Wanted, after: Mark | None, most: int
) -> list[Mark]:
    """Return the greatest *most* of *values* that are wanted and come after *after*.

    In no order. A value below 0 is of no lead that is wanted. *ids* ascend.
    """
    open_rows = values >= max(0.0, wanted.min_match_score)
    if after:
        later = (values == after.score) & (ids > np.array(after.lead_id.bytes, "S16"))
        open_rows &= (values < after.score) | later
    rows = np.flatnonzero(open_rows)
    if len(rows) > most:
        least = np.partition(values[rows], len(rows) - most)[len(rows) - most]
        above = rows[values[rows] > least]
        equal = rows[values[rows] == least][: most - len(above)]
        rows = np.concatenate([above, equal])
    return [Mark(float(values[row]), identified(ids, row)) for row in rows]


def identified(ids: NDArray[Any], row: SupportsIndex) -> UUID:
    """Return the id in *row*; numpy leaves zero bytes at the end of a text away."""
    return UUID(bytes=bytes(ids[row]).ljust(16, b"\0"))


def _sweeps(columns: Columns, wanted: Wanted) -> Iterator[tuple[slice | NDArray[np.intp], Columns]]:
    """Yield the leads that are wanted, some at a time, with where they stand."""
    rows = wanted_rows(columns, wanted)
    every = len(columns) if rows is None else len(rows)
    for start in range(0, every, SWEPT):
        some: Any = slice(start, start + SWEPT)
        which = some if rows is None else rows[some]
        yield which, columns.rows(which)
