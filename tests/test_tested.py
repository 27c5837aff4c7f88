"""`.ci/tested`: who failed is asked once more, and what is broken still fails the run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTED = Path(__file__).resolve().parents[1] / ".ci/tested"

STEADY = "def test_steady():\n    assert True\n"
BROKEN = "def test_broken_{number}():\n    assert False\n"
UNSTEADY = """
from pathlib import Path

def test_unsteady():
    before = Path("seen")
    if not before.exists():
        before.touch()
        assert False
"""


@pytest.fixture
def outcome(tmp_path):
    def outcome(*tests):
        (tmp_path / "test_some.py").write_text("\n".join(tests))
        (tmp_path / "pytest").write_text(f"#!/bin/sh\nexec {sys.executable} -m pytest -q $@\n")
        (tmp_path / "pytest").chmod(0o700)
        (tmp_path / "pytest.ini").write_text("[pytest]\n")
        ours = {name: text for name, text in os.environ.items() if "PYTEST" not in name}
        command = [str(TESTED), "./pytest"]
        return subprocess.run(command, cwd=tmp_path, env=ours, capture_output=True, text=True)

    return outcome


def test_what_passes_is_run_once(outcome):
    done = outcome(STEADY)

    assert done.returncode == 0
    assert done.stdout.count("passed") == 1


def test_what_passes_alone_passes_and_is_named(outcome):
    done = outcome(STEADY, UNSTEADY)

    assert done.returncode == 0
    assert "test_some.py::test_unsteady" in done.stderr


def test_what_is_broken_fails_twice(outcome):
    done = outcome(STEADY, BROKEN.format(number=1))

    assert done.returncode == 1
    assert done.stdout.count("1 failed") == 2


def test_many_that_fail_are_not_asked_again(outcome):
    done = outcome(*[BROKEN.format(number=number) for number in range(4)])

    assert done.returncode == 1
    assert "4 tests failed" in done.stderr


def test_what_cannot_be_read_fails_at_once(outcome):
    done = outcome("def test_(:")

    assert done.returncode == 2
    assert "asked once more" not in done.stderr
