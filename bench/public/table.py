"""A table of a public set: its columns as they come, and the truth beside them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

Row = dict[str, str | None]
"""The cells of a row by heading; None where it says nothing."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one set."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Row]
    truth: Sequence[str]
    """The true cluster of each row."""
    sources: Sequence[str] | None = None
    """The file that each row is from, where two files are linked of which neither repeats itself;
    else None."""

    def taken(self, places: Sequence[int]) -> Self:
        """Return the rows at *places*, in that order."""
        return type(self)(
            self.name,
            self.columns,
            [self.rows[place] for place in places],
            [self.truth[place] for place in places],
            None if self.sources is None else [self.sources[place] for place in places],
        )


def write(table: Table, path: Path) -> None:
    """Write *table* for another process, which `read` reads."""
    fields = ("name", "columns", "rows", "truth", "sources")
    document = {name: getattr(table, name) for name in fields}
    path.write_text(json.dumps(document), encoding="utf-8")


def read(path: Path) -> Table:
    """Return the table that `write` wrote."""
    document = json.loads(path.read_text(encoding="utf-8"))
    return Table(**document | {"columns": tuple(document["columns"])})
