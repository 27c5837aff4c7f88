"""`leadfly dedupe`: who is who in a whole table, by the function that decides live leads."""

import argparse
import importlib.util
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import TYPE_CHECKING

from leadfly import csv_input
from leadfly.csv_input import Rejects
from leadfly.dedupe_output import Output
from leadfly.dedupe_policy import policy
from leadfly.progress import Progress
from leadfly.terminal import say
from shared import csv_table
from shared.csv_table import Table
from shared.errors import Malformed, Unavailable
from shared.settings import Settings

if TYPE_CHECKING:
    from services.dedup.bulk.crew import Crew
    from services.dedup.bulk.linking import Linking
    from services.dedup.bulk.work import Rows

PROCESSES = 2
"""Processes that read and compare; each needs 200 MB beside the records, which all share."""

MEMORY_MB = 2_000
"""What the join may use before it writes to disk."""

LOT = 2_000
"""Rows that are read at a time: half a second's work of one process."""

ALONE_BYTES = 100_000
"""Up to here, some 1,500 rows, other processes take as long to begin as they save: 600 rows took
1.7 s by themselves and 3 s with two processes, 2,500 rows 5.6 and 4.6 s."""

SOURCE = "dedupe"
"""The source of the rows, as far as a policy asks."""


class Stopped(Unavailable):
    """Stopped; nothing was written."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the table, what is written of it, and what it may use."""
    parser.add_argument("file", nargs="?", help="CSV or Parquet file, or - for standard input")
    parser.add_argument("--table", help="a table of the database in DEDUPE_DATABASE_URL instead")
    parser.add_argument("-o", "--out", required=True, help="the rows again, with their clusters")
    parser.add_argument("--pairs", metavar="FILE", help="every pair from the threshold on")
    parser.add_argument("--explain", action="store_true", help="say in --pairs why")
    parser.add_argument(
        "--threshold",
        type=float,
        help="match probability of a link, above 0 (default: from which a lead is a duplicate)",
    )
    csv_input.arguments(parser)
    parser.add_argument("--processes", type=int, default=PROCESSES, help="that work (default: 2)")
    parser.add_argument(
        "--memory", type=int, default=MEMORY_MB, metavar="MB", help="of the join (default: 2000)"
    )
    parser.add_argument("--temp", metavar="FOLDER", help="where it may write meanwhile")


def call(chosen: argparse.Namespace, settings: Settings) -> None:
    """Write the table with its clusters. Raises Malformed, NotFound, Stopped, Unavailable."""
    _check(chosen)
    with _stoppable(), _folder(chosen.temp) as folder:
        source = _copied(chosen, settings, folder)
        _Dedupe(chosen, settings, source, folder).run()


def _check(chosen: argparse.Namespace) -> None:
    if (chosen.file is None) == (chosen.table is None):
        raise Malformed("Name a file, or --table, and not both.")
    if chosen.threshold is not None and not 0.0 < chosen.threshold <= 1.0:
        raise Malformed("--threshold must be above 0 and at most 1.")
    if not 1 <= chosen.processes <= 64:
        raise Malformed("--processes must be from 1 to 64.")
    if not 100 <= chosen.memory <= 1_000_000:
        raise Malformed("--memory must be from 100 to 1,000,000 MB.")
    if chosen.explain and not chosen.pairs:
        raise Malformed("--explain is said in the file of --pairs: name one.")
    named = [name for name in (chosen.file, chosen.out, chosen.pairs) if name not in (None, "-")]
    if len({Path(name).resolve() for name in named}) < len(named):
        raise Malformed("Write to other files than the one that is read.")
    for name in filter(None, (chosen.out, chosen.pairs)):
        if not Path(name).absolute().parent.is_dir():
            raise Unavailable(f"{name} cannot be written: there is no such folder.")
    if importlib.util.find_spec("duckdb") is None:
        raise Unavailable("DuckDB is missing: install leadfly[bulk].")


@contextmanager
def _stoppable() -> Iterator[None]:
    """Have Ctrl-C and an end that is asked for leave nothing behind. Raises Stopped."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        raise Stopped from None
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _folder(below: str | None) -> Iterator[Path]:
    """Yield a folder for whoever runs this alone, gone afterwards. Raises Unavailable."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="leadfly-dedupe-", dir=below))
    except OSError as error:
        raise Unavailable(f"No folder can be made to work in: {error.strerror}.") from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copied(chosen: argparse.Namespace, settings: Settings, folder: Path) -> Path:
    """Return the CSV file to be read, which is a copy unless it was one."""
    from services.dedup.bulk import sources

    copy = folder / "table.csv"
    if chosen.table is not None:
        if not settings.dedupe_database_url:
            raise Malformed("Say in DEDUPE_DATABASE_URL where the table is.")
        sources.copied_table(settings.dedupe_database_url, chosen.table, copy)
    elif chosen.file == "-":
        descriptor = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
    elif chosen.file.casefold().endswith((".parquet", ".pq")):
        sources.copied_parquet(Path(chosen.file), copy)
    else:
        return Path(chosen.file)
    return copy


class _Dedupe:
    """One table on its way."""

    def __init__(self, chosen: argparse.Namespace, settings: Settings, source: Path, folder: Path):
        self._chosen, self._settings = chosen, settings
        self._source, self._folder = source, folder
        name = chosen.table or ("stdin" if chosen.file == "-" else chosen.file)
        self._name = Path(name).name
        self._rejected = Path(f"{chosen.out}.rejected.csv")
        self._bars: dict[str, Progress] = {}

    def run(self) -> None:
        """Write the table and its clusters, and say what was found."""
        from services.dedup.bulk.crew import crew
        from services.dedup.bulk.database import Limits

        begun = monotonic()
        limits = Limits(self._chosen.memory, self._chosen.processes)
        with csv_table.opened(str(self._source)) as file:
            table = Table(file, self._chosen.encoding)
            rejects = Rejects(self._rejected, table.header)
            try:
                with crew(self._processes()) as workers:
                    linking = self._linking(table, workers)
                    blocks, counted = linking.run(self._lots(table, linking, rejects), limits)
                    for number, reason, cells in counted.refused:
                        rejects.add(number, reason, cells)
                    output = Output(blocks, linking, self._source, self._chosen)
                    output.write(counted.rows)
                    blocks.close()
            finally:
                for bar in self._bars.values():
                    bar.end()
                rejects.close()
        say(
            f"{counted.rows:,} rows in {monotonic() - begun:.1f} s: {output.people:,} people, "
            f"{counted.clusters:,} of them in several rows; {counted.pairs:,} pairs compared; "
            f"{rejects.count:,} rows rejected"
        )

    def _processes(self) -> int:
        """Return how many processes are worth beginning; 0 if this one does it sooner."""
        small = 0 < self._source.stat().st_size <= ALONE_BYTES  # a pipe has no size
        return 0 if small else self._chosen.processes

    def _linking(self, table: Table, workers: "Crew") -> "Linking":
        from services.dedup.bulk.linking import Linking
        from services.dedup.bulk.people import Manner
        from services.dedup.importing import Plan
        from services.dedup.store import CANDIDATES_PER_KEY, PEOPLE_PER_KEY

        plan = Plan(
            self._chosen.tenant or "",
            self._chosen.source or SOURCE,
            csv_input.country(self._chosen, self._settings),
            csv_input.columns(table, self._chosen.map),
            datetime.now(UTC),
        )
        decided = policy(self._chosen, self._settings, plan.source_id)
        threshold = self._chosen.threshold or decided.block
        explained = self._chosen.explain
        manner = Manner(decided, threshold, CANDIDATES_PER_KEY, PEOPLE_PER_KEY, explained)
        return Linking(plan, manner, self._folder, workers, self._tell)

    def _lots(
        self, table: Table, linking: "Linking", rejects: Rejects
    ) -> Iterator[tuple[float, "Rows"]]:
        from services.dedup.bulk.work import Rows

        size = max(1, self._source.stat().st_size)
        rows = []
        for row in table.rows():
            if row.fault:
                rejects.add(row.number, row.fault, row.cells)
                continue
            rows.append((row.number, row.cells))
            if len(rows) == LOT:
                yield min(1.0, table.position / size), Rows(linking.plan, rows)
                rows = []
        if rows:
            yield 1.0, Rows(linking.plan, rows)

    def _tell(self, what: str, share: float, count: int) -> None:
        if what not in self._bars:
            for bar in self._bars.values():
                bar.end()
            self._bars = {what: Progress(f"{what} {self._name}")}
        self._bars[what].show(share, f"{count:,}")
