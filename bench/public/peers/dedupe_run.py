"""dedupe: a regression over string distances, taught by labelled pairs.

`python -m bench.public.peers.dedupe_run TABLE LABELLED OUT`. It has no way without labels: all of
those of LABELLED are shown to it, as its own function for a labelled table chooses them.
"""

import random
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dedupe  # type: ignore[import-not-found]
import numpy as np
from dedupe import variables  # type: ignore[import-not-found]

from bench.public.peers import columns, outcome
from bench.public.table import Table, read

THRESHOLD = 0.5
"""Its default, and that of its examples."""

TRAINING = 2_000
"""Pairs of the labelled table that are shown, half of them matches where there are as many: more
than a person would label, and its default of 50,000 takes hours."""

LARGE = 1_500
"""Rows above which its index predicates, which make it slow, are left out (its own option)."""

TRUTH = "truth"
"""The field of a labelled row that says which cluster it is of."""


def main(table: Table, labelled: Table, out: Path) -> None:
    """Learn from *labelled* and partition *table*."""
    random.seed(1)
    np.random.seed(1)
    fields = _fields(table)
    if table.sources is None:
        learned = dedupe.Dedupe(fields, num_cores=1)
        known = _data(labelled, truth=True)
        pairs = dedupe.training_data_dedupe(known, TRUTH, TRAINING)
        learned.prepare_training(_data(labelled))
        learned.mark_pairs(_plain(pairs))
        learned.train(index_predicates=len(table.rows) <= LARGE)
        clusters = [ids for ids, _ in learned.partition(_data(table), THRESHOLD)]
    else:
        link = dedupe.RecordLink(fields, num_cores=1)
        left, right = _split(labelled, truth=True)
        pairs = dedupe.training_data_link(left, right, TRUTH, TRAINING)
        link.prepare_training(*_split(labelled))
        link.mark_pairs(_plain(pairs))
        link.train(index_predicates=len(table.rows) <= LARGE)
        clusters = [ids for ids, _ in link.join(*_split(table), THRESHOLD)]
    outcome.write(out, version("dedupe"), clusters)


def _fields(table: Table) -> list[Any]:
    found = []
    for name, what in columns.COLUMNS[table.name].items():
        short = what in ("postcode", "number", "state", "code", "date", "phone")
        made = variables.ShortString if short else variables.String
        found.append(made(name, has_missing=True))
    return found


def _data(table: Table, truth: bool = False) -> dict[int, dict[str, str | None]]:
    rows = columns.cleaned(table)
    if truth:
        rows = [{**row, TRUTH: name} for row, name in zip(rows, table.truth, strict=True)]
    return dict(enumerate(rows))


def _split(table: Table, truth: bool = False) -> list[dict[int, dict[str, str | None]]]:
    data, sources = _data(table, truth), table.sources or ()
    names = sorted(set(sources))
    return [{row: data[row] for row in data if sources[row] == name} for name in names]


def _plain(pairs: dict[str, Any]) -> dict[str, Any]:
    """Return TRAINING of the pairs, without the truth, which is no field to learn from."""
    found = {}
    for label, some in pairs.items():
        shown = random.sample(list(some), min(len(some), TRAINING // 2))
        found[label] = [tuple(_without_truth(row) for row in pair) for pair in shown]
    return found


def _without_truth(row: dict[str, str | None]) -> dict[str, str | None]:
    return {name: cell for name, cell in row.items() if name != TRUTH}


if __name__ == "__main__":
    main(read(Path(sys.argv[1])), read(Path(sys.argv[2])), Path(sys.argv[3]))
