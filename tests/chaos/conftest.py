"""Seeds and services of the storms."""

import os
import random

import pytest

from tests.chaos.running import running

REPORTS: list[str] = []
"""What the storms have to say at the end of the run."""


@pytest.fixture(scope="session")
def seed():
    """The seed of all that is random here: CHAOS_SEED, or a new one every time."""
    chosen = int(os.environ.get("CHAOS_SEED") or random.SystemRandom().randrange(10**6))
    REPORTS.insert(0, f"seed {chosen}; CHAOS_SEED={chosen} repeats it")
    return chosen


@pytest.fixture
def report(request):
    """Say something at the end of the run, whether or not the test passed."""
    return lambda line: REPORTS.append(f"{request.node.name}: {line}")


@pytest.fixture(scope="module")
def leadfly(tmp_path_factory):
    """A `leadfly run` of this module's own, as a person would start it."""
    with running(tmp_path_factory.mktemp("chaos") / "home") as run:
        yield run


def pytest_terminal_summary(terminalreporter):
    if REPORTS:
        terminalreporter.section("chaos")
        for line in REPORTS:
            terminalreporter.write_line(line)
