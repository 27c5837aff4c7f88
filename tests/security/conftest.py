"""The services as strangers meet them: behind API keys, with two accounts in them."""

from dataclasses import replace

import psycopg
import pytest

import leadfly.app
from bench.proxied import Gunicorn
from shared.web.service import KEY_SNAPSHOT
from tests.security.tenants import Tenant


@pytest.fixture(scope="session")
def guarded_app(local_settings):
    """All services in one app that asks for API keys."""
    app = leadfly.app.create_app(replace(local_settings, auth_mode="keys"))
    yield app
    app.extensions[KEY_SNAPSHOT].stop()
    app.extensions["leadfly"].database.close()


@pytest.fixture
def guarded(guarded_app):
    return guarded_app.test_client()


@pytest.fixture(scope="module")
def ours(guarded_app, database):
    """The account that is tried."""
    return Tenant(guarded_app.test_client(), database).own_everything()


@pytest.fixture(scope="module")
def theirs(guarded_app, database):
    """The account that must not be reached."""
    return Tenant(guarded_app.test_client(), database).own_everything()


@pytest.fixture(scope="session")
def owner(owner_conninfo):
    """A connection that row-level security does not bind."""
    with psycopg.connect(owner_conninfo, autocommit=True) as conn:
        yield conn


@pytest.fixture(scope="session")
def gunicorn(server, tmp_path_factory):
    """The services as the image serves them."""
    served = Gunicorn(server.home, tmp_path_factory.mktemp("gunicorn") / "log")
    yield served
    served.stop()
