"""How long `leadfly dedupe` takes for a whole table, how much memory, and how often it is right.

The rows are leads of `bench.leads`, whose people are known. Memory is that of all processes
together, pages that they share counted once (proportional set size, Linux).
"""

import csv
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.leads.generator import arrivals
from shared.lead_fields import FIELDS

SEED = 6061
"""Of the leads; nothing is fitted to it."""

PEOPLE_A_LEAD = 0.7625
"""People that give one lead on average, of which a third come again."""

LOOK_SECONDS = 1.0
"""Pause between two looks at the memory."""

TRUTH = "person"
"""The column that says who it is; the command does not read it."""


def run(home: Path, sizes: Sequence[int], seconds: float) -> None:
    """Measure at each of *sizes*; a table is made once and kept in *home*."""
    home.mkdir(parents=True, exist_ok=True)
    for size in sizes:
        table = home / f"dedupe-{size}.csv"
        if not table.exists():
            print(f"making about {size:,} leads …", flush=True)
            _make(table, size)
        _measure(table, home / f"dedupe-{size}.clusters.csv")


def _make(table: Path, size: int) -> None:
    part = table.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*FIELDS, "submitted_at", TRUTH])
        for one in arrivals(SEED, round(size * PEOPLE_A_LEAD)):
            said = [one.lead.get(name, "") for name in FIELDS]
            writer.writerow([*said, one.submitted_at.isoformat(), one.person])
    part.replace(table)


def _measure(table: Path, out: Path) -> None:
    command = [sys.executable, "-m", "leadfly", "dedupe", str(table), "-o", str(out)]
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    most = 0
    while process.poll() is None:
        most = max(most, sum(map(_kilobytes, _family(process.pid))))
        time.sleep(LOOK_SECONDS)
    said = process.stdout.read().strip() if process.stdout else ""
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(said)
    print(f"{took:.0f} s, {busy:.0f} s of processors, {most / 1e6:.2f} GB at most together")
    print(report(out))


def _family(pid: int) -> Iterator[int]:
    """Yield a process and those it started, and theirs."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _kilobytes(pid: int) -> int:
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    found = re.search(r"^Pss:\s+(\d+)", told, re.MULTILINE)
    return int(found[1]) if found else 0


def report(out: Path) -> str:
    """Return how the clusters in *out* agree with the truth beside them, by pairs of rows."""
    with out.open(encoding="utf-8-sig", newline="") as file:
        told = [(row["leadfly_cluster_id"], row[TRUTH]) for row in csv.DictReader(file)]
    found = _pairs(Counter(cluster for cluster, _ in told))
    true = _pairs(Counter(person for _, person in told))
    both = _pairs(Counter(told))
    precision, recall = both / max(1, found), both / max(1, true)
    f1 = 2 * both / max(1, found + true)
    largest = max(Counter(cluster for cluster, _ in told).values(), default=0)
    return (
        f"pairwise precision {precision:.4f}, recall {recall:.4f}, F1 {f1:.4f}; largest {largest}"
    )


def _pairs(counted: Counter) -> int:
    return sum(count * (count - 1) // 2 for count in counted.values())
