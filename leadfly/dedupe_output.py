"""What `leadfly dedupe` writes: the table again with its clusters, and the pairs."""

import argparse
import csv
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from services.dedup.bulk.lines import ADDED, EXPLAINED, PAIRED, Found, annotated, paired
from shared import csv_table
from shared.csv_cells import defused, lines
from shared.csv_table import Table
from shared.errors import Unavailable

if TYPE_CHECKING:  # they need DuckDB, which is an extra
    from services.dedup.bulk.blocks import Blocks
    from services.dedup.bulk.linking import Linking

LOT = 5_000
"""Rows that are written at a time."""


class Output:
    """The files of one run; each appears when it is whole."""

    def __init__(
        self, blocks: "Blocks", linking: "Linking", source: Path, chosen: argparse.Namespace
    ):
        self._blocks, self._linking, self._source = blocks, linking, source
        self._chosen = chosen
        self.people = 0

    def write(self, rows: int) -> None:
        """Write what was found of *rows* rows. Raises Unavailable."""
        self._rows = rows
        if self._chosen.pairs:
            self._whole(self._chosen.pairs, self._write_pairs)
        self._whole(self._chosen.out, self._write_rows)

    def _whole(self, name: str, write: Callable[[TextIO], None]) -> None:
        """Have *write* fill a file beside the one of that *name*, and then put it in its place."""
        partial = Path(f"{name}.part")
        try:
            partial.unlink(missing_ok=True)
            # Personal data: for the person who runs the command alone.
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
                write(file)
            partial.replace(name)
        except OSError as error:
            raise Unavailable(f"{name} cannot be written: {error.strerror}.") from None
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)

    def _write_pairs(self, file: TextIO) -> None:
        explained = self._chosen.explain
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([*PAIRED, EXPLAINED] if explained else PAIRED)
        for some in self._blocks.links(self._linking.manner.threshold):
            writer.writerows(paired(each, explained) for each in some)

    def _write_rows(self, file: TextIO) -> None:
        with csv_table.opened(str(self._source)) as again:
            table = Table(again, self._chosen.encoding)
            file.write(lines([[*map(defused, table.header), *ADDED]]))
            written = 0
            for some in self._linking.crew.each(annotated, self._found(table)):
                file.write(some)
                written += LOT
                share = min(1.0, written / max(1, self._rows))
                self._linking.tell("writing", share, min(written, self._rows))

    def _found(self, table: Table) -> Iterator[Found]:
        for lot in _lots(table.rows()):
            told = {one[0]: one for one in self._blocks.told(lot[0].number, lot[-1].number)}
            kept = [row for row in lot if row.number in told]
            self.people += sum(one[0] == one[1] for one in told.values())
            yield Found([row.cells for row in kept], [told[row.number] for row in kept])


def _lots(rows: Iterable[csv_table.Row]) -> Iterator[list[csv_table.Row]]:
    lot: list[csv_table.Row] = []
    for row in rows:
        if not row.fault:
            lot.append(row)
        if len(lot) == LOT:
            yield lot
            lot = []
    if lot:
        yield lot
