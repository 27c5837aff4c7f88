"""A CSV file as somebody sends it: its encoding, its delimiter, its rows, and what is wrong.

Rows are numbered as a spreadsheet shows them: the header is row 1, and a blank line counts. A
row that cannot be read costs itself and no other: after a quote that never closes, reading goes
on at the next line. RFC 4180 is the format; nothing longer than LONGEST_ROW is ever held.
"""

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from shared.errors import Malformed, NotFound

LONGEST_ROW = 1_000_000
"""Characters in a row, line breaks in quotes included; a lead's own message has 20,000 at most."""

MOST_LINES = 1_000
"""Lines that a quoted field may go on for before its quote counts as never closed."""

MOST_COLUMNS = 16_384
"""Columns of a table: what Excel knows."""

SAMPLE_BYTES = 1_000_000
"""Bytes by which encoding and delimiter are told."""

SHOWN = 10_000
"""Characters of an unreadable line that are set aside with it."""

DELIMITERS = ",;\t|"

RENAME = "name it with --encoding."

_NAMED_DELIMITER = re.compile(rf"(?i)sep=([{re.escape(DELIMITERS)}])[\r\n]*")
"""A line that tells Excel the delimiter; Excel shows the row below it as its first."""


class Row(NamedTuple):
    """One row, or what could be read of it and why that is not enough."""

    number: int
    cells: list[str]
    fault: str | None = None


class Table:
    """A CSV file, read once from its start."""

    def __init__(self, file: io.BufferedReader, encoding: str | None = None):
        """*encoding* is one that Python knows; without it, the file's start tells.

        Raises Malformed if there is no header to go by.
        """
        self._file = file
        start = file.peek(SAMPLE_BYTES)
        _refuse_other_kinds(start)
        self.encoding = _named(encoding) if encoding else _told(start)
        # A lone surrogate marks each byte that is no text; elsewhere only a replacement can.
        plain = self.encoding.startswith("utf-8")
        self._wrong = re.compile("[\udc80-\udcff]" if plain else "\ufffd")
        errors = "surrogateescape" if plain else "replace"
        self._lines = _Lines(io.TextIOWrapper(file, self.encoding, errors, newline=""))
        self.header, self.delimiter = self._first()

    @property
    def position(self) -> int:
        """How many bytes of the file were read; up to SAMPLE_BYTES of them only ahead."""
        return self._file.raw.tell()

    def mark(self) -> int | None:
        """Return where the row after the last one begins, in terms that `rows` reads.

        None where nobody can say: below a row that broke, or in an encoding that shifts.
        """
        return self._lines.mark()

    def rows(self, number: int = 1, mark: int | None = None) -> Iterator[Row]:
        """Yield every row below the header in order, faulty ones with their reason.

        With *mark*, those below row *number* alone: what `mark` said of the same file after it.
        """
        csv.field_size_limit(LONGEST_ROW)
        lines, width = self._lines, len(self.header)
        if mark is not None:
            lines.go_on(mark)
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        while True:
            lines.forget()
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, _TooLong) as error:
                yield Row(number, lines.back(), _reason(error))
                continue
            if not cells:
                continue
            fault = self._fault(cells, width)
            if fault and len(cells) != width:
                cells = lines.back() if len(lines.taken) > 1 else cells
            yield Row(number, [_legible(cell) for cell in cells] if fault else cells, fault)

    def _first(self) -> tuple[list[str], str]:
        """Return header and delimiter."""
        try:
            line = next(self._lines, "")
            named = _NAMED_DELIMITER.fullmatch(line)
            if named:
                self._lines.forget()
                line = next(self._lines, "")
        except UnicodeError:
            raise Malformed(f"The first row is not {self.encoding}: {RENAME}") from None
        except _TooLong:
            raise Malformed(f"The first row has more than {LONGEST_ROW:,} characters.") from None
        if not line.strip():
            found = "first row" if line else "file"
            raise Malformed(f"The {found} is empty: the first row must name the columns.")
        if self._wrong.search(line):
            raise Malformed(f"The first row is not {self.encoding}: {RENAME}")
        delimiter = named[1] if named else max(DELIMITERS, key=line.count)
        self._lines.back(keep=True)
        try:
            header = next(csv.reader(self._lines, delimiter=delimiter, strict=True))
        except (csv.Error, _TooLong) as error:
            raise Malformed(f"The first row {_reason(error)}.") from None
        while len(header) > 1 and not header[-1].strip():
            header.pop()
        if len(header) > MOST_COLUMNS:
            raise Malformed(f"The table has more than {MOST_COLUMNS:,} columns.")
        return header, delimiter

    def _fault(self, cells: list[str], width: int) -> str | None:
        """Return why *cells* are no row of this table, having dropped empty ones beyond it."""
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        if len(cells) != width:
            return too_wide(len(cells), width)
        # Most lines are ASCII, and seeing that is quicker than searching them.
        if any(not line.isascii() and self._wrong.search(line) for line in self._lines.taken):
            return f"is not {self.encoding}"
        return None


def too_wide(cells: int, width: int) -> str:
    """Return what is wrong with a row of other than *width* cells."""
    columns = "1 column" if cells == 1 else f"{cells:,} columns"
    return f"has {columns}, and the header has {width:,}"


class _TooLong(Exception):
    """A row goes on for longer than we read."""


class _Lines:
    """The lines of a text; those of the row being read are remembered and can be put back."""

    def __init__(self, text: io.TextIOBase):
        self._text = text
        self._ahead: deque[str] = deque()
        self._size = 0
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._ahead.popleft() if self._ahead else self._text.readline(LONGEST_ROW)
        if not line:
            raise StopIteration
        if len(line) == LONGEST_ROW and not line.endswith(("\n", "\r")):
            self._skip_line()
            line += "\n"
        self.taken.append(line)
        self._size += len(line)
        if len(line) > LONGEST_ROW and len(self.taken) == 1:
            raise _TooLong(f"has more than {LONGEST_ROW:,} characters")
        if self._size > LONGEST_ROW or len(self.taken) > MOST_LINES:
            raise _TooLong("opens a quote that is not closed")
        return line

    def mark(self) -> int | None:
        """Return where the next line begins, None where nobody can say; for `go_on`."""
        if self._ahead:
            return None
        try:
            return self._text.tell()
        except (OSError, ValueError):
            return None

    def go_on(self, mark: int) -> None:
        """Read on at *mark*."""
        self._ahead.clear()
        self._text.seek(mark)

    def forget(self) -> None:
        """Begin a new row."""
        self.taken.clear()
        self._size = 0

    def back(self, keep: bool = False) -> list[str]:
        """Put the row's lines back, but for the first unless *keep*; return the start of that."""
        first = self.taken[:1]
        self._ahead.extendleft(reversed(self.taken if keep else self.taken[1:]))
        self.forget()
        return [_legible(line.rstrip("\r\n")[:SHOWN]) for line in first]

    def _skip_line(self) -> None:
        while (rest := self._text.readline(LONGEST_ROW)) and not rest.endswith(("\n", "\r")):
            pass


def opened(name: str) -> io.BufferedReader:
    """Return the file of that name, or standard input for `-`. Raises NotFound."""
    path: str | int = 0 if name == "-" else name
    try:
        return io.BufferedReader(io.FileIO(path, closefd=path != 0), SAMPLE_BYTES)
    except OSError as error:
        raise NotFound(f"{Path(name)} cannot be read: {error.strerror}.") from None


def _refuse_other_kinds(start: bytes) -> None:
    for magic, kind in KINDS.items():
        if start.startswith(magic):
            raise Malformed(f"This is {kind}, not CSV: {KINDS_REMEDY[kind]}.")


def _named(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        io.TextIOWrapper(io.BytesIO(), name)  # refuses what is no encoding of text
    except LookupError:
        raise Malformed(f"There is no encoding {encoding}: utf-8, utf-16, cp1252 …") from None
    return name


def _told(start: bytes) -> str:
    """Return the encoding that a file's *start* speaks for."""
    for mark, name in MARKS:
        if start.startswith(mark):
            return name
    if start.count(0) > len(start) // 4:
        return "utf-16-le" if start[1::2].count(0) >= start[::2].count(0) else "utf-16-be"
    lines = start.splitlines()
    if len(lines) > 2:
        lines.pop()  # it may end within a character
    beyond_ascii = [line for line in lines if not line.isascii()]
    wrong = sum(not _is_utf8(line) for line in beyond_ascii)
    # One damaged row does not make a UTF-8 file another one.
    return "cp1252" if 2 * wrong > len(beyond_ascii) else "utf-8"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _reason(error: Exception) -> str:
    text = str(error)
    if "unexpected end of data" in text:
        return "opens a quote that is not closed"
    if "expected after" in text:
        return "has text after a closing quote, or opens a quote that is not closed"
    if "field limit" in text:
        return f"has a field of more than {LONGEST_ROW:,} characters"
    return text if isinstance(error, _TooLong) else "is not CSV"


def _legible(text: str) -> str:
    """Return *text* as UTF-8 can carry it."""
    return text.encode("utf-8", "replace").decode()


MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks and what they mark; UTF-32's begins like UTF-16's."""

KINDS = {
    b"PK\x03\x04": "a spreadsheet or a zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
}
KINDS_REMEDY = {
    "a spreadsheet or a zip archive": "save the sheet as CSV (UTF-8), or unpack it",
    "a gzip archive": "unpack it first",
    "an old spreadsheet": "save the sheet as CSV (UTF-8)",
}
"""What people send for CSV, by its first bytes, and what to do."""
