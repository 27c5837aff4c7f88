"""Where the rows of a CSV file begin: a few of them, so that one far down is soon found. Pure.

Noted while a preview reads the file, and kept, sealed, behind the file's last piece.
"""

from bisect import bisect_right
from dataclasses import dataclass, field

import orjson

from services.dedup.imports.pieces import PIECE

APART = 10_000
"""Rows between two places that are noted: a tenth of a second of reading."""


@dataclass(slots=True)
class Places:
    """Places in a file, by the rows above them."""

    encoding: str | None = None
    """The encoding in which the file was read; in another one they mean nothing."""
    rows: list[int] = field(default_factory=list)
    """The numbers of rows, ascending."""
    marks: list[int] = field(default_factory=list)
    """Where the rows after those begin: `shared.csv_table.Table.mark`."""

    def due(self, number: int) -> bool:
        """True if the place below row *number* is to be noted."""
        return number - (self.rows[-1] if self.rows else 0) >= APART

    def note(self, number: int, mark: int) -> None:
        """Note where the row below row *number* begins."""
        self.rows.append(number)
        self.marks.append(mark)

    def before(self, number: int) -> tuple[int, int] | None:
        """Return the last place above row *number*, with the row above it; None: the start."""
        place = bisect_right(self.rows, number - 1) - 1
        return (self.rows[place], self.marks[place]) if place >= 0 else None

    def pack(self) -> bytes:
        """Return this as bytes that `unpacked` reads."""
        # A mark is Python's cookie of a decoder's state: beyond 64 bits in some encodings.
        return orjson.dumps([self.encoding, self.rows, list(map(str, self.marks))])


def unpacked(data: bytes) -> Places:
    """Return what `Places.pack` wrote."""
    encoding, rows, marks = orjson.loads(data)
    return Places(encoding, rows, list(map(int, marks)))


def piece(size: int) -> int:
    """Return the number under which the places of a file of *size* bytes are kept."""
    return -(-size // PIECE)
