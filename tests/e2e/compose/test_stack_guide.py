"""Every command of docs/deploy.md, one after the other, in real containers."""

import os

import pytest

from tests.e2e.compose.installation import Installation
from tests.e2e.deploy import commands

SECONDS = 1800


@pytest.fixture
def installation(engine, override, tmp_path):
    if os.geteuid() != 0:
        pytest.skip("the guide gives folders to the containers' users, as root")
    one = Installation(engine, tmp_path, override)
    yield one
    one.remove()


def test_the_guide_leads_from_nothing_to_an_installation_that_was_restored(installation, tmp_path):
    instead = {
        "127.0.0.1:8000": f"127.0.0.1:{installation.port}",
        "127.0.0.1:5678": f"127.0.0.1:{installation.n8n_port}",
        commands.BACKUP_FOLDER: str(tmp_path / "backup"),
    }

    done = commands.run(installation.clone, installation.environ, instead, SECONDS)

    assert done.returncode == 0, done.stdout[-8000:]
    assert "1 erasures" not in done.stdout and "0 erasures made again" in done.stdout
