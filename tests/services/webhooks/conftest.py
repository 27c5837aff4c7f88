"""What the tests of webhooks share: an app that may reach this machine, a sink, a worker."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import psycopg
import pytest

import leadfly.app
from leadfly.queues import Queue
from leadfly.worker import run_next
from services.webhooks.delivery import deliver
from services.webhooks.fan_out import DELIVER, fan_out
from services.webhooks.openapi import PATH
from shared.destination import hosts
from shared.outbound import Door
from tests.services.webhooks.sink import Sink


@pytest.fixture(scope="session")
def hooks_app(local_settings):
    """All services where this machine is a private host that may be reached."""
    allowed = replace(local_settings, allowed_private_hosts=hosts("127.0.0.1"))
    app = leadfly.app.create_app(allowed)
    yield app
    app.extensions["leadfly"].database.close()


@pytest.fixture
def sink():
    """A receiver of this test's own."""
    sink = Sink()
    yield sink
    sink.close()


@pytest.fixture
def owner(owner_conninfo):
    """A claim takes whoever's job is due, so what other tests left must go."""
    with psycopg.connect(owner_conninfo, autocommit=True) as owner:
        owner.execute("DELETE FROM public.jobs")
        owner.execute("DELETE FROM webhooks.endpoints")
        yield owner


@pytest.fixture
def ask(hooks_app, user_id):
    """Call a route of webhooks for this test's account; return the answer."""

    def ask(method, path="", expect=200, query=(), user_id=user_id, **body):
        sent = {"json": body} if method in ("PUT", "POST") else {}
        query = {"user_id": user_id, **dict(query)}
        response = hooks_app.test_client().open(
            f"{PATH}{path}", method=method, query_string=query, **sent
        )
        assert response.status_code == expect, response.json
        return response.json

    return ask


@pytest.fixture
def registered(ask, sink):
    """Register the sink under a path of its own; return the endpoint."""

    def registered(path="/hook", events=("lead.created",), **more):
        body = {"url": sink.url(path), "events": list(events), **more}
        return ask("POST", expect=201, **body)["webhook"]

    return registered


@pytest.fixture
def rounds(owner, worker_database, gate):
    """Hand over what happened and run what is due, as the worker does, at any time one likes."""

    def rounds(later=timedelta(0), most=1000, door=None, queue=None):
        fan_out(worker_database, lambda: False)
        kinds = {DELIVER: partial(deliver, door or Door(hosts("127.0.0.1")), clock=clock(later))}
        queue = queue or Queue(kind=DELIVER, most=4)
        ran = 0
        now = datetime.now(UTC) + later if later else None
        while ran < most and run_next(worker_database, gate, kinds, now, queue):
            ran += 1
        return ran

    return rounds


def clock(later):
    return lambda: datetime.now(UTC) + later
