"""docs/security.md names a test for each control; each of them is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

TEXT = (ROOT / "docs/security.md").read_text(encoding="utf-8")

TABLE = TEXT.partition("## Each control")[2].partition("\n## ")[0]

CONTROLS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TABLE.splitlines()
    if line.startswith("| ") and not line.startswith("| control")
]

NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def lost(text):
    """Return the tests that *text* names and that are nowhere."""
    return [
        f"{path}::{name}"
        for path, name in NAMED.findall(text)
        if not (ROOT / path).is_file()
        or not re.search(rf"^def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.M)
    ]


def test_there_is_a_table():
    assert len(CONTROLS) > 30


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control[0])
def test_every_control_names_one_test_that_is_there(control):
    assert len(control) == 3
    assert len(NAMED.findall(control[2])) == 1
    assert lost(control[2]) == []


def test_a_test_that_is_gone_would_be_noticed():
    assert lost("`tests/security/test_controls.py::test_nowhere`")
    assert lost("`tests/security/test_gone.py::test_there_is_a_table`")


def test_every_test_named_in_the_text_is_there():
    bare = set(re.findall(r"`(test_\w+)`", TEXT))
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))

    assert [name for name in bare if f"def {name}(" not in sources] == []
