"""`leadfly import`: an existing CRM's leads become known, so that they are recognised later."""

import argparse
import shlex
import signal
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from leadfly import csv_input
from leadfly.csv_input import Rejects, note
from leadfly.import_workers import Chunk, Workers, workers
from leadfly.installation import as_application, as_owner
from leadfly.progress import Progress
from leadfly.terminal import say
from services.dedup.importing import MOST_ROWS, Plan, Row, Tally
from services.dedup.schema import LONGEST_SOURCE_ID
from shared import csv_table
from shared.columns import SUBMITTED_AT
from shared.csv_table import Table
from shared.errors import Malformed, Unavailable
from shared.settings import Settings

PROCESSES = 2
"""Processes that read rows; with PostgreSQL they keep two cores busy and need 400 MB."""


class Stopped(Unavailable):
    """The import was stopped; what it says is in is in, and nothing is half in."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the file and how it is read."""
    parser.epilog = (
        "For the history of a CRM, whose people are to be recognised later. A list of new leads, "
        "to be checked, previewed and perhaps undone, is sent to POST /imports: docs/imports.md."
    )
    parser.add_argument("file", help="CSV file, or - for standard input")
    csv_input.arguments(parser)
    parser.add_argument("--id-column", metavar="COLUMN", help="the CRM's own key of a row")
    parser.add_argument("--consent-version", help="the consent text that everybody in it agreed to")
    parser.add_argument("--from-row", type=int, default=2, metavar="N", help="continue at row N")
    parser.add_argument("--processes", type=int, default=PROCESSES, help="that read (default: 2)")


def call(chosen: argparse.Namespace, settings: Settings) -> None:
    """Import the file. Raises Malformed if it is no table of leads, Stopped if not all is in."""
    if not chosen.source or len(chosen.source) > LONGEST_SOURCE_ID:
        raise Malformed(f"--source is required: 1 to {LONGEST_SOURCE_ID} characters.")
    if not 1 <= chosen.processes <= 64:
        raise Malformed("--processes must be from 1 to 64.")
    with csv_table.opened(chosen.file) as file:
        table = Table(file, chosen.encoding)
        named = [f"{chosen.id_column}=id"] if chosen.id_column else []
        plan = Plan(
            csv_input.tenant(chosen, settings),
            chosen.source,
            csv_input.country(chosen, settings),
            csv_input.columns(table, [*chosen.map, *named]),
            datetime.now(UTC),
            chosen.consent_version,
        )
        with as_owner(settings):
            with as_application(settings):
                pass  # migrated, ours and within reach: said before the processes start
            _Import(chosen, settings, table, plan).run()


class _Pending(NamedTuple):
    """A chunk that is not stored yet."""

    first: int
    """The number of its first row."""
    faults: list[csv_table.Row]
    """Rows of its stretch that could not be read."""
    share: float
    """How much of the file is read with it, 0 to 1."""


class _Import:
    """One import on its way."""

    def __init__(self, chosen: argparse.Namespace, settings: Settings, table: Table, plan: Plan):
        self._chosen, self._settings, self._table, self._plan = chosen, settings, table, plan
        name = "stdin" if chosen.file == "-" else chosen.file
        resumed = chosen.from_row > 2
        self._rejects = Rejects(Path(f"{name}.rejected.csv"), table.header, resumed)
        self._progress = Progress(f"importing {Path(name).name}")
        self._size = 0 if chosen.file == "-" else Path(chosen.file).stat().st_size
        self._pending: dict[int, _Pending] = {}
        self._next = max(2, chosen.from_row)
        self._total = Tally()
        self._error: str | None = None
        self._interrupted = False

    def run(self) -> None:
        """Import the table, and say what became of it."""
        begun = time.monotonic()
        signals = (signal.SIGINT, signal.SIGTERM)
        before = [signal.signal(number, self._stop) for number in signals]
        try:
            with workers(self._settings, self._plan, self._chosen.processes) as crew:
                self._feed(crew)
        except Unavailable as error:
            self._error = error.message
        except KeyboardInterrupt:
            self._error = "Stopped at once."
        finally:
            for number, action in zip(signals, before, strict=True):
                signal.signal(number, action)
            self._progress.end()
            self._rejects.close()
        self._report(time.monotonic() - begun)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if self._interrupted:
            raise KeyboardInterrupt
        self._interrupted = True
        note("\nfinishing the rows under way …")

    @property
    def _halted(self) -> bool:
        return self._interrupted or self._error is not None

    def _feed(self, crew: Workers) -> None:
        chunks = self._chunks()
        chunk = next(chunks, None)
        while chunk and not self._halted:
            if crew.idle:
                crew.give(chunk)
                chunk = next(chunks, None)  # read while the processes work
            else:
                self._settle(crew)
        while crew.busy:
            self._settle(crew)

    def _chunks(self) -> Iterator[Chunk]:
        """Yield the rows in chunks, and note what is pending."""
        rows: list[Row] = []
        faults: list[csv_table.Row] = []
        for row in self._table.rows():
            if self._halted:
                return
            if row.number < self._next:
                continue
            if row.fault:
                faults.append(row)
            else:
                rows.append((row.number, row.cells))
            if len(rows) + len(faults) == MOST_ROWS:
                yield self._chunk(rows, faults, row.number + 1)
                rows, faults = [], []
        if rows or faults:
            yield self._chunk(rows, faults, row.number + 1)

    def _chunk(self, rows: list[Row], faults: list[csv_table.Row], following: int) -> Chunk:
        share = self._table.position / self._size if self._size else 0.0
        self._pending[following] = _Pending(self._next, faults, min(1.0, share))
        self._next = following
        return Chunk(following, rows)

    def _settle(self, crew: Workers) -> None:
        for done in crew.done():
            if done.error:
                self._error = self._error or done.error
            else:
                self._count(self._pending.pop(done.place), done.tally)

    def _count(self, chunk: _Pending, tally: Tally) -> None:
        faults = [(row.number, row.fault or "", row.cells) for row in chunk.faults]
        for number, reason, cells in sorted([*faults, *tally.refused]):
            self._rejects.add(number, reason, cells)
        tally.refused.clear()
        self._total.add(tally)
        self._progress.show(chunk.share, f"{self._total.new + self._total.known:,} rows")

    def _report(self, seconds: float) -> None:
        """Say what is in; raise Stopped, which says how to continue, if that is not all."""
        total = self._total
        say(
            f"{total.new:,} leads imported for {self._plan.tenant_id} in {seconds:.1f} s "
            f"({total.new / max(seconds, 0.001):,.0f}/s); {total.known:,} were already there; "
            f"{self._rejects.count:,} rejected"
        )
        if total.undated:
            note(f"{total.undated:,} rows say no {SUBMITTED_AT} we can read: they count as of now")
        if self._halted:
            reason = self._error or "Stopped."
            raise Stopped(f"{reason} Continue with: {self._continuation()}")

    def _continuation(self) -> str:
        """Return the command that imports the rest; what it meets again is already there."""
        first = min([self._next, *(chunk.first for chunk in self._pending.values())])
        words = [word for word in sys.argv[1:] if not word.startswith("--from-row=")]
        if "--from-row" in words:
            place = words.index("--from-row")
            del words[place : place + 2]
        return shlex.join(["leadfly", *words, "--from-row", str(first)])
