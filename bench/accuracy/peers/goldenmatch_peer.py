"""goldenmatch with no configuration (it looks at the columns itself), and with its quick start's.

`python -m bench.accuracy.peers.goldenmatch_peer TABLE TRAINING OUT [configured]`.
"""

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import goldenmatch  # type: ignore[import-not-found]
import pyarrow  # type: ignore[import-not-found]

from bench.accuracy.peers.table import read, write

GIVEN = ("email", "phone", "first_name", "last_name", "company")
"""The columns that most leads fill; with all of them it finds a quarter as many duplicates."""


CONFIGURED: dict[str, Any] = {
    "exact": ["email", "phone"],
    "fuzzy": {"first_name": 0.9, "last_name": 0.9, "company": 0.8},
    "blocking": ["last_name"],
}
"""What its quick start would have a user say of such columns."""


def main(table: Path, out: Path, configured: bool) -> None:
    """Deduplicate *table* and write the best score of each lead."""
    rows = read(table)
    columns = pyarrow.table({name: [row[name] for row in rows] for name in GIVEN})
    settings = CONFIGURED if configured else {}
    pairs = goldenmatch.dedupe_df(columns, allow_red_config=True, **settings).scored_pairs
    # It hands out the pairs that it links, and no others.
    threshold = min((score for _, _, score in pairs), default=1.0)
    title = "goldenmatch, configured" if configured else "goldenmatch, no configuration"
    write(out, title, version("goldenmatch"), threshold, pairs)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[3]), "configured" in sys.argv[4:])
