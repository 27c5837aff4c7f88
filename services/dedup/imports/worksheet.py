"""The rows of a worksheet, one after another, as text.

A formula is never worked out: its cell says what the program that saved it worked out last, or
nothing. An error such as #REF! says nothing.
"""

import zlib
from array import array
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, NamedTuple
from zipfile import BadZipFile

from services.dedup.imports import cell_text
from services.dedup.imports.cell_text import PLAIN, Format
from services.dedup.imports.markup import DAMAGED, Markup
from shared.csv_table import LONGEST_ROW, MOST_COLUMNS
from shared.errors import Malformed

UNREADABLE = (
    Malformed,
    BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    OverflowError,
)
"""What is raised of an archive that is damaged or of no kind that the standard library knows."""

MOST_TEXT = 256 * 1024**2
"""Characters of all texts that a workbook's cells share."""


class Line(NamedTuple):
    """A row that says something."""

    number: int
    cells: list[str]
    fault: str | None = None


class Strings:
    """The texts that cells share, read as far as somebody asked for them."""

    def __init__(self, file: IO[bytes] | None):
        """*file* is the part that has them; a workbook may have none."""
        self._text, self._ends = bytearray(), array("Q", [0])
        self._parts: list[str] = []
        self._taken = self._spoken = False
        self._size = 0
        self._markup = file and Markup(file, self._begun, self._ended, self._said)

    def __getitem__(self, number: int) -> str:
        """Return a text. Raises Malformed if there is none of that number."""
        while len(self._ends) <= number + 1:
            if not (self._markup and self._markup.step()):
                raise Malformed(DAMAGED)
        if number < 0:
            raise Malformed(DAMAGED)
        return self._text[self._ends[number] : self._ends[number + 1]].decode()

    def _begun(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "rPh":  # how it is pronounced
            self._spoken = True
        self._taken = name == "t" and not self._spoken

    def _ended(self, name: str) -> None:
        self._taken = False
        if name == "rPh":
            self._spoken = False
        elif name == "si":
            self._text += cell_text.unescaped("".join(self._parts)).encode("utf-8", "replace")
            self._ends.append(len(self._text))
            self._parts.clear()

    def _said(self, text: str) -> None:
        if self._taken:
            self._parts.append(text)
            self._size += len(text)
            if self._size > MOST_TEXT:
                raise Malformed("The workbook has more text than we read: save the sheet as CSV.")


class Worksheet:
    """One sheet, read once from its start."""

    def __init__(
        self, file: IO[bytes], strings: Strings, formats: Sequence[Format], from_1904: bool
    ):
        """*formats* are those of the workbook's cell styles, in their order."""
        self._markup = Markup(file, self._begun, self._ended, self._said)
        self._strings, self._formats, self._from_1904 = strings, formats, from_1904
        self._ready: deque[Line] = deque()
        self._inside = self._taken = self._spoken = False
        self._number = self._column = self._size = 0
        self._kind, self._style = "n", 0
        self._parts: list[str] = []
        self._cells: dict[int, str] = {}
        self._fault: str | None = None

    def lines(self) -> Iterator[Line]:
        """Yield every row in which a cell says something.

        Raises Malformed, or another of UNREADABLE, where it cannot be read on.
        """
        more, damage = True, None
        while more and damage is None:
            try:
                more = self._markup.step()
            except UNREADABLE as error:
                damage = error
            while self._ready:
                yield self._ready.popleft()
        if damage is not None:
            raise damage

    def _begun(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c" and self._inside:
            self._begin_cell(attributes)
        elif name == "v" or (name == "t" and not self._spoken):
            self._taken = self._inside
        elif name == "row" and self._inside:
            self._number = _row_number(attributes.get("r"), self._number)
            self._column, self._size, self._fault = -1, 0, None
            self._cells.clear()
        elif name == "rPh":
            self._spoken = True
        elif name == "sheetData":
            self._inside = True

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        self._kind = attributes.get("t", "n")
        style = attributes.get("s", "0")
        self._style = int(style) if style.isascii() and style.isdigit() else 0
        self._column = _column(attributes.get("r"), self._column)
        self._parts.clear()

    def _ended(self, name: str) -> None:
        self._taken = False
        if name == "c" and self._inside:
            if self._parts:
                self._keep(self._text("".join(self._parts)))
        elif name == "row" and self._inside:
            self._keep_row()
        elif name == "rPh":
            self._spoken = False
        elif name == "sheetData":
            self._inside = False

    def _said(self, text: str) -> None:
        if self._taken and self._fault is None:
            self._parts.append(text)
            self._size += len(text)
            if self._size > LONGEST_ROW:
                self._fault = f"has more than {LONGEST_ROW:,} characters"

    def _keep(self, text: str) -> None:
        if self._column >= MOST_COLUMNS:
            self._fault = f"has more than {MOST_COLUMNS:,} columns"
        elif text:
            self._cells[self._column] = text

    def _keep_row(self) -> None:
        if self._cells or self._fault:
            cells = [""] * (max(self._cells, default=-1) + 1)
            for column, text in self._cells.items():
                cells[column] = text
            self._ready.append(Line(self._number, cells, self._fault))
            self._cells.clear()

    def _text(self, said: str) -> str:
        if self._kind == "s":
            return self._strings[_whole(said)]
        if self._kind == "n":
            known = self._style < len(self._formats)
            format = self._formats[self._style] if known else PLAIN
            return cell_text.number(said.strip(), format, self._from_1904)
        if self._kind == "b":
            return "true" if said.strip() == "1" else "false"
        return "" if self._kind == "e" else cell_text.unescaped(said)


def _whole(text: str) -> int:
    if not (text.isascii() and text.strip().isdigit() and len(text) < 12):
        raise Malformed(DAMAGED)
    return int(text)


def _row_number(text: str | None, before: int) -> int:
    """Return the number of a row: its own, or the next one where that says nothing sensible."""
    if text is None or not (text.isascii() and text.isdigit() and len(text) < 12):
        return before + 1
    return max(int(text), before + 1)


def _column(reference: str | None, before: int) -> int:
    """Return the place, from 0, of a cell in its row: BC12 is in the 55th."""
    letters = reference.rstrip("0123456789") if reference else ""
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 4):
        return before + 1
    place = 0
    for letter in letters.upper():
        place = place * 26 + ord(letter) - 64
    return place - 1
