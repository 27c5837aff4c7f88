"""How often a text is taken for the right place: `python -m bench.places LIST.tsv [--show]`.

A line is `input, country hint, kind, name, country, region, latitude, longitude, ambiguous`,
with tabs between, `#` before a remark. An answer is right if its first place lies within
30 km of the expected point (100 km for a region, 500 km for a country, of the same kind); with
kind `none`, if there is no answer. Then the time of a lookup and the memory all of them took.
"""

import argparse
import resource
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from shared.great_circle import distance_km
from shared.normalize.place import Found, places

NEAR_KM = {"admin1": 100.0, "country": 500.0}
DEFAULT_KM = 30.0
Z = 1.96
"""Standard deviations of a 95 % interval."""


@dataclass(frozen=True)
class Line:
    """One input and what is expected of it."""

    text: str
    hint: str | None
    kind: str
    name: str
    point: tuple[float, float] | None
    ambiguous: bool


def lines(path: Path) -> list[Line]:
    """Return the lines of a list; raises ValueError where one has not nine cells."""
    found = []
    for row in path.read_text(encoding="utf-8").splitlines():
        if not row or row.startswith("#"):
            continue
        text, hint, kind, name, _country, _region, latitude, longitude, ambiguous = row.split("\t")
        point = (float(latitude), float(longitude)) if latitude else None
        found.append(Line(text, hint or None, kind, name, point, ambiguous.strip() == "yes"))
    return found


def right(line: Line, found: Found) -> bool:
    """Return True if the first place is the one that is expected."""
    if line.point is None or not found.places:
        return line.point is None and not found.places
    best = found.places[0]
    if line.kind in NEAR_KM and best.kind != line.kind:
        return False
    away = distance_km(best.latitude, best.longitude, *line.point)
    return away <= NEAR_KM.get(line.kind, DEFAULT_KM)


def interval(hits: int, of: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share, in [0, 1]."""
    share, slack = hits / of, Z * Z / of
    middle = (share + slack / 2) / (1 + slack)
    half = Z / (1 + slack) * ((share * (1 - share) + slack / 4) / of) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def score(expected: list[Line], show: bool) -> None:
    """Print how many are right, and how well ambiguity is told."""
    answers = [places(line.text, line.hint) for line in expected]
    hits = sum(map(right, expected, answers))
    low, high = interval(hits, len(expected))
    print(f"first place right: {hits} of {len(expected)}, {hits / len(expected):.1%}", end=" ")
    print(f"(95 %: {low:.1%} to {high:.1%})")
    flagged = [
        (line.ambiguous, found.ambiguous) for line, found in zip(expected, answers, strict=True)
    ]
    both = flagged.count((True, True))
    told, meant = sum(f for _, f in flagged), sum(e for e, _ in flagged)
    print(f"ambiguous: {both} of {meant} found, {both} of {told} flags right")
    if show:
        for line, found in zip(expected, answers, strict=True):
            if not right(line, found) or line.ambiguous != found.ambiguous:
                print(_miss(line, found))


def speed(expected: list[Line], rounds: int = 5) -> None:
    """Print the time of a lookup, and what the process grew by."""
    taken = []
    for _ in range(rounds):
        for line in expected:
            began = time.perf_counter()
            places(line.text, line.hint)
            taken.append((time.perf_counter() - began) * 1000)
    cuts = statistics.quantiles(taken, n=100)
    print(f"a lookup: p50 {cuts[49]:.3f} ms, p95 {cuts[94]:.3f} ms, p99 {cuts[98]:.3f} ms")


def _miss(line: Line, found: Found) -> str:
    got = [f"{p.name} {p.admin1_name} {p.country} {p.kind}" for p in found.places[:3]]
    mark = "wrong" if not right(line, found) else "flag"
    wanted = f"{line.name} {line.kind}" + " ambiguous" * line.ambiguous
    return (
        f"  {mark:5} {line.text!r} {line.hint or ''} wanted {wanted}; got {got} {found.ambiguous}"
    )


def main() -> None:
    """Score the list that the command line names."""
    parser = argparse.ArgumentParser(description="Score the resolver of places on a list.")
    parser.add_argument("list", type=Path)
    parser.add_argument("--show", action="store_true", help="print every miss")
    asked = parser.parse_args()
    expected = lines(asked.list)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    score(expected, asked.show)
    speed(expected)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"memory: {grown:.1f} MB more at most than before the first lookup")


if __name__ == "__main__":
    main()
