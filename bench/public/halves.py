"""Which half a true cluster is in: what is looked at while building, or what is judged.

By a fixed hash of the set's name and the cluster's, so all rows of a cluster are in one half and
no later choice moves one. Rows that have no duplicate are clusters of one and go the same way.
"""

import hashlib

from bench.public.table import Table

DEVELOPMENT, EVALUATED = "development", "evaluated"
"""The halves; nothing of the second is looked at before the run that is reported."""


def half(name: str, cluster: str) -> str:
    """Return DEVELOPMENT or EVALUATED: where the first bit of a SHA-256 says."""
    first = hashlib.sha256(f"{name}/{cluster}".encode()).digest()[0]
    return DEVELOPMENT if first < 128 else EVALUATED


def halved(table: Table, wanted: str) -> Table:
    """Return the rows of *table* that are in the *wanted* half, in their order."""
    return table.taken(
        [place for place, each in enumerate(table.truth) if half(table.name, each) == wanted]
    )
