"""What was found before, by the same code on the same sets: a run that broke off goes on.

Only cluster numbers by row and what the method said of itself; nothing of the rows.
"""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from bench.public.found import Found

FOLDER = Path("bench/results/public")
"""Results of each version of the code, which is no part of the repository."""

CODE = ("services/dedup/tables", "services/dedup/clustering.py", "bench/public")
"""What a version is made of."""


class Kept:
    """Results of one version of the code."""

    def __init__(self, version: str, folder: Path = FOLDER, only: bool = False):
        """With *only*, nothing is found that was not found before."""
        self._folder, self._only = folder / version, only

    def found(self, name: str, method: tuple[str, bool], find: Callable[[], Found]) -> Found:
        """Return what *method* (title, labels) found on the set *name*, or have it found now."""
        slug = re.sub(r"[^a-z0-9]+", "-", f"{name} {method[0]} {method[1]}".lower())
        path = self._folder / f"{slug}.json"
        if path.exists():
            return Found(**json.loads(path.read_text(encoding="utf-8")))
        if self._only:
            return Found(*method, failure="not yet")
        found = find()
        if not found.failure:
            self._folder.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(asdict(found)), encoding="utf-8")
        return found


def version(code: Sequence[str] = CODE) -> str:
    """Return a short hash of the files of *code*."""
    hashed = hashlib.sha256()
    for each in map(Path, code):
        for path in sorted(each.rglob("*.py")) if each.is_dir() else [each]:
            hashed.update(path.read_bytes())
    return hashed.hexdigest()[:8]
