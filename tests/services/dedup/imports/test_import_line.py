"""Stretches that are taken in side by side: who may begin behind whom."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from services.dedup.imports import asking, reading
from services.dedup.imports.reading_rows import read
from services.dedup.imports.taking import take
from services.dedup.policy_cache import PolicyCache
from shared.db import WORKER, Database
from shared.keyfile import keyring
from tests.services.dedup.imports.engine import Engine, lines

ADA = "Ada,Lovelace,ada@analytical.example,,,"
ALAN = "Alan,Turing,alan@bletchley.example,,,"

TERMS = "/api/v1/lead-discovery/terms"


@pytest.fixture(scope="module")
def databases(server, local_settings, database):
    print_ = keyring(local_settings).fingerprint
    one = Database(server.conninfo(WORKER), print_, most=1, role=WORKER)
    other = Database(server.conninfo(WORKER), print_, most=1, role=WORKER)
    yield SimpleNamespace(one=one, app=database, other=other)
    one.close()
    other.close()


@pytest.fixture
def engine(databases, gate, user_id):
    return Engine(databases, None, gate, user_id)


class Place:
    """A place in the line; *before* is done when it is told that all rows before are in."""

    def __init__(self, job, before=None):
        self.job, self.before, self.let_in_at = job, before, 0
        self.waits = before is not None

    def let_in(self):
        self.let_in_at += 1

    def turn(self):
        return self.before() if self.before else self.job


def importing(engine, text):
    """Return a confirmed import and what reads its rows."""
    job = engine.previewed(text)
    asking.confirm(engine.worker.app, engine.gate, engine.tenant, job.id, {}, datetime.now(UTC))
    job = engine.job(job.id)
    sheet = reading.opened(engine.worker.one, engine.gate, engine.tenant, job)
    columns, rows = reading.columns(sheet, job), list(sheet.rows())
    return job, lambda start, end: read(engine.gate, job, columns, rows[start:end])


def test_the_next_is_let_in_once_when_the_keys_are_held(engine):
    job, rows = importing(engine, lines(ADA, ALAN))
    place = Place(job)

    take(engine.worker.one, engine.gate, PolicyCache(), job, rows(0, 2), place)

    assert place.let_in_at == 1


def test_nobody_is_let_in_where_terms_count_what_came_before(engine, client, user_id):
    terms = {"user_id": user_id, "caps": [{"most": 1, "per": "day"}]}
    assert client.put(TERMS, json=terms).status_code == 200
    job, rows = importing(engine, lines(ADA, ALAN))
    place = Place(job)

    take(engine.worker.one, engine.gate, PolicyCache(), job, rows(0, 2), place)

    assert place.let_in_at == 0


def test_rows_taken_in_beside_those_before_them_are_noted_after_them(databases, engine):
    job, rows = importing(engine, lines(ADA, ALAN))
    first, second = rows(0, 1), rows(1, 2)

    def all_before():
        return take(databases.other, engine.gate, PolicyCache(), job, first)

    after = take(databases.one, engine.gate, PolicyCache(), job, second, Place(job, all_before))

    assert (after.done_until, after.imported.new) == (3, 2)
    assert engine.outcomes(after) == ["new", "new"]
