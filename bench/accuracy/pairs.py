"""Every pair that the check compares, with its levels and the truth: what a model is fitted to."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import orjson

from bench.accuracy.engine import Step, run
from bench.leads.arrival import Arrival
from services.dedup.linkage import Match


def export(streams: Iterable[tuple[int, Sequence[Arrival]]], out: Path) -> tuple[int, int]:
    """Write the pairs of each (seed, arrivals) to *out*; return how many, and how many are same.

    A line of JSON is one arrival beside one candidate: `earlier` and `later` are their positions,
    `same` is the truth, `best` says that the check took this candidate for the likeliest,
    `evidence` lists comparison, level and weight.
    """
    pairs = same = 0
    with out.open("wb") as lines:
        for seed, arrivals in streams:
            for step in run(arrivals):
                for row in _rows(seed, arrivals, step):
                    pairs, same = pairs + 1, same + row["same"]
                    lines.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    return pairs, same


def _rows(seed: int, arrivals: Sequence[Arrival], step: Step) -> Iterable[dict[str, Any]]:
    best = step.best
    for earlier, match in step.compared:
        yield _row(seed, arrivals[earlier], step.arrival, match) | {
            "earlier": earlier,
            "later": step.position,
            "best": best is not None and best[0] == earlier,
        }


def _row(seed: int, a: Arrival, b: Arrival, match: Match) -> dict[str, Any]:
    return {
        "seed": seed,
        "same": a.person == b.person,
        "kind": b.kind,
        "earlier_kind": a.kind,
        "known": b.known,
        "ambiguous": b.ambiguous,
        "country": b.country,
        "group": b.group,
        "days": round((b.submitted_at - a.submitted_at).total_seconds() / 86400, 3),
        "probability": match.probability,
        "evidence": [[e.comparison, e.level, e.weight] for e in match.evidence],
    }
