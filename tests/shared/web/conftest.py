"""An app of ours with a few routes, on a stand-in for the database."""

import logging
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from flask import Blueprint, after_this_request, request
from marshmallow import Schema, fields

from shared import errors, keys, web
from shared.api_key import SECRET
from shared.settings import load
from shared.validation import loaded
from shared.web.account import account

ERRORS = {
    kind.__name__: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, errors.ServiceError)
}


class FakeConnection:
    """Answers `keys.by_prefix` from a dict, the only statement that the web package sends."""

    def __init__(self, stored):
        self.stored = stored
        self.prefix = None

    def cursor(self, row_factory):
        return self

    def execute(self, statement, parameters):
        self.prefix = parameters["prefix"]

    def fetchone(self):
        return self.stored.get(self.prefix)


class FakeDatabase:
    def __init__(self):
        self.stored = {}
        self.state = (True, "ready")
        self.lookups = 0
        self.unreachable = False

    @contextmanager
    def lookup(self):
        self.lookups += 1
        if self.unreachable:
            raise errors.Unavailable
        yield FakeConnection(self.stored)

    def ready(self):
        return self.state


class LeadData(Schema):
    email = fields.String(required=True)


class Lead(Schema):
    lead_data = fields.Nested(LeadData, required=True)


def blueprint():
    routes = Blueprint("routes", __name__)

    @routes.post("/echo")
    def echo():
        return web.reply({"body": web.body()})

    @routes.post("/leads")
    def leads():
        data = web.body()
        tenant = web.caller(data.get("user_id"), scope="write:leads")
        return web.created({"tenant": tenant})

    @routes.post("/intake")
    def intake():
        web.admit(web.EVERYBODY)
        tenant = web.caller(web.body().get("user_id"), "write:leads", web.EVERYBODY)
        page = web.page_key()
        return web.reply(
            {"tenant": tenant, "page": page and page.source_id, "message": web.message_key()}
        )

    @routes.get("/asked")
    def asked():
        return web.reply({"tenant": account("read:leads")})

    @routes.post("/loaded")
    def by_schema():
        return web.reply({"lead": loaded(Lead(), web.body())})

    @routes.post("/fails/<kind>")
    def fails(kind):
        sent = request.get_data(as_text=True)
        if kind in ERRORS:
            raise ERRORS[kind]
        logging.getLogger("urllib3.connectionpool").debug("sent %s in %d ms", sent, 7)
        logging.getLogger("somebody").warning(f"cannot read {sent}")  # noqa: G004 - as some do
        try:
            raise KeyError(sent)
        except KeyError as error:
            logging.getLogger("somebody").exception("odd")
            raise ValueError(f"no good: {sent}") from error

    @routes.get("/late/<item>")
    def late(item):
        @after_this_request
        def fail(response):
            raise ValueError(item)

        return web.reply({"success": True})

    @routes.get("/items/<item>")
    def items(item):
        return web.reply({"success": True})

    return routes


@pytest.fixture
def database_stand_in():
    return FakeDatabase()


@pytest.fixture
def make_app(database_stand_in, tmp_path):
    """Return a maker of apps: `make_app(AUTH_MODE="keys")`."""
    handlers, level = list(logging.getLogger().handlers), logging.getLogger().level

    def make(operations=(), known=None, keyring=None, **environ):
        return web.app(
            "example",
            [blueprint()],
            load({"LEADFLY_HOME": str(tmp_path)} | environ),
            database_stand_in,
            operations=operations,
            known=known,
            keyring=keyring,
        )

    yield make
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)


@pytest.fixture
def client(make_app):
    """Local mode, called from this machine."""
    return make_app().test_client()


@pytest.fixture
def keys_client(make_app):
    return make_app(AUTH_MODE="keys").test_client()


@pytest.fixture
def issue(database_stand_in):
    """Return a maker of stored keys: `issue(tenant_id="acme")` gives the key's text."""

    def make(tenant_id="acme", scopes=keys.SCOPES, expires_at=None, revoked_at=None, **about):
        text, prefix, digest = keys.new_key(about.get("kind", SECRET))
        database_stand_in.stored[prefix] = keys.ApiKey(
            tenant_id,
            uuid4(),
            prefix,
            digest,
            frozenset(scopes),
            None,
            datetime.now(UTC),
            expires_at,
            revoked_at,
            **about,
        )
        return text

    return make
