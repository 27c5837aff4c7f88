"""The leads as a table for other libraries, and their scores back; no product code in here.

The phone is E.164 as the product reads it and a name comes in parts, so that no peer is worse off
for what its documentation leaves to the user.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

COLUMNS = (
    "email",
    "local",
    "domain",
    "phone",
    "first_name",
    "last_name",
    "company",
    "street",
    "city",
    "postal_code",
    "country",
    "date_of_birth",
)
"""Lower-cased text, or None where the lead is silent; beside them `unique_id` and `person`."""


def read(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a table; `unique_id` is the position, `person` the truth (for labels)."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write(
    out: Path, title: str, version: str, threshold: float, pairs: Iterable[tuple[int, int, float]]
) -> None:
    """Write the best score of every lead with any earlier one, from *pairs* of ids in any order."""
    best: dict[int, tuple[float, int]] = {}
    for a, b, score in pairs:
        earlier, later = sorted((int(a), int(b)))
        best[later] = max(best.get(later, (0.0, -1)), (float(score), earlier))
    found = {"title": title, "version": version, "threshold": threshold, "best": best}
    out.write_text(json.dumps(found), encoding="utf-8")
