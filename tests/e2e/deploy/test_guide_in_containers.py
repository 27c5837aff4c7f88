"""Every command of docs/deploy.md, one after the other, in real containers."""

import os

import pytest

from tests.chaos.running import free_port
from tests.e2e.deploy import commands, containers

SECONDS = 1800


@pytest.fixture
def installation(tmp_path):
    """A copy of this tree and the settings of a project of its own, which is removed."""
    if why := containers.missing():
        pytest.skip(f"the guide's containers need an engine and images: {why}")
    if os.geteuid() != 0:
        pytest.skip("the guide gives folders to the containers' users, as root")
    folder = containers.copied(tmp_path)
    settings = containers.environ(tmp_path, free_port(), free_port())
    yield folder, settings
    containers.removed(folder, settings)


def test_the_guide_leads_from_nothing_to_an_installation_that_was_restored(installation, tmp_path):
    folder, settings = installation
    instead = {
        "127.0.0.1:8000": f"127.0.0.1:{settings['PORT']}",
        "127.0.0.1:5678": f"127.0.0.1:{settings['N8N_PORT']}",
        commands.BACKUP_FOLDER: str(tmp_path / "backup"),
    }

    done = commands.run(folder, settings, instead, SECONDS)

    assert done.returncode == 0, done.stdout[-8000:]
    assert "1 erasures" not in done.stdout and "0 erasures made again" in done.stdout
