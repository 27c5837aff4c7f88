"""Every Python block of docs/python.md runs, one after the other, on the real database."""

import os
import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs/python.md"


def blocks(text):
    return re.findall(r"^```python\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)


def run(program, home):
    """Run *program* as a script of somebody's own, on the installation in *home*."""
    environ = {"PATH": os.environ["PATH"], "LEADFLY_HOME": str(home), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_guides_blocks_run_in_their_order(server):
    program = "\n".join(blocks(GUIDE.read_text(encoding="utf-8")))
    told = dedent(
        """
        assert lead_ids == [lead_id]
        assert market["total_leads"] >= 1
        """
    )

    done = run(program + told, server.home)

    assert done.returncode == 0, done.stderr
    assert "{'email': 'give an email or a phone'}" in done.stdout
    assert "standard True False" in done.stdout


def test_every_class_of_the_documents_that_exists_is_shown_in_the_guide():
    import lead_discovery

    shown = GUIDE.read_text(encoding="utf-8")

    assert [name for name in lead_discovery.__all__ if name not in shown and name != "Pool"] == []
