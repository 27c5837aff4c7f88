"""Public data sets: every pair that shares a blocking key, compared, against their own truth.

They are no leads (addresses and dates of birth without a mailbox; organisations without people),
so this shows how far a matcher for leads carries, and guards against one that fits ours alone.
Pairs are counted as found, without clustering.
"""

import csv
import json
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.accuracy import engine
from bench.accuracy.peers.run import PYTHON

THRESHOLDS = {"flag": 0.6, "block": 0.8}
"""Match probabilities from which the service acts (contract, decision 3)."""

COLUMNS = {
    "first_name": "first_name",
    "last_name": "last_name",
    "full_name": "name",
    "company": "company",
    "email": "email",
    "phone": "phone",
    "street": "street",
    "city": "city",
    "state": "state",
    "postcode": "postal_code",
    "country": "country",
    "dob": "date_of_birth",
}
"""Our name of each column of the CSV files in `--data DIR`."""

FILES = {"fake_1000": "US", "dedupe_csv_example": "US"}
"""CSV files and the country that reads their telephone numbers."""

Rows = Sequence[tuple[str, dict[str, str]]]
"""The true cluster of each record, and its fields."""


def text(folder: Path | None) -> Iterator[str]:
    """Yield a line for each data set at each threshold; CSV files are read from *folder*."""
    yield f"{'public data, pairs':22}{'at':>7}{'precision':>11}{'recall':>9}{'F1':>8}{'blocked':>9}"
    if folder:
        for name, country in FILES.items():
            yield from _lines(name, _csv(folder / f"{name}.csv"), country)
    for number in (3, 4):
        yield from _lines(f"febrl{number}", _febrl(number), "AU")


def _lines(name: str, rows: Rows | None, country: str) -> Iterator[str]:
    if not rows:
        yield f"{name:22}  NOT RUN: not found"
        return
    clusters = Counter(cluster for cluster, _ in rows)
    true = sum(size * (size - 1) // 2 for size in clusters.values())
    scores = [
        (rows[a][0] == rows[b][0], probability)
        for a, b, probability in engine.linked([fields for _, fields in rows], country)
    ]
    reachable = sum(same for same, _ in scores) / true
    for level, threshold in THRESHOLDS.items():
        found = [same for same, probability in scores if probability >= threshold]
        precision = sum(found) / len(found) if found else 0.0
        recall = sum(found) / true
        f1 = 2 * precision * recall / (precision + recall) if sum(found) else 0.0
        yield f"{name:22}{level:>7}{precision:>11.3f}{recall:>9.3f}{f1:>8.3f}{reachable:>9.3f}"


def _csv(path: Path) -> Rows | None:
    if not path.exists():
        return None
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            (row["cluster_id"], {ours: row[name] for name, ours in COLUMNS.items() if row[name]})
            for row in csv.DictReader(lines)
        ]


def _febrl(number: int) -> Rows | None:
    with TemporaryDirectory() as folder:
        out = Path(folder) / "febrl.jsonl"
        command = [str(PYTHON), "-m", "bench.accuracy.peers.febrl", str(number), str(out)]
        if not PYTHON.exists() or subprocess.run(command, capture_output=True).returncode:
            return None
        rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    return [(row.pop("cluster"), row) for row in rows]
