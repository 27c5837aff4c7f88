"""Read the small tables in `data/`: comma-separated, `#` starts a comment.

Each table was written for this project from public knowledge; its source stands in its
first lines. Tables are read once, at first use, by the module that owns them.
"""

from pathlib import Path

_DATA = Path(__file__).with_name("data")


def rows(name: str) -> list[list[str]]:
    """Return the rows of `data/<name>` as lists of stripped cells, without comments.

    Raises FileNotFoundError for a table that is not shipped.
    """
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    bare = (line.split("#", 1)[0].strip() for line in lines)
    return [[cell.strip() for cell in line.split(",")] for line in bare if line]


def kind(name: str, wanted: str) -> frozenset[str]:
    """Return the cells of those rows of `data/<name>` whose first cell is *wanted*."""
    return frozenset(
        cell for first, *rest in rows(name) if first == wanted for cell in rest if cell
    )


def words(name: str) -> frozenset[str]:
    """Return every non-empty cell of `data/<name>` as one set."""
    return frozenset(cell for row in rows(name) for cell in row if cell)
