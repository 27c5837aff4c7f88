"""A sheet: what the rows of a file say, and what is wrong with which of them.

Of a million rows only their keys are kept, eight bytes each; nothing that was read is.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from services.suppression.column import UNREAD, Column, Reading, guessed, named
from services.suppression.rows import Row, rows
from shared.errors import Malformed
from shared.suppression import Value

MOST_ROWS = 1_000_000
"""Rows of one file: half a minute of work while somebody waits for the answer."""

MOST_VALUES = 2 * MOST_ROWS
"""Addresses, numbers and hashes of one file: an address and a number a row."""

MOST_FAULTS = 100
"""Faulty rows that are named; all are counted."""

EMPTY = "says nothing in the columns that are read"

NO_COLUMN = (
    "names no column to read: call one email, phone, hash, md5, sha1, sha256 or email_md5, "
    "or begin with the first entry"
)


class RowFault(NamedTuple):
    """What is wrong with a row."""

    row: int
    reason: str


class Sheet:
    """What was read of a file."""

    def __init__(self, key: Callable[[Value], int], reading: Reading, most: int = MOST_VALUES):
        """*key* makes of what a cell says the key of an entry; *most* entries are read."""
        self.keys = array("q")
        """Of all cells that could be read, in their order; some may be equal."""
        self.columns: dict[int, Column] = {}
        """Those that are read, by position from 0; empty until a row says which."""
        self.row_count = 0
        """Rows below the header, faulty ones included, blank ones not."""
        self.fault_count = 0
        self.faults: list[RowFault] = []
        """The first MOST_FAULTS."""
        self._key, self._reading, self._most = key, reading, most
        self._width = 0

    def read(self, chunks: Iterable[bytes]) -> None:
        """Read the file that arrives in *chunks*. Raises Malformed where it cannot go on."""
        for row in rows(chunks):
            if self.columns or not self._is_header(row):
                self._add(row)

    def _is_header(self, row: Row) -> bool:
        """Learn from the first *row* which columns there are; True if it says no more than that."""
        if row.fault is None:
            self._width = self._width or len(row.cells)
            self.columns = guessed(row.cells, self._reading)
            if self.columns:
                return False
            self.columns = named(row.cells, self._reading)
            if self.columns:
                return self.row_count == 0
        if len(row.cells) > 1:
            raise Malformed(details={f"rows.{row.number}": NO_COLUMN})
        return False

    def _add(self, row: Row) -> None:
        self.row_count += 1
        if self.row_count > MOST_ROWS:
            raise Malformed(details={"file": f"has more than {MOST_ROWS} rows: send several files"})
        if row.fault:
            self._fault(row, row.fault)
        elif not self.columns:
            self._fault(row, NO_COLUMN if self.row_count == 1 else UNREAD)
        elif len(row.cells) != self._width:
            self._fault(row, f"has {len(row.cells)} cells, and the first row {self._width}")
        else:
            self._read_cells(row, row.cells)

    def _read_cells(self, row: Row, cells: Sequence[str]) -> None:
        """Keep the keys of a row, or its fault."""
        found = []
        for position, column in self.columns.items():
            try:
                value = column.value(cells[position])
            except ValueError as error:
                self._fault(row, f"column {position + 1} {error}")
                return
            if value:
                found.append(value)
        if not found:
            self._fault(row, EMPTY)
        for value in found:
            self.keys.append(self._key(value))
        if len(self.keys) > self._most:
            raise Malformed(details={"file": f"has more than {self._most} entries: send several"})

    def _fault(self, row: Row, reason: str) -> None:
        self.fault_count += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(RowFault(row.number, reason))
