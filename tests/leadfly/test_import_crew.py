"""Imports by the worker's processes: what they come to, and what a killed one leaves."""

import os
import signal
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace

import psycopg
import pytest

from leadfly import import_crew
from services.dedup.imports import asking, job_store, uploading
from services.dedup.imports.job import Options
from tests.services.dedup.imports.engine import Engine, Stored, lines

ROWS = 1_200


@pytest.fixture
def stored(owner_conninfo, user_id):
    with psycopg.connect(owner_conninfo, autocommit=True) as conn:
        yield Stored(conn, user_id)


@pytest.fixture
def put(database, gate, user_id):
    """Put a file there, have it previewed or imported, and tell how far it is."""
    return Put(database, gate, user_id)


class Put:
    def __init__(self, database, gate, user_id):
        self._all = database, gate, user_id
        self.id = None

    def file(self, text):
        database, gate, user_id = self._all
        ordered = (Options("import", "US"), "crm.csv")
        now = datetime.now(UTC)
        job, _ = uploading.take(database, gate, user_id, ordered, [text.encode()], "local", now)
        self.id = job.id

    def asked(self, ask, *said):
        ask(*self._all, self.id, *said, datetime.now(UTC))

    @property
    def job(self):
        database, _, user_id = self._all
        with database.transaction(user_id) as conn:
            return job_store.one(conn, user_id, self.id)


def people(count):
    return lines(*(f"Pat{n},Doe{n},pat{n}@firm{n}.example,,Firm {n} Ltd," for n in range(count)))


@contextmanager
def following(settings, database):
    """Let the worker's loop go on meanwhile."""
    over = threading.Event()
    thread = threading.Thread(
        target=import_crew.follow, args=(settings, database, over.is_set), daemon=True
    )
    thread.start()
    try:
        yield thread
    finally:
        over.set()
        thread.join(30)


def until(true, seconds=60.0):
    give_up = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up, "it did not come to that"
        time.sleep(0.02)


def noted(engine, job):
    return [(row.number, row.outcome, row.differing) for row in engine.rows(job)]


def spawned():
    """Return the processes that this one's imports run in."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                command = file.read()
            with open(f"/proc/{name}/stat") as file:
                parent = int(file.read().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if b"spawn_main" in command and parent == os.getpid():
            found.append(int(name))
    return found


def test_processes_of_its_own_preview_import_and_undo_a_file(
    put, stored, local_settings, worker_database
):
    put.file(people(250))
    for ask, said, status in (
        (asking.preview, (), "previewed"),
        (asking.confirm, ({},), "done"),
        (asking.undo, (False,), "undone"),
    ):
        put.asked(ask, *said)
        import_crew.follow(local_settings, worker_database, lambda: False)
        assert put.job.status == status, put.job.failure
    assert (put.job.imported.new, put.job.undone, stored.count()) == (250, 250, 0)


def test_rows_taken_in_side_by_side_come_to_what_they_come_to_one_after_another(
    put, stored, local_settings, worker_database, gate, user_id
):
    rows = 400
    text = people(rows).splitlines()
    for place in range(9, rows, 9):  # somebody of a row above, near or far, with something new
        above = (place * 7) % place if place % 2 else max(1, place - 60)
        first, last, mail, *_ = text[above].split(",")
        text[place] = f"{first.upper()},{last},{mail},+1 212 555 0{place:03},,Town {place}"
    one = Engine(SimpleNamespace(one=worker_database, app=worker_database), None, gate, user_id)
    put.file("\n".join(text) + "\n")
    put.asked(asking.preview)
    import_crew.follow(local_settings, worker_database, lambda: False)
    previewed = [row[:2] for row in noted(one, put.job)]
    put.asked(asking.confirm, {})
    import_crew.follow(local_settings, worker_database, lambda: False)

    assert put.job.status == "done", put.job.failure
    assert [row[:2] for row in noted(one, put.job)] == previewed
    assert put.job.imported == put.job.previewed
    assert put.job.imported.update > 20


def test_a_killed_import_goes_on_where_it_was_and_takes_no_row_twice(
    put, stored, local_settings, worker_database
):
    put.file(people(ROWS))
    put.asked(asking.preview)
    import_crew.follow(local_settings, worker_database, lambda: False)
    put.asked(asking.confirm, {})
    with following(local_settings, worker_database):
        for share in (0.2, 0.5):
            until(lambda share=share: put.job.imported.rows > share * ROWS)
            killed = spawned()
            for process in killed:
                os.kill(process, signal.SIGKILL)
            assert killed
            job, leads = put.job, stored.count()
            assert leads >= job.imported.rows - 100
        until(lambda: put.job.status == "done")

    assert put.job.imported.new == ROWS
    for table in ("public.leads", "public.subjects", "dedup.records", "dedup.import_rows"):
        assert stored.count(table) == ROWS, table


def test_a_cancelled_import_stops_within_a_second(put, stored, local_settings, worker_database):
    put.file(people(ROWS))
    put.asked(asking.preview)
    import_crew.follow(local_settings, worker_database, lambda: False)
    put.asked(asking.confirm, {})
    with following(local_settings, worker_database) as loop:
        until(lambda: put.job.imported.rows > 0)
        put.asked(asking.cancel)
        rows = put.job.imported.rows
        loop.join(20)

    assert put.job.status == "cancelled"
    assert rows == put.job.imported.rows == stored.count() < ROWS
