"""Leads kept in the database, or on the spool of one test while that is away."""

import time

import psycopg
import pytest

from leadfly.migrate import migrate
from services.dedup.admission import Keeping
from services.dedup.rekeying import Desk
from shared.db import Database
from shared.embedded import OWNER, Server
from shared.spool import Spool
from tests.services.dedup.arrivals import Dying, Silent, Stored, no_lists, with_database
from tests.services.dedup.rekeyings import Upgrade

DRY_RUN = "/webhook/leadfly/duplicate-prevention/check"


@pytest.fixture
def spool(tmp_path):
    spool = Spool(tmp_path / "spool")
    yield spool
    spool.close()


@pytest.fixture
def keeping(database, gate, spool):
    """All is well."""
    return Keeping(database, gate, spool, keeps_lists=no_lists)


@pytest.fixture(scope="session")
def nowhere(tmp_path_factory):
    """A database that nobody serves, and that is known to be away."""
    database = Database(f"host={tmp_path_factory.mktemp('nowhere')} dbname=none user=nobody")
    database.watch()
    give_up = time.monotonic() + 10
    while not database.away and time.monotonic() < give_up:
        time.sleep(0.01)
    yield database
    database.close()


@pytest.fixture
def away(keeping, nowhere):
    """The same host while its database is away."""
    return with_database(keeping, nowhere)


@pytest.fixture(params=[Silent, Dying], ids=["committed", "not committed"])
def doubtful(request, keeping, app_conninfo):
    """The same host while its database goes away in the middle of each decision."""
    going = request.param(app_conninfo, keeping.gate.keyring.fingerprint, most=2)
    yield with_database(keeping, going)
    going.close()


@pytest.fixture
def silent(keeping, app_conninfo):
    """The same host while its database decides and goes away before it can say so."""
    going = Silent(app_conninfo, keeping.gate.keyring.fingerprint, most=2)
    yield with_database(keeping, going)
    going.close()


@pytest.fixture
def owner(owner_conninfo):
    with psycopg.connect(owner_conninfo, autocommit=True) as conn:
        yield conn


@pytest.fixture
def explained(client, user_id):
    """Ask what a lead would be answered, and why; nothing is stored."""

    def explained(source_id="test-form", **lead):
        body = {"user_id": user_id, "source_id": source_id, "lead_data": lead}
        answer = client.post(DRY_RUN, json=body | {"options": {"explain": True}})
        assert answer.status_code == 200, answer.json
        return answer.json

    return explained


@pytest.fixture
def stored(owner, user_id):
    """What the database holds of this test's tenant."""
    return Stored(owner, user_id)


@pytest.fixture(scope="session")
def hurt_server(tmp_path_factory):
    """A PostgreSQL of its own, migrated, for tests that hurt it."""
    server = Server(tmp_path_factory.mktemp("hurt"))
    server.start()
    try:
        migrate(server.conninfo(OWNER))
        yield server
    finally:
        server.stop(hurry=True)


@pytest.fixture
def upgrade(owner, worker_database, gate, user_id):
    """An account that may have keys of before."""
    upgrade = Upgrade(owner, Desk(worker_database, gate, "US"), user_id)
    yield upgrade
    upgrade.leave_nothing_waiting()
