"""The door to DuckDB: a database below a folder, which sorts and joins beyond memory."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray

from shared.errors import Unavailable

Columns = dict[str, NDArray[Any]]

SLICE = 50_000
"""Pairs of one task: a second's work or two."""

READ = 20 * SLICE
"""Rows that are read from the database at a time."""


class Limits(NamedTuple):
    """What DuckDB may use."""

    memory_mb: int
    threads: int


class NoRoom(Unavailable):
    """There was not enough memory or disk for the table; see --memory and --temp."""


class Database:
    """A database of its own; nothing of it is left when its folder is gone."""

    def __init__(self, folder: Path, limits: Limits):
        """Make it below *folder*."""
        options: dict[str, Any] = {
            "memory_limit": f"{limits.memory_mb}MB",
            "threads": limits.threads,
            "temp_directory": str(folder / "spilled"),
            "preserve_insertion_order": False,
        }
        self._conn = duckdb.connect(str(folder / "blocks.duckdb"), config=options)

    def run(self, query: str, **parameters: object) -> duckdb.DuckDBPyConnection:
        """Return what holds the rows that *query* gives. Raises NoRoom."""
        try:
            return self._conn.execute(query, parameters or None)
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            # What DuckDB says of memory and files names no value of a row.
            raise NoRoom(f"{NoRoom.__doc__} DuckDB: {str(error).splitlines()[0]}") from None

    def insert(self, query: str, columns: Mapping[str, NDArray[Any]]) -> None:
        """Run *query*, which takes *columns* in as a table `added`. Raises NoRoom."""
        self._conn.register("added", columns)
        self.run(query)

    def slices(self, query: str, most: int = SLICE) -> Iterator[Columns]:
        """Yield what *query* gives between the rows $first and $last, *most* rows at a time."""
        first = 0
        while True:
            rows = self.run(query, first=first, last=first + READ - 1)
            columns = {name: np.asarray(each) for name, each in rows.fetchnumpy().items()}
            size = len(columns["own"])
            for start in range(0, size, most):
                yield {name: each[start : start + most] for name, each in columns.items()}
            if size < READ:
                return
            first += READ

    def close(self) -> None:
        """Let go of the database."""
        self._conn.close()
