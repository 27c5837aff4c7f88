"""What the tests share: a PostgreSQL of their own, and the apps on it."""

import os
from dataclasses import replace
from uuid import uuid4

import pytest

import leadfly.app
from leadfly.migrate import migrate
from shared import settings
from shared.db import WORKER, Database
from shared.embedded import Server
from shared.keyfile import keyring
from shared.privacy.gate import Gate
from shared.web.service import GATE, KEY_SNAPSHOT

# A developer's own database is never touched.
for name in ("DATABASE_URL", "MIGRATIONS_DATABASE_URL", "ERASER_DATABASE_URL"):
    os.environ.pop(name, None)


CONNECTIONS = 200
"""Pools live as long as a run, and keep what a race opened: together they hold more than an
installation does, depending on which tests a process happens to get."""


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """A PostgreSQL of this run's own, migrated."""
    server = Server(tmp_path_factory.mktemp("leadfly"), CONNECTIONS)
    server.start()
    try:
        migrate(server.conninfo("leadfly"))
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def owner_conninfo(server):
    """The role that owns the tables and bypasses isolation."""
    return server.conninfo("leadfly")


@pytest.fixture(scope="session")
def app_conninfo(server):
    """The role that services run as."""
    return server.conninfo("leadfly_app")


@pytest.fixture(scope="session")
def local_settings(server):
    """The settings of `make run` with nothing set."""
    return settings.load({"LEADFLY_HOME": str(server.home)})


@pytest.fixture(scope="session")
def app(local_settings):
    """All services in one app, in local mode."""
    app = leadfly.app.create_app(local_settings)
    yield app
    app.extensions["leadfly"].database.close()


@pytest.fixture(scope="session")
def database(app):
    return app.extensions["leadfly"].database


@pytest.fixture(scope="session")
def worker_database(server, local_settings):
    """The database as jobs, schedules and the purge see it."""
    fingerprint = keyring(local_settings).fingerprint
    database = Database(server.conninfo(WORKER), fingerprint, most=4, role=WORKER)
    yield database
    database.close()


@pytest.fixture(scope="session")
def gate(app) -> Gate:
    return app.extensions[GATE]


@pytest.fixture(scope="session")
def busy_database(app_conninfo, local_settings):
    """As many connections as a race needs to really overlap."""
    database = Database(app_conninfo, keyring(local_settings).fingerprint, most=20)
    yield database
    database.close()


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def keys_client(local_settings):
    """The same services where callers need an API key."""
    app = leadfly.app.create_app(replace(local_settings, auth_mode="keys"))
    yield app.test_client()
    app.extensions[KEY_SNAPSHOT].stop()
    app.extensions["leadfly"].database.close()


@pytest.fixture
def user_id():
    """A tenant of the test's own: tests share the database and never meet."""
    return f"tenant-{uuid4().hex}"


@pytest.fixture
def post(app, user_id):
    """Post one lead of this test's tenant and return the answer; safe to call from threads."""

    def post(expect=200, source_id="test-form", context=None, **lead):
        body = {"user_id": user_id, "source_id": source_id, "lead_data": lead}
        if context:
            body["context"] = context
        response = app.test_client().post("/webhook/leadfly/duplicate-prevention", json=body)
        assert response.status_code == expect, response.json
        return response.json

    return post
