"""A sheet: the table of leads that a file holds, whichever of two kinds the file is of.

What kind that is its bytes say: names and media types of files are often wrong. Rows are numbered
as a spreadsheet program shows them. One that cannot be read costs itself and no other.
"""

import io
from collections.abc import Iterator
from typing import Literal, NamedTuple

from services.dedup.imports.workbook import Workbook
from shared import csv_table
from shared.columns import KNOWN
from shared.csv_table import SAMPLE_BYTES, Table
from shared.errors import Malformed
from shared.normalize import email, phone
from shared.normalize.text import fold

MOST_ROWS = 5_000_000
"""Rows of one import; a worksheet has a million."""

LONGEST_HEADING = 200
"""Characters; a longer one is a row's text."""

FEWEST_DIGITS = 7
"""Of a first row's cell that is taken for a telephone number."""

HEADLESS = "The first row must name the columns, and this one looks like a lead."

SHEETS_SAID = 10
"""Of a workbook, in a message."""

BEYOND = f"is one too many: rows up to the {MOST_ROWS:,}th are read, and no further ones"


class SheetRow(NamedTuple):
    """One row as text, or what could be read of it and why that is not enough."""

    number: int
    cells: list[str]
    fault: str | None = None


class Sheet:
    """A file of leads, its first row read; the others are read once, from the second on."""

    def __init__(
        self, file: io.BufferedReader, sheet: str | None = None, encoding: str | None = None
    ):
        """*sheet* of a workbook (absent, its first); *encoding* of a CSV file (absent, it is told).

        Raises Malformed if there is no table to read, saying why.
        """
        start = file.peek(SAMPLE_BYTES)
        self.kind: Literal["csv", "xlsx"] = "xlsx" if start.startswith(ARCHIVE) else "csv"
        self.sheets: list[str] = []
        """What the sheets of a workbook are called."""
        self.encoding: str | None = None
        self._left: Iterator[SheetRow]
        self._table: Table | None = None
        if self.kind == "xlsx":
            header = self._open_workbook(file, sheet)
        else:
            _refuse_other_kinds(start)
            header = self._open_table(file, encoding)
        self.header = named(header)

    def mark(self) -> int | None:
        """Return where the row after the last one begins; None where nobody can say."""
        return self._table.mark() if self._table else None

    def go_on(self, number: int, mark: int) -> None:
        """Let `rows` yield those below row *number* alone; `mark` said *mark* after it."""
        if self._table:
            self._left = self._rows_of(self._table.rows(number, mark))

    def rows(self) -> Iterator[SheetRow]:
        """Yield every row below the header that says something, faulty ones with their reason."""
        for count, row in enumerate(self._left, 1):
            if count > MOST_ROWS:
                yield SheetRow(row.number, [], BEYOND)
                return
            yield row

    def _open_table(self, file: io.BufferedReader, encoding: str | None) -> list[str]:
        try:
            table = Table(file, encoding)
        except Malformed as error:
            # The same words as at the command line, but for how things are said there.
            raise Malformed(error.message.replace("--encoding", "`encoding`")) from None
        self.encoding, self._table = table.encoding, table
        self._left = self._rows_of(table.rows())
        return table.header

    def _rows_of(self, rows: Iterator[csv_table.Row]) -> Iterator[SheetRow]:
        return (SheetRow(*row) for row in rows if row.fault or any(map(str.strip, row.cells)))

    def _open_workbook(self, file: io.BufferedReader, sheet: str | None) -> list[str]:
        workbook = Workbook(file)
        self.sheets = workbook.sheets
        if sheet is not None and sheet not in self.sheets:
            raise Malformed(details={"sheet": "is no sheet of this workbook"})
        self._lines = workbook.lines(sheet if sheet is not None else self.sheets[0])
        first = next(self._lines, None)
        if first is None:
            raise Malformed(_empty(sheet or self.sheets[0], self.sheets))
        if first.fault:
            raise Malformed(f"The first row {first.fault}.")
        self._left = self._rows_below(first.number, len(first.cells))
        return first.cells

    def _rows_below(self, number: int, width: int) -> Iterator[SheetRow]:
        try:
            for line in self._lines:
                number = line.number
                cells, fault = line.cells, line.fault
                if fault is None and len(cells) > width:
                    fault = csv_table.too_wide(len(cells), width)
                cells += [""] * (width - len(cells))
                yield SheetRow(number, cells, fault)
        except Malformed as error:
            yield SheetRow(number + 1, [], f"and all below cannot be read. {error.message}")


def _empty(sheet: str, sheets: list[str]) -> str:
    """Return what is said of an empty *sheet*, with those that might have been meant."""
    others = [name for name in sheets if name != sheet][:SHEETS_SAID]
    words = "The sheet is empty: the first row must name the columns."
    return f"{words} Name another one in `sheet`: {', '.join(others)}." if others else words


def named(header: list[str]) -> list[str]:
    """Return a header in which every column has a name: one without gets its letters.

    Raises Malformed if it names none.
    """
    if any(ord(sign) < 32 and sign not in "\t\r\n" for heading in header for sign in heading):
        raise Malformed("The first row is no text: send a CSV file or an .xlsx workbook.")
    if any(len(heading) > LONGEST_HEADING for heading in header):
        raise Malformed(f"A column's name has more than {LONGEST_HEADING} characters.")
    if looks_like_a_lead(header):
        raise Malformed(HEADLESS)
    return [heading.strip() or f"Column {letters(at)}" for at, heading in enumerate(header)]


def looks_like_a_lead(cells: list[str]) -> bool:
    """True if *cells* say how somebody is reached, and none is a heading that we know."""
    if any(fold(cell).replace(" ", "") in KNOWN for cell in cells):
        return False
    return any(email.parse(cell) or _numbered(cell) for cell in cells if cell.strip())


def letters(place: int) -> str:
    """Return the letters by which a spreadsheet program calls a column; *place* is from 0."""
    text = ""
    while place >= 0:
        text = chr(65 + place % 26) + text
        place = place // 26 - 1
    return text


def _numbered(cell: str) -> bool:
    digits = sum(map(str.isdigit, cell))
    said = phone.parse(cell) if digits >= FEWEST_DIGITS and digits * 2 > len(cell) else None
    return said is not None


def _refuse_other_kinds(start: bytes) -> None:
    if not start:
        raise Malformed("The file is empty: the first row must name the columns.")
    for magic, kind in OTHER_KINDS:
        if start.startswith(magic):
            if magic == OLD and PASSWORD in start:
                kind = "a workbook with a password: save it without one"
            raise Malformed(f"This is {kind}.")
    text = start[:1000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for beginning, kind in OTHER_TEXTS:
        if text.startswith(beginning):
            raise Malformed(f"This is {kind}.")


ARCHIVE = b"PK\x03\x04"
"""Begins a zip archive, which a workbook is."""

OLD = b"\xd0\xcf\x11\xe0"
"""Begins the container of old spreadsheets, and of new ones with a password."""

PASSWORD = "EncryptedPackage".encode("utf-16-le")
"""Stands in that container's directory ([MS-OFFCRYPTO], section 2.3.4.4)."""

OTHER_KINDS = (
    (OLD, "an old spreadsheet (.xls), or one with a password: save it as .xlsx without one"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x1f\x8b", "a gzip archive: unpack it first"),
    (b"BZh", "a bzip2 archive: unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive: unpack it first"),
    (b"Rar!", "a RAR archive: unpack it first"),
    (b"\xfd7zXZ", "an xz archive: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive: unpack it first"),
    (b"%PDF", "a PDF, which holds no table: export the table as CSV or .xlsx"),
    (b"\x89PNG", "a picture, not a table"),
    (b"\xff\xd8\xff", "a picture, not a table"),
    (b"{\\rtf", "a text document (RTF): save the table as CSV or .xlsx"),
)
"""What people send for a table, by its first bytes."""

OTHER_TEXTS = (
    (b"<!doctype html", "a web page: save the table itself as CSV or .xlsx"),
    (b"<html", "a web page: save the table itself as CSV or .xlsx"),
    (b"<table", "a web page: save the table itself as CSV or .xlsx"),
    (b"<?xml", "XML, not CSV: save the table as CSV or .xlsx"),
    (b"[{", "JSON, not CSV: send leads as JSON to the duplicate check's batch"),
    (b'{"', "JSON, not CSV: send leads as JSON to the duplicate check's batch"),
)
"""The same for text, by how it begins in small letters."""
