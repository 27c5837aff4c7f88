"""An import that failed on its way goes on where it was."""

from datetime import UTC, datetime
from types import SimpleNamespace

import psycopg
import pytest

from services.dedup.imports import asking, running
from services.dedup.imports.taking import take
from shared.db import ERASER, WORKER, Database
from shared.errors import Conflict, Unavailable
from shared.keyfile import keyring
from tests.services.dedup.imports.engine import Engine, Stored, lines

PEOPLE = [f"Pat{n},Doe{n},pat{n}@firm{n}.example,,Firm {n} Ltd," for n in range(5)]


@pytest.fixture(scope="module")
def databases(server, local_settings, database):
    print_ = keyring(local_settings).fingerprint
    one = Database(server.conninfo(WORKER), print_, most=1, role=WORKER)
    eraser = Database(server.conninfo(ERASER), print_, most=1, role=ERASER)
    yield SimpleNamespace(one=one, app=database, eraser=eraser)
    one.close()
    eraser.close()


@pytest.fixture
def engine(databases, gate, user_id):
    return Engine(databases, databases.eraser, gate, user_id)


@pytest.fixture
def stored(owner_conninfo, user_id):
    with psycopg.connect(owner_conninfo, autocommit=True) as conn:
        yield Stored(conn, user_id)


def failed(engine, rows):
    """Return an import of PEOPLE that failed below so many rows."""
    job = engine.previewed(lines(*PEOPLE))
    asking.confirm(engine.worker.app, engine.gate, engine.tenant, job.id, {}, datetime.now(UTC))

    def take_some(job, columns, stretches):
        for some in stretches:
            some = running.read(engine.gate, job, columns, some[:rows])
            job = take(engine.worker.one, engine.gate, running.PolicyCache(), job, some)
        raise RuntimeError("a fault of ours")

    running.run(engine.worker.one, engine.gate, engine.job(job.id), take_some, engine.erase)
    return engine.job(job.id)


def confirm(engine, job):
    return asking.confirm(
        engine.worker.app, engine.gate, engine.tenant, job.id, {}, datetime.now(UTC)
    )


def test_a_failed_import_goes_on_below_the_last_row_that_is_in(engine, stored):
    job = failed(engine, rows=2)
    assert (job.status, job.imported.rows, job.resumable) == ("failed", 2, True)

    confirm(engine, job)
    job = engine.run(job.id)

    assert (job.status, job.imported.new, job.failure) == ("done", 5, None)
    assert stored.count() == stored.count("public.subjects") == 5


def test_rows_of_an_import_that_goes_on_are_read_as_of_when_it_began(engine):
    job = failed(engine, rows=2)

    assert confirm(engine, job).started_at == job.started_at


def test_an_undoing_that_failed_does_not_go_on_as_an_import(engine):
    job = engine.imported(lines(*PEOPLE))
    asking.undo(engine.worker.app, engine.gate, engine.tenant, job.id, False, datetime.now(UTC))
    running.fail(engine.worker.one, engine.job(job.id), "its process died")

    job = engine.job(job.id)

    assert (job.status, job.resumable) == ("failed", False)
    with pytest.raises(Conflict):
        confirm(engine, job)


def test_an_undoing_that_failed_half_way_does_not_go_on_as_an_import(engine):
    job = engine.imported(lines(*PEOPLE))

    def erase_and_fail(tenant_id, lead_ids, beside):
        engine.erase(tenant_id, lead_ids, beside)
        raise Unavailable

    asking.undo(engine.worker.app, engine.gate, engine.tenant, job.id, False, datetime.now(UTC))
    with pytest.raises(Unavailable):
        running.run(engine.worker.one, engine.gate, engine.job(job.id), None, erase_and_fail)
    running.fail(engine.worker.one, engine.job(job.id), "its process died")

    assert engine.job(job.id).undone == 5
    assert not engine.job(job.id).resumable


def test_what_is_not_previewed_says_what_to_do_first(engine):
    job = engine.put(lines(*PEOPLE))

    with pytest.raises(Conflict, match="uploaded does not allow that: preview it first"):
        confirm(engine, job)
