"""What the processes of `crew` are given to do: rows to read, pairs and people to compare."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from services.dedup.bulk.people import Manner, Row, alone, likely, together
from services.dedup.bulk.records import Records, records
from services.dedup.bulk.rows import Ready, ready
from services.dedup.importing import Plan, checked, reason, sent
from services.dedup.linkage import Match
from services.dedup.relation import RELATIONS, relation
from shared.errors import ServiceError
from shared.fields import LONGEST_TEXT

Places = NDArray[np.int32]


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
    held, policy, own = records(task.folder), task.manner.policy, None
    matches = []
    for a, b in zip(task.own.tolist(), task.known.tolist(), strict=True):
        if own is None or own.place != a:
            own = held.row(a)
        matches.append(alone(own, held.row(b), policy))
    return _weighed(task, task.own, task.known, matches, [])


def settle(task: Pairs) -> Weighed:
    """Return the pairs of *task* compared among all that hang together; `parts` must be given."""
    assert task.parts is not None
    held = records(task.folder)
    rows = zip(task.parts.tolist(), task.own.tolist(), task.known.tolist(), strict=True)
    owns: list[int] = []
    knowns: list[int] = []
    matches: list[Match] = []
    clusters: list[Sequence[int]] = []
    for _, part in groupby(rows, key=itemgetter(0)):
        pairs = [(own, known) for _, own, known in part]
        found = together(_rows(held, pairs), pairs, task.manner)
        for (own, known), match in found.compared.items():
            owns.append(own)
            knowns.append(known)
            matches.append(match)
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


def _rows(held: Records, pairs: Sequence[tuple[int, int]]) -> list[Row]:
    return [held.row(place) for place in sorted({place for pair in pairs for place in pair})]


def _weighed(
    task: Pairs,
    own: Places,
    known: Places,
    matches: Sequence[Match],
    clusters: list[Sequence[int]],
) -> Weighed:
    threshold = task.manner.threshold
    return Weighed(
        own,
        known,
        np.fromiter((match.probability for match in matches), np.float64, len(matches)),
        np.fromiter((_RELATION[relation(each, threshold)] for each in matches), np.int8),
        list(_evidence(matches, task.manner)),
        clusters,
    )


def _evidence(matches: Sequence[Match], manner: Manner) -> Iterator[str]:
    for match in matches if manner.explained else ():
        said = (
            [each._asdict() for each in match.evidence] if likely(match, manner.threshold) else []
        )
        yield orjson.dumps(said).decode() if said else ""


_RELATION = {name: place for place, name in enumerate(RELATIONS)}
