"""`leadfly dedupe-any`: which rows of a table of any columns are one thing."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from leadfly.tables_output import write_pairs, write_rows
from leadfly.terminal import say
from shared import csv_table
from shared.csv_table import Row, Table
from shared.errors import Malformed
from shared.settings import Settings

MOST_ROWS = 20_000
"""Rows of a table: all its pairs that are compared are held in memory."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the table and what is written of it."""
    parser.add_argument("file", help="CSV file whose first row names the columns")
    parser.add_argument("-o", "--out", required=True, help="the rows again, with their clusters")
    parser.add_argument("--pairs", metavar="FILE", help="every pair that is likelier one than not")
    parser.add_argument("--explain", action="store_true", help="say in --pairs why")
    parser.add_argument(
        "--link",
        metavar="COLUMN",
        help="says which of two files a row is from, of which neither repeats itself",
    )
    parser.add_argument("--encoding", help="of the file (default: as its start tells)")


def call(chosen: argparse.Namespace, settings: Settings) -> None:
    """Write the table with its clusters. Raises Malformed, NotFound, Unavailable."""
    _check(chosen)
    from services.dedup.tables import linking

    begun = monotonic()
    with csv_table.opened(chosen.file) as file:
        table = Table(file, chosen.encoding)
        rows = _rows(table)
    columns, cells, sources = _compared(table.header, rows, chosen.link)
    found = linking.linked(columns, cells, sources, explain=chosen.explain)
    if chosen.pairs:
        write_pairs(Path(chosen.pairs), rows, found, chosen.explain)
    write_rows(Path(chosen.out), table.header, rows, found)
    kinds = (f"{name}: {kind}" for name, kind in zip(columns, found.scheme.kinds, strict=True))
    say(f"read as {', '.join(kinds)}")
    say(
        f"{len(rows):,} rows in {monotonic() - begun:.1f} s: {len(found.clusters):,} clusters of "
        f"several rows; {found.compared:,} pairs compared"
    )


def _check(chosen: argparse.Namespace) -> None:
    if chosen.explain and not chosen.pairs:
        raise Malformed("--explain is said in the file of --pairs: name one.")
    named = [Path(name).resolve() for name in (chosen.file, chosen.out, chosen.pairs) if name]
    if len(set(named)) < len(named):
        raise Malformed("Write to other files than the one that is read, each to its own.")


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
