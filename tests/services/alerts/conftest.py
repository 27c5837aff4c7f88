"""Accounts with alerts, on the database of this run."""

import pytest

from shared.db import WORKER, Database
from shared.keyfile import keyring
from tests.services.alerts.alerting import Alerting


@pytest.fixture
def mine(database, gate, user_id):
    return Alerting(database, gate, user_id)


@pytest.fixture(scope="session")
def busy_worker_database(server, local_settings):
    """The worker's, with as many connections as a race needs to really overlap."""
    fingerprint = keyring(local_settings).fingerprint
    database = Database(server.conninfo(WORKER), fingerprint, most=12, role=WORKER)
    yield database
    database.close()
