"""goldenmatch with no configuration (it looks at the columns itself), or with its quick start's.

`python -m bench.public.peers.goldenmatch_run TABLE LABELLED OUT [configured]`. Its own clusters;
where two files are linked, its scored pairs between them, one to one.
"""

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import goldenmatch  # type: ignore[import-not-found]
import pyarrow  # type: ignore[import-not-found]

from bench.public.peers import columns, outcome
from bench.public.table import Table, read

FUZZY = {"given": 0.85, "family": 0.85, "thing": 0.8, "street": 0.8}
"""Similarity of each kind from which its quick start lets two values agree."""


def main(table: Table, out: Path, configured: bool) -> None:
    """Deduplicate the table."""
    rows = columns.cleaned(table)
    given = pyarrow.table({name: [row[name] for row in rows] for name in rows[0]})
    settings = _settings(table) if configured else {}
    found = goldenmatch.dedupe_df(given, allow_red_config=True, **settings)
    if table.sources is None:
        clusters = [each["members"] for each in found.clusters.values()]
    else:
        sources = table.sources
        between = [pair for pair in found.scored_pairs if sources[pair[0]] != sources[pair[1]]]
        clusters = outcome.one_to_one(between)
    outcome.write(out, version("goldenmatch"), [each for each in clusters if len(each) > 1])


def _settings(table: Table) -> dict[str, Any]:
    holds = columns.COLUMNS[table.name]
    return {
        "exact": list(columns.of(table, "email", "code", "phone")),
        "fuzzy": {name: FUZZY[what] for name, what in holds.items() if what in FUZZY},
        "blocking": list(columns.of(table, "family", "postcode", "town"))[:1],
    }


if __name__ == "__main__":
    main(read(Path(sys.argv[1])), Path(sys.argv[3]), "configured" in sys.argv[4:])
