"""The commands of docs/deploy.md, in their order, as one shell runs them."""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.chaos.running import ROOT

GUIDE = ROOT / "docs/deploy.md"

BACKUP_FOLDER = "/srv/leadfly-backup"
"""Where the guide puts backups; a test has a folder of its own."""


def blocks(guide: str) -> list[str]:
    """Return the blocks of *guide* that are to be run; others show what they contain."""
    return re.findall(r"^```sh\n(.*?)^```$", guide, flags=re.DOTALL | re.MULTILINE)


def commands(guide: str) -> list[str]:
    """Return every command, continued lines joined."""
    text = "".join(blocks(guide)).replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip()]


def script(guide: str, instead: Mapping[str, str]) -> str:
    """Return all of it as a script that stops at the first failure; *instead* replaces texts."""
    text = "\n".join(commands(guide))
    for shown, used in instead.items():
        text = text.replace(shown, used)
    return f"set -euxo pipefail\n{text}\n"


def run(
    folder: Path,
    environ: Mapping[str, str],
    instead: Mapping[str, str],
    seconds: float,
    guide: str | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run every command of the guide in *folder*, a copy of this tree; return what became of it.

    *environ* goes on top of ours: PATH with a `docker` that knows `compose`, COMPOSE_FILE, PORT …
    """
    return subprocess.run(
        ["bash", "-c", script(guide or GUIDE.read_text(encoding="utf-8"), instead)],
        cwd=folder,
        env=os.environ | environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=seconds,
    )
