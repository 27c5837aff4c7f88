"""The best services for each of many leads, and what services they had score now.

Pure. Sweeps of arrays, a service after the other, so that memory grows with leads and not with
services. Equal to what `matching.match` says of each lead alone (a test compares them).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.matching.column_scoring import Scored, scores
from services.matching.columns import Columns, Floats
from services.matching.criteria import CRITERIA
from services.matching.interval import WIDE
from services.matching.matching import HIGH, MEDIUM, PRIORITIES, URGENT, URGENT_INTENT
from services.matching.service import Service
from shared.privacy.modes import Mode

Places = NDArray[np.integer[Any]]

NONE = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Leads with services; every array has an entry a pair."""

    lead: Places
    """Where it stands in the columns."""
    service: Places
    """Where it stands in the list of services."""
    eligible: NDArray[np.bool_]
    """Where it is False, the scores mean nothing."""
    match_score: Floats
    low: Floats
    high: Floats
    points: NDArray[np.floating[Any]]
    """Of each of CRITERIA: two dimensions, a row a pair."""

    def __len__(self) -> int:
        """Return how many pairs there are."""
        return len(self.lead)

    def only(self, which: NDArray[Any]) -> "Pairs":
        """Return some of the pairs."""
        return Pairs(*(getattr(self, field.name)[which] for field in fields(self)))


def chosen(
    columns: Columns,
    services: Sequence[Service],
    now: datetime,
    mode: Mode,
    known: Mapping[int, Places],
    best: tuple[float, int],
    open_to: NDArray[np.bool_],
) -> tuple[Pairs, Pairs]:
    """Return what *known* pairs score, and the best pairs of each lead; some may be in both.

    *services* in the order of their ids. *known* are the leads by service, both by where they
    stand. *best* is the least score and how many services a lead; leads that are not *open_to*
    new ones get none.
    """
    least, most = best
    top = np.full((len(columns), most), -1.0)
    found, scored = [_EMPTY], [_EMPTY]
    for place, service in enumerate(services):
        got = scores(columns, service, now, mode)
        if place in known:
            scored.append(_pairs(got, place, known[place]))
        better = got.eligible & open_to & (got.expected >= least) & (got.expected > top[:, -1])
        rows = np.flatnonzero(better)
        if len(rows):
            entered = np.column_stack((top[rows], got.expected[rows]))
            top[rows] = -np.sort(-entered, axis=1)[:, :most]
            found.append(_pairs(got, place, rows))
    return _joined(scored), _first(_joined(found), most)


def confidence_levels(pairs: Pairs) -> NDArray[np.str_]:
    """Return `matching.confidence` of each pair."""
    half = np.array([criterion.most / 2 for criterion in CRITERIA])
    high = (pairs.match_score >= HIGH) & (pairs.points >= half).all(axis=1)
    low = (pairs.high - pairs.low > WIDE) | (pairs.match_score < MEDIUM)
    return np.where(low, "low", np.where(high, "high", "medium"))


def priorities(pairs: Pairs, columns: Columns) -> NDArray[np.str_]:
    """Return `matching.priority` of each pair; an unknown intent is not urgent."""
    urgent = (pairs.match_score >= URGENT) & (columns.intent_score[pairs.lead] >= URGENT_INTENT)
    words = np.select([pairs.match_score >= least for least, _ in PRIORITIES], _WORDS, _WORDS[-1])
    return np.where(urgent, "urgent", words)


def _pairs(got: Scored, place: int, rows: Places) -> Pairs:
    return Pairs(
        rows,
        np.full(len(rows), place),
        got.eligible[rows],
        got.expected[rows],
        got.low[rows],
        got.high[rows],
        np.column_stack([points[rows] for points in got.points]),
    )


def _joined(parts: Sequence[Pairs]) -> Pairs:
    every = [[getattr(part, field.name) for part in parts] for field in fields(Pairs)]
    return Pairs(*(np.concatenate(arrays) for arrays in every))


def _first(pairs: Pairs, most: int) -> Pairs:
    """Return the *most* pairs of each lead with the best scores, of equal ones the first service's.

    By lead, the best first.
    """
    ordered = pairs.only(np.lexsort((pairs.service, -pairs.match_score, pairs.lead)))
    if not len(ordered):
        return ordered
    begins = np.r_[True, ordered.lead[1:] != ordered.lead[:-1]]
    starts = np.flatnonzero(begins)
    rank = np.arange(len(ordered)) - np.repeat(starts, np.diff(np.r_[starts, len(ordered)]))
    return ordered.only(np.flatnonzero(rank < most))


_WORDS = [word for _, word in PRIORITIES]
_EMPTY = Pairs(
    NONE, NONE, NONE.astype(bool), *(NONE.astype(float),) * 3, np.zeros((0, len(CRITERIA)))
)
