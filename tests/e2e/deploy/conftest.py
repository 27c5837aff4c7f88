"""A PostgreSQL with its backups beside it."""

import pytest

from shared.embedded import Server
from tests.e2e.deploy.backups import Backups


@pytest.fixture
def server(tmp_path):
    """A PostgreSQL of the test's own, which may be lost."""
    server = Server(tmp_path / "db")
    server.start()
    yield server
    server.stop(hurry=True)


@pytest.fixture
def backups(tmp_path, server):
    """Its backups, on what stands for another disk; the log is kept from now on."""
    backups = Backups(tmp_path / "backup", server)
    backups.keep_log()
    yield backups
    backups.stop_log()
