"""What the processes of `crew` are given to do: rows to read, pairs and people to compare."""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from services.dedup.bulk.people import Manner, Row, likely, together
from services.dedup.bulk.records import records
from services.dedup.bulk.rows import Ready, ready
from services.dedup.bulk.weighing import Side, Told, Weighing
from services.dedup.importing import Plan, checked, reason, sent
from services.dedup.linkage import Match
from shared.errors import ServiceError
from shared.fields import LONGEST_TEXT

Places = NDArray[np.int32]

MOST_KEPT = 16_384
"""Rows that a process keeps unpacked, 3 kB each: those of the keys whose pairs it compares."""


class Rows(NamedTuple):
    """Rows to be read."""

    plan: Plan
    rows: Sequence[tuple[int, Sequence[str]]]
    """Number and cells of each."""


class Read(NamedTuple):
    """Rows that were read."""

    numbers: "array[int]"
    times: "array[float]"
    sizes: "array[int]"
    """Bytes of each record."""
    packed: bytes
    keys: "array[int]"
    counts: "array[int]"
    """How many of the keys are each row's."""
    refused: list[tuple[int, str, Sequence[str]]]
    """Number, reason and cells of each row that was not taken."""


class Pairs(NamedTuple):
    """Pairs to be compared."""

    folder: Path
    manner: Manner
    own: Places
    known: Places
    parts: NDArray[np.int64] | None = None
    """Which rows hang together, if that is known; equal for what does."""


class Weighed(NamedTuple):
    """Pairs that were compared."""

    own: Places
    known: Places
    probability: NDArray[np.float64]
    relation: NDArray[np.int8]
    """Position in `RELATIONS`."""
    evidence: list[str]
    """JSON: comparison, level, weight and sentence of each; empty below the threshold."""
    clusters: list[Sequence[int]]


def read(task: Rows) -> Read:
    """Return the rows of *task* made ready."""
    done = Read(array("q"), array("d"), array("q"), b"", array("Q"), array("i"), [])
    packed = []
    for number, cells in task.rows:
        try:
            one = _ready(task.plan, cells)
        except ServiceError as error:
            done.refused.append((number, reason(error), cells))
            continue
        done.numbers.append(number)
        done.times.append(one.at)
        done.sizes.append(len(one.packed))
        done.keys.extend(one.keys)
        done.counts.append(len(one.keys))
        packed.append(one.packed)
    return done._replace(packed=b"".join(packed))


def weigh(task: Pairs) -> Weighed:
    """Return each pair of *task* compared by itself."""
    weighing, sides = _weighing(task.manner), _sides(task.folder)
    told = [
        weighing.told(sides(own), sides(known))
        for own, known in zip(task.own.tolist(), task.known.tolist(), strict=True)
    ]
    return _weighed(task, task.own, task.known, told, [])


def settle(task: Pairs) -> Weighed:
    """Return the pairs of *task* compared among all that hang together; `parts` must be given."""
    assert task.parts is not None
    weighing, sides = _weighing(task.manner), _sides(task.folder)
    rows = zip(task.parts.tolist(), task.own.tolist(), task.known.tolist(), strict=True)
    owns: list[int] = []
    knowns: list[int] = []
    matches: list[Told] = []
    clusters: list[Sequence[int]] = []

    def single(own: Row, known: Row) -> Match:
        return weighing.told(sides(own.place), sides(known.place)).match

    for _, part in groupby(rows, key=itemgetter(0)):
        pairs = [(own, known) for _, own, known in part]
        places = sorted({place for pair in pairs for place in pair})
        found = together([sides(each).row for each in places], pairs, task.manner, single)
        for (own, known), match in found.compared.items():
            owns.append(own)
            knowns.append(known)
            matches.append(weighing.tell(match))
        clusters += found.clusters
    return _weighed(task, np.array(owns, np.int32), np.array(knowns, np.int32), matches, clusters)


def _ready(plan: Plan, cells: Sequence[str]) -> Ready:
    """Return the row of *cells* made ready. Raises Malformed for text that no lead may have."""
    body, undated = sent(plan, cells)
    at = datetime.fromisoformat(body["context"]["submitted_at"])  # type: ignore[index]
    said = not undated and at != plan.at  # who says no time has that of the plan
    fields: Mapping[str, str] = body["lead_data"]  # type: ignore[assignment]
    if any(len(text) > LONGEST_TEXT or "\0" in text for text in fields.values()):
        checked(plan, cells)
    return ready(fields, at if said else None, plan.country)


@lru_cache(1)
def _weighing(manner: Manner) -> Weighing:
    return Weighing(manner)


@lru_cache(1)
def _sides(folder: Path) -> Callable[[int], Side]:
    """Return what reads a row of the table in *folder*, and keeps those that it read last."""
    held = records(folder)
    return lru_cache(MOST_KEPT)(lambda place: Side.of(held.row(place)))


def _weighed(
    task: Pairs,
    own: Places,
    known: Places,
    told: Sequence[Told],
    clusters: list[Sequence[int]],
) -> Weighed:
    return Weighed(
        own,
        known,
        np.fromiter((each.match.probability for each in told), np.float64, len(told)),
        np.fromiter((each.relation for each in told), np.int8, len(told)),
        list(_evidence(told, task.manner)),
        clusters,
    )


def _evidence(told: Sequence[Told], manner: Manner) -> Iterator[str]:
    for match in (each.match for each in told) if manner.explained else ():
        said = (
            [each._asdict() for each in match.evidence] if likely(match, manner.threshold) else []
        )
        yield orjson.dumps(said).decode() if said else ""
