"""What tests of discovery share: a worker's workshop, and an account that uses it."""

import psycopg
import pytest

from leadfly.discovery_crew import workshop
from services.dedup.admission import Keeping
from shared.db import WORKER, Database
from shared.keyfile import keyring
from shared.outbound import Door
from shared.pages.fetcher import Fetcher
from shared.web.service import SPOOL
from tests.services.discovery.discovered import Account


@pytest.fixture(scope="session")
def discovery_database(server, local_settings):
    """As the worker's, with enough connections for sources side by side."""
    fingerprint = keyring(local_settings).fingerprint
    database = Database(server.conninfo(WORKER), fingerprint, most=6, role=WORKER)
    yield database
    database.close()


@pytest.fixture
def owner(owner_conninfo):
    """The database as the owner of the tables sees it."""
    with psycopg.connect(owner_conninfo, autocommit=True) as conn:
        yield conn


@pytest.fixture
def shop(app, local_settings, discovery_database, gate):
    fetcher = Fetcher(Door(frozenset()))
    keeping = Keeping(discovery_database, gate, app.extensions[SPOOL])
    yield workshop(local_settings, discovery_database, gate, keeping, fetcher)
    fetcher.close()


@pytest.fixture
def mine(app, user_id, shop):
    return Account(app, user_id, shop)
