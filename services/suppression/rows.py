"""Rows of a CSV file, read while its bytes arrive: no more than a row is held at a time.

As RFC 4180 has it, and as files really are: commas, semicolons, tabs or bars, any line ends, a byte
order mark. A stray quotation mark could swallow thousands of rows, so a row may not be long: such a
file is refused whole, whatever is to be done with faulty rows.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from shared.errors import Malformed

LONGEST_LINE = 16_384
"""Bytes of one line; a CRM's export with notes has some thousand."""

MOST_BREAKS = 50
"""Lines of one row: a quoted cell may hold a few."""

MOST_NUMBERED = 2_000_000
"""Rows with blank ones: a hundred megabytes of line ends would keep a thread busy for minutes."""

DELIMITERS = ",;\t|"

WIDE = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"), (b"PK\x03\x04", "a workbook"))
"""What files begin with that are no text in UTF-8."""

NOT_UTF8 = "is not UTF-8"

_ENDS = re.compile(rb"\r\n|\n|\r")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Row(NamedTuple):
    """One row that is not blank."""

    number: int
    """As a spreadsheet counts, from 1, the header and blank rows included."""
    cells: list[str]
    fault: str | None
    """Why it cannot be read, if so."""


def rows(chunks: Iterable[bytes]) -> Iterator[Row]:
    """Yield the rows of the file that arrives in *chunks*.

    Raises Malformed for what is no CSV file, and for a row without an end.
    """
    lines = _Lines(chunks)
    first = next(lines, None)
    if first is None:
        return
    lines.push_back(first)
    reader = csv.reader(lines, delimiter=_delimiter(first), strict=True)
    number = 0
    while True:
        number += 1
        if number > MOST_NUMBERED:
            raise Malformed(details={"file": f"has more than {MOST_NUMBERED} rows, blank ones too"})
        lines.begin(number)
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            if lines.taken > 1 or lines.taken == 0:
                raise Malformed(details={_at(number): UNENDED}) from None
            yield Row(number, [], "has a quotation mark in the wrong place")
            continue
        if any(map(str.strip, cells)):
            wrong = any(map(_SURROGATE.search, cells))
            yield Row(number, cells, NOT_UTF8 if wrong else None)


UNENDED = "has a quotation mark that is never closed, or text behind one that is"


class _Lines(Iterator[str]):
    """The lines of a file; it counts those that a row takes."""

    def __init__(self, chunks: Iterable[bytes]):
        self._lines = _lines(chunks)
        self._next: str | None = None
        self._row, self.taken = 1, 0

    def begin(self, row: int) -> None:
        """A row begins."""
        self._row, self.taken = row, 0

    def push_back(self, line: str) -> None:
        self._next = line

    def __next__(self) -> str:
        if self.taken >= MOST_BREAKS:
            raise Malformed(details={_at(self._row): UNENDED})
        self.taken += 1
        if self._next is not None:
            line, self._next = self._next, None
            return line
        try:
            return next(self._lines).decode("utf-8", "surrogateescape")
        except StopIteration:
            self.taken -= 1
            raise


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines of a file, each with one line feed at its end."""
    rest, begun = b"", False
    for chunk in chunks:
        rest += chunk
        if not begun:
            if len(rest) < 4:
                continue
            rest, begun = _text(rest), True
        # A carriage return at the end may be the first half of a line's end.
        held = rest[-1:] if rest.endswith(b"\r") else b""
        *whole, rest = _ENDS.split(rest[: len(rest) - len(held)])
        rest += held
        for line in whole:
            yield _checked(line) + b"\n"
        _checked(rest)
    if not begun:
        rest = _text(rest)
    for line in _ENDS.split(rest.removesuffix(b"\r")) if rest else ():
        yield _checked(line) + b"\n"


def _text(start: bytes) -> bytes:
    """Return the *start* of a file without a byte order mark. Raises Malformed."""
    for mark, what in WIDE:
        if start.startswith(mark):
            raise Malformed(details={_at(1): f"is {what}: save the sheet as CSV in UTF-8"})
    return start.removeprefix(b"\xef\xbb\xbf")


def _checked(line: bytes) -> bytes:
    if len(line) > LONGEST_LINE:
        raise Malformed(details={"file": f"has a line of more than {LONGEST_LINE} bytes"})
    if b"\0" in line:
        raise Malformed(details={"file": "holds a NUL, so it is no CSV file in UTF-8"})
    return line


def _delimiter(line: str) -> str:
    """Return what stands between cells, as the first *line* has it."""
    bare = re.sub(r'"[^"]*"', "", line)
    return max(DELIMITERS, key=bare.count)


def _at(row: int) -> str:
    return f"rows.{row}"
