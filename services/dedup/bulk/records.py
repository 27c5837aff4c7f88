"""The packed records of a whole table, in files that all processes read: one copy in memory.

What a person said stands here in clear, for whoever runs the command alone, and is gone with the
folder.
"""

import os
from array import array
from collections.abc import Sequence
from functools import lru_cache
from mmap import ACCESS_READ, mmap
from pathlib import Path

import numpy as np

from services.dedup.bulk.people import Row
from services.dedup.record import unpack

RECORDS, STARTS, TIMES, ORDER = "records", "starts.npy", "times.npy", "order.npy"
"""The files: records one behind the other, where each starts, when each row came (seconds since
1970), and the rows in the order in which they came."""


class Writer:
    """Takes records in as they are read."""

    def __init__(self, folder: Path):
        self._folder = folder
        descriptor = os.open(folder / RECORDS, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._sizes = array("q", [0])
        self._times = array("d")

    def add(self, packed: bytes, sizes: Sequence[int], times: Sequence[float]) -> int:
        """Add rows; return the position of the first. Raises OSError."""
        first = len(self._times)
        self._file.write(packed)
        self._sizes.extend(sizes)
        self._times.extend(times)
        return first

    def close(self) -> None:
        """Write what is still to be written: now the table can be read. Raises OSError."""
        self._file.close()
        times = np.array(self._times)
        np.save(self._folder / STARTS, np.cumsum(np.array(self._sizes)))
        np.save(self._folder / TIMES, times)
        np.save(self._folder / ORDER, np.argsort(times, kind="stable").astype(np.int32))


class Records:
    """Rows by their place in the order in which they came."""

    def __init__(self, folder: Path):
        # As plain arrays: asking a `memmap` for one number takes ten times as long.
        self._starts = np.asarray(np.load(folder / STARTS, mmap_mode="r"))
        self._times = np.asarray(np.load(folder / TIMES, mmap_mode="r"))
        self._order = np.asarray(np.load(folder / ORDER, mmap_mode="r"))
        with (folder / RECORDS).open("rb") as file:
            self._bytes = mmap(file.fileno(), 0, access=ACCESS_READ)

    def row(self, place: int) -> Row:
        """Return the row at *place*."""
        row = int(self._order[place])
        packed = self._bytes[int(self._starts[row]) : int(self._starts[row + 1])]
        return Row(place, float(self._times[row]), unpack(packed))


@lru_cache(1)
def records(folder: Path) -> Records:
    """Return the records in *folder*, opened once a process."""
    return Records(folder)
