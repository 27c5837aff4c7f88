"""Runs every library in an environment of its own, and reads its clusters."""

import json
import os
import signal
import subprocess
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.accuracy.peers.run import PYTHON
from bench.public.found import Found
from bench.public.kept import Kept
from bench.public.table import Table, write

SECONDS = 300
"""Processor seconds after which a library is given up."""

PEERS: tuple[tuple[str, bool, str, Sequence[str]], ...] = (
    ("Splink, link from 0.5", False, "splink_run", ("0.5",)),
    ("Splink, link from 0.95", False, "splink_run", ("0.95",)),
    ("recordlinkage, ECM", False, "recordlinkage_run", ()),
    ("goldenmatch, no configuration", False, "goldenmatch_run", ()),
    ("goldenmatch, configured", False, "goldenmatch_run", ("configured",)),
    ("Splink, link from 0.5", True, "splink_run", ("0.5", "labels")),
    ("dedupe", True, "dedupe_run", ()),
)
"""Title, whether it is shown the labels of the development half, module, and options."""


def peers(table: Table, labelled: Table, kept: Kept) -> list[Found]:
    """Return what every library found in *table*; *labelled* is the other half."""
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("table.json", "labelled.json", "out.json")]
        write(table, paths[0])
        write(labelled, paths[1])
        rows = len(table.rows)
        return [
            kept.found(table.name, peer[:2], partial(_run, *peer, paths, rows)) for peer in PEERS
        ]


def _run(
    title: str, labels: bool, module: str, options: Sequence[str], paths: Sequence[Path], rows: int
) -> Found:
    out = paths[2]
    out.unlink(missing_ok=True)
    name = f"bench.public.peers.{module}"
    command = [str(PYTHON), "-m", "bench.public.peers.limited", str(SECONDS), name]
    try:
        code, seconds, last = _ended([*command, *map(str, paths), *options], out.with_name("said"))
    except OSError as error:
        return Found(title, labels, failure=type(error).__name__)
    if code == -signal.SIGXCPU:
        return Found(title, labels, seconds=seconds, failure=f"no answer in {SECONDS} s")
    if code or not out.exists():
        return Found(title, labels, failure=last[:120] or f"ended with {code}")
    said = json.loads(out.read_text(encoding="utf-8"))
    return Found(title, labels, numbered(said["clusters"], rows), said["version"], seconds)


def _ended(command: Sequence[str], said: Path) -> tuple[int, float, str]:
    """Run *command*; return its exit code, its processor seconds and the last line it said."""
    with said.open("wb") as errors:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    lines = said.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return process.returncode, used.ru_utime + used.ru_stime, lines[-1] if lines else ""


def numbered(clusters: Sequence[Sequence[int]], rows: int) -> list[int]:
    """Return a cluster number for each of *rows*: that of its cluster's first row, or its own."""
    found = list(range(rows))
    for each in clusters:
        for row in each:
            found[row] = each[0]
    return found
