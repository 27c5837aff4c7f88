"""The lines that are written of a table: its own cells, and beside them what was found. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from services.dedup.relation import RELATIONS
from shared.csv_cells import defused, lines

ADDED = (
    "leadfly_cluster_id",
    "leadfly_duplicate_of",
    "leadfly_probability",
    "leadfly_relation",
)
"""What is added to each row. A cluster goes by the row of its first lead, and `duplicate_of` names
that row; the header is row 1. Probability and relation are of the likeliest earlier row."""

PAIRED = ("row", "other_row", "probability", "relation", "one_cluster")
"""The columns of a file of pairs; the earlier row is the other."""

EXPLAINED = "evidence"
"""A further one: what speaks for and against, by comparison."""

Told = tuple[int, int, float | None, int | None]
"""A row's number, its cluster, the probability and the relation by position in RELATIONS."""


class Link(NamedTuple):
    """A pair from the threshold on."""

    row: int
    other: int
    """Number of the earlier row."""
    probability: float
    relation: int
    """Position in RELATIONS."""
    evidence: str | None
    """JSON, if it was asked for."""
    one_cluster: bool


class Found(NamedTuple):
    """Rows as they were read, and what was found of each."""

    rows: Sequence[Sequence[str]]
    told: Sequence[Told]


def annotated(found: Found) -> str:
    """Return the lines of *found*; no cell of them is a formula to a spreadsheet."""
    return lines(
        (*map(defused, cells), *_said(told))
        for cells, told in zip(found.rows, found.told, strict=True)
    )


def _said(told: Told) -> tuple[str, str, str, str]:
    number, cluster, probability, relation = told
    return (
        str(cluster),
        "" if cluster == number else str(cluster),
        "" if probability is None else f"{probability:.6f}",
        "" if relation is None else RELATIONS[relation],
    )


def paired(link: Link, explained: bool) -> tuple[str, ...]:
    """Return the line of a pair; *explained* if its evidence is to be said."""
    told = (str(link.row), str(link.other), repr(link.probability), RELATIONS[link.relation])
    last = (link.evidence or "",) if explained else ()
    return (*told, "yes" if link.one_cluster else "no", *last)
