"""What `leadfly dedupe-any` writes: the table again with its clusters, and the pairs."""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from shared.csv_cells import defused, lines
from shared.csv_table import Row
from shared.errors import Unavailable

if TYPE_CHECKING:
    from services.dedup.tables.explaining import Evidence
    from services.dedup.tables.linking import Linked

ADDED = "leadfly_cluster_id"
"""The column that is added: the number of the cluster's first row; a header is row 1."""

PAIRED = ("row", "other_row", "probability", "one_cluster")
"""The columns of a file of pairs; the earlier row is the other."""

EXPLAINED = "evidence"
"""A further one: JSON, what each column says in log2 odds; they add up to those of the pair."""


def write_rows(out: Path, header: Sequence[str], rows: Sequence[Row], found: "Linked") -> None:
    """Write *rows* with their clusters. Raises Unavailable."""
    first = {row: each[0] for each in found.clusters for row in each}
    numbered = (
        [*map(defused, row.cells), str(rows[first.get(place, place)].number)]
        for place, row in enumerate(rows)
    )
    _whole(out, [*map(defused, header), ADDED], numbered)


def write_pairs(out: Path, rows: Sequence[Row], found: "Linked", explain: bool) -> None:
    """Write the links between *rows*, with their evidence if *explain*. Raises Unavailable."""
    _whole(out, [*PAIRED, EXPLAINED] if explain else PAIRED, _pairs(rows, found, explain))


def _pairs(rows: Sequence[Row], found: "Linked", explain: bool) -> Iterator[list[str]]:
    cluster = {row: each[0] for each in found.clusters for row in each}
    for place, (one, other, bits) in enumerate(found.pairs):
        together = one in cluster and cluster[one] == cluster.get(other)
        line = [
            str(rows[other].number),
            str(rows[one].number),
            f"{1 / (1 + 2.0**-bits):.6f}",
            "yes" if together else "no",
        ]
        yield [*line, _said(found.evidence[place])] if explain else line


def _said(evidence: Iterable["Evidence"]) -> str:
    told = [
        {"column": each.name, "level": each.level, "weight": round(each.bits, 3)}
        for each in evidence
    ]
    return defused(json.dumps(told, ensure_ascii=False))


def _whole(out: Path, header: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Write a file beside *out*, and put it there when it is whole."""
    partial = out.with_name(f"{out.name}.part")
    try:
        partial.unlink(missing_ok=True)
        # Maybe personal data: for the person who runs the command alone.
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
            file.write(lines([header]))
            file.write(lines(rows))
        partial.replace(out)
    except OSError as error:
        raise Unavailable(f"{out} cannot be written: {error.strerror}.") from None
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
