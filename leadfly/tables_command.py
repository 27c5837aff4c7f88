"""`leadfly dedupe-any`: which rows of a table of any columns are one thing."""

import argparse
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from leadfly.terminal import say
from shared import csv_table
from shared.csv_cells import defused, lines
from shared.csv_table import Row, Table
from shared.errors import Malformed, Unavailable
from shared.settings import Settings

if TYPE_CHECKING:
    from services.dedup.tables.linking import Linked

MOST_ROWS = 20_000
"""Rows of a table: all its pairs that are compared are held in memory."""

ADDED = "leadfly_cluster_id"
"""The column that is added: the number of the cluster's first row; a header is row 1."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the table and what is written of it."""
    parser.add_argument("file", help="CSV file whose first row names the columns")
    parser.add_argument("-o", "--out", required=True, help="the rows again, with their clusters")
    parser.add_argument(
        "--link",
        metavar="COLUMN",
        help="says which of two files a row is from, of which neither repeats itself",
    )
    parser.add_argument("--encoding", help="of the file (default: as its start tells)")


def call(chosen: argparse.Namespace, settings: Settings) -> None:
    """Write the table with its clusters. Raises Malformed, NotFound, Unavailable."""
    if Path(chosen.file).resolve() == Path(chosen.out).resolve():
        raise Malformed("Write to another file than the one that is read.")
    from services.dedup.tables import linking

    begun = monotonic()
    with csv_table.opened(chosen.file) as file:
        table = Table(file, chosen.encoding)
        rows = _rows(table)
    columns, cells, sources = _compared(table.header, rows, chosen.link)
    found = linking.linked(columns, cells, sources)
    _write(Path(chosen.out), table.header, rows, found)
    kinds = ", ".join(f"{name}: {kind}" for name, kind in zip(columns, found.kinds, strict=True))
    say(f"read as {kinds}")
    say(
        f"{len(rows):,} rows in {monotonic() - begun:.1f} s: {len(found.clusters):,} clusters of "
        f"several rows; {found.compared:,} pairs compared"
    )


def _rows(table: Table) -> list[Row]:
    rows: list[Row] = []
    for row in table.rows():
        if row.fault:
            raise Malformed(f"Row {row.number} cannot be read: {row.fault}")
        if len(rows) == MOST_ROWS:
            raise Malformed(
                f"At most {MOST_ROWS:,} rows are compared; `leadfly dedupe` takes more."
            )
        rows.append(row)
    return rows


def _compared(
    header: Sequence[str], rows: Sequence[Row], link: str | None
) -> tuple[list[str], list[list[str | None]], list[str] | None]:
    """Return columns, cells and, with *link*, the source of each row, which is then no column."""
    if link is None:
        return list(header), [[*row.cells] for row in rows], None
    if link not in header:
        raise Malformed(f"There is no column {link}.")
    place = list(header).index(link)
    sources = [row.cells[place] for row in rows]
    if len(set(sources)) != 2:
        raise Malformed(f"{link} must name two files, and names {len(set(sources))}.")
    columns = [name for n, name in enumerate(header) if n != place]
    return columns, [[c for n, c in enumerate(row.cells) if n != place] for row in rows], sources


def _write(out: Path, header: Sequence[str], rows: Sequence[Row], found: "Linked") -> None:
    first = {row: each[0] for each in found.clusters for row in each}
    partial = out.with_name(f"{out.name}.part")
    try:
        partial.unlink(missing_ok=True)
        # Maybe personal data: for the person who runs the command alone.
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
            file.write(lines([[*map(defused, header), ADDED]]))
            file.write(
                lines(
                    [*map(defused, row.cells), str(rows[first.get(place, place)].number)]
                    for place, row in enumerate(rows)
                )
            )
        partial.replace(out)
    except OSError as error:
        raise Unavailable(f"{out} cannot be written: {error.strerror}.") from None
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
