"""Nothing that anyone sends is ever logged: not at DEBUG, not in a traceback, not by PostgreSQL.

An installation of its own is sent the canary through every route, well and badly formed, while
its database works and while it is away; then each log is searched for every spelling of it.
"""

import json
import logging
import re
import time
from types import SimpleNamespace
from urllib.parse import quote, urlencode

import psycopg
import pytest

from leadfly import worker
from shared import jobs, keys, web
from shared.settings import load
from shared.web import logs
from tests.security.canary import ALL, MARK, NEEDLES, VALUES, hits, spellings
from tests.security.installation import LEAD, Installation


@pytest.fixture(scope="module")
def after(tmp_path_factory):
    """An installation that was sent everything."""
    installation = Installation(tmp_path_factory.mktemp("canary"))
    try:
        installation.send_everything()
        installation.send_what_is_no_request()
        installation.use_the_commands()
        installation.server.stop(hurry=True)
        time.sleep(1)
        installation.send_everything(most=2)
        installation.use_the_commands()
        installation.server.start()
        installation.start_worker()
        installation.wait_until_stored()
        yield installation
    finally:
        installation.stop()


# Of an installation ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["services.log", "worker.log", "commands.log", "postgres.log"], ids=str
)
def test_no_log_says_anything_that_was_sent(after, name):
    log = after.logs()[name]

    assert hits(log) == [], [line for line in log.splitlines() if hits(line)][:3]


def test_no_log_says_a_key(after):
    for name, log in after.logs().items():
        for text in (after.key, after.address):
            assert text[-43:] not in log, name
            assert text[-43:].lower() not in log.lower(), name


def test_what_was_sent_came_through_and_was_logged(after):
    """Else the tests above would prove nothing."""
    said = after.logs()

    assert {200, 400, 401, 404, 413, 415, 503} <= set(after.statuses)
    assert said["services.log"].count('"message":"request"') >= len(after.statuses)
    assert '"level":"DEBUG"' in said["services.log"]
    assert '"level":"DEBUG"' in said["worker.log"]
    assert "DEBUG" in said["postgres.log"]
    assert "insert into public.leads" in said["postgres.log"].lower()
    assert after.statuses.count(200) > 10
    assert '"route":"/in/<token>","status":200' in said["services.log"]
    assert re.search("check ended with 0", said["commands.log"])


# Of what nobody foresaw --------------------------------------------------------------------------


class Faulty:
    """A database whose faults quote what was sent, as PostgreSQL's do."""

    def transaction(self, tenant_id, *_, **__):
        try:
            raise psycopg.errors.UniqueViolation(f"Key (email)=({VALUES['email']}) exists")
        except psycopg.Error as error:
            raise RuntimeError(f"{LEAD} of {tenant_id}: {error}") from error

    def lookup(self):
        return self.transaction(VALUES["account"])

    def ready(self):
        return self.transaction(VALUES["account"])


@pytest.fixture
def everything_logged():
    before = list(logging.getLogger().handlers), logging.getLogger().level
    yield lambda: logs.configure("example", logging.DEBUG)
    logging.getLogger().handlers[:], level = before
    logging.getLogger().setLevel(level)


def test_a_traceback_says_nothing_that_was_sent(everything_logged, capsys):
    app = web.app("example", (), load({"AUTH_MODE": "keys"}), Faulty())
    everything_logged()
    client = app.test_client()

    for path in ("/readyz", f"/metrics?{urlencode(VALUES)}", f"/{quote(MARK)}"):
        client.get(path, headers={"X-API-Key": keys.new_key()[0]})

    said = capsys.readouterr().err
    assert "RuntimeError" in said
    assert "UniqueViolation" in said
    assert hits(said) == []


def test_a_job_that_fails_says_nothing_of_its_lead(
    everything_logged, capsys, database, worker_database, user_id, post
):
    lead_id = post(**LEAD)["lead_id"]
    with database.transaction(user_id) as conn:
        jobs.enqueue(conn, user_id, "canary", lead_id)
    everything_logged()

    while worker.run_next(worker_database, SimpleNamespace(), {"canary": failing}):
        pass

    said = capsys.readouterr().err
    assert "job failed" in said
    assert hits(said) == []


def failing(*_):
    raise RuntimeError(f"{LEAD}")


# Of the search -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NEEDLES)
def test_every_spelling_of_the_canary_is_found(name):
    for spelt in spellings(NEEDLES[name]):
        assert name in hits(f"2026 INFO {spelt.upper() if spelt.isascii() else spelt} …") or any(
            ALL[other] != name and other in spelt.lower() for other in ALL
        )


@pytest.mark.parametrize("name", ["services.log", "worker.log", "commands.log", "postgres.log"])
def test_one_planted_line_is_found(after, name):
    log = after.logs()[name] + f'{{"message":"saved {json.dumps(VALUES["last name"])}"}}\n'

    assert hits(log) == ["last name", "mark"]
