"""The worker: what is enqueued is done, once where that matters, whoever dies meanwhile."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import psycopg
import pytest

from leadfly import worker
from leadfly.worker import run_next
from shared import jobs
from shared.ids import uuid7
from shared.jobs import LEASE, MOST_TRIES

ROOT = Path(__file__).resolve().parents[2]

MAIL = "ada@example.org"

KILLED_AT_WORK = """
import time
from leadfly.worker import run_next
from shared import db, settings

def sleep(database, gate, job):
    print("at work", flush=True)
    time.sleep(60)

run_next(db.connect(settings.load(), role=db.WORKER), None, {"note": sleep})
"""


@pytest.fixture
def database(worker_database):
    """The worker's."""
    return worker_database


@pytest.fixture
def owner(owner_conninfo):
    """A claim takes whoever's job is due, so what other tests left must go."""
    with psycopg.connect(owner_conninfo, autocommit=True) as owner:
        owner.execute("DELETE FROM public.jobs")
        yield owner


@pytest.fixture
def enqueue(owner, database, user_id):
    """Enqueue a job about a new lead of this test's tenant; return the lead's id."""

    def enqueue(kind="note"):
        lead_id = uuid7()
        with database.transaction(user_id) as conn:
            names = {"tenant": user_id, "id": lead_id}
            conn.execute("INSERT INTO public.subjects VALUES (%(tenant)s, %(id)s, now())", names)
            conn.execute(
                "INSERT INTO public.leads (tenant_id, id, subject_id, source_id, fields, "
                "received_at, submitted_at) "
                "VALUES (%(tenant)s, %(id)s, %(id)s, 'test', '{}', now(), now())",
                names,
            )
            jobs.enqueue(conn, user_id, kind, lead_id)
        return lead_id

    return enqueue


@contextmanager
def process(home, *arguments):
    """Run Python on *arguments* with this *home*, and leave nothing of it behind."""
    running = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | {"LEADFLY_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


def left(owner, tenant_id):
    """Return tries, failure and whether it is dead of each job that is left."""
    return owner.execute(
        "SELECT tries, failure, dead_at IS NOT NULL FROM public.jobs WHERE tenant_id = %s",
        [tenant_id],
    ).fetchall()


def soon(claim, seconds=10):
    give_up = time.monotonic() + seconds
    while not claim() and time.monotonic() < give_up:
        time.sleep(0.05)
    return claim()


def test_a_job_is_done_and_gone(owner, database, gate, user_id, enqueue):
    done = []
    lead_id = enqueue()

    assert run_next(database, gate, {"note": lambda *given: done.append(given)})

    assert [(given[:2], given[2].lead_id) for given in done] == [((database, gate), lead_id)]
    assert left(owner, user_id) == []
    assert not run_next(database, gate, {})


def test_a_job_that_raises_is_left_with_the_type_of_its_error_alone(
    owner, database, gate, user_id, enqueue, caplog
):
    def fail(database, gate, job):
        raise LookupError(MAIL)

    enqueue()
    run_next(database, gate, {"note": fail})

    assert left(owner, user_id) == [(1, "builtins.LookupError", False)]
    assert "job failed" in caplog.messages


def test_a_job_of_a_kind_nobody_knows_is_kept_and_told(owner, database, gate, user_id, enqueue):
    enqueue("unheard-of")

    run_next(database, gate, {})

    assert left(owner, user_id) == [(1, "leadfly.worker.UnknownKind", False)]


def test_a_job_that_kills_its_workers_is_not_begun_again_for_ever(
    owner, database, gate, user_id, enqueue
):
    done = []
    enqueue()
    owner.execute("UPDATE public.jobs SET tries = %s", [MOST_TRIES])

    run_next(database, gate, {"note": lambda *given: done.append(given)})

    assert done == []
    assert left(owner, user_id) == [(MOST_TRIES + 1, "leadfly.worker.WornOut", True)]


def test_a_failing_job_keeps_no_other_from_its_turn(owner, database, gate, user_id, enqueue):
    done = []

    def fail_for_first(database, gate, job):
        if job.lead_id == first:
            raise RuntimeError
        done.append(job.lead_id)

    first, second, third = enqueue(), enqueue(), enqueue()
    worker.work(database, gate, {"note": fail_for_first}, lambda: len(done) == 2)

    assert done == [second, third]
    assert left(owner, user_id)[0][1:] == ("builtins.RuntimeError", False)


def test_two_workers_never_run_one_job_twice(database, gate, enqueue):
    wanted = [enqueue() for _ in range(60)]
    done = []
    kinds = {"note": lambda database, gate, job: done.append(job.lead_id)}

    with ThreadPoolExecutor(4) as threads:
        for one in [threads.submit(worker.work, database, gate, kinds, bool) for _ in "1234"]:
            one.result()

    assert sorted(done) == sorted(wanted)


def test_a_job_that_finishes_itself_has_its_effect_once_although_it_was_overtaken(
    owner, database, gate, user_id, enqueue
):
    """The slow worker is in the middle of its job when a quick one, its lease over, does it."""
    lead_id = enqueue()

    def rename(database, gate, job):
        with database.transaction(job.tenant_id) as conn:
            jobs.finish(conn, job)
            conn.execute(
                "UPDATE public.leads SET status = status || '+' WHERE tenant_id = %s AND id = %s",
                [job.tenant_id, job.lead_id],
            )

    def overtaken(database, gate, job):
        later = datetime.now(UTC) + LEASE
        assert run_next(database, gate, {"note": rename}, now=later)
        rename(database, gate, job)

    run_next(database, gate, {"note": overtaken})

    status = owner.execute("SELECT status FROM public.leads WHERE id = %s", [lead_id]).fetchone()
    assert status == ("new+",)
    assert left(owner, user_id) == []


def test_the_job_of_a_worker_killed_at_work_is_done_by_the_next_after_the_lease(
    owner, server, database, gate, user_id, enqueue
):
    done = []
    kinds = {"note": lambda database, gate, job: done.append(job.tries)}
    enqueue()

    with process(server.home, "-c", KILLED_AT_WORK) as killed:
        assert killed.stdout.readline() == "at work\n"
    assert not run_next(database, gate, kinds)
    run_next(database, gate, kinds, now=datetime.now(UTC) + LEASE)

    assert done == [2]
    assert left(owner, user_id) == []


def test_a_loop_that_raises_is_called_again_and_the_others_go_on():
    calls, stop = {"bad": 0, "good": 0}, Event()

    def bad(stopping):
        calls["bad"] += 1
        raise RuntimeError

    def good(stopping):
        calls["good"] += 1
        if calls["bad"] > 1:
            stop.set()

    worker.keep_calling([bad, good], stop.is_set)

    assert calls["bad"] > 1 and calls["good"] > 1


def test_a_loop_under_way_is_waited_for_when_a_stop_is_asked_for():
    ended = []

    def slow(stopping):
        time.sleep(0.3)
        ended.append(True)

    worker.keep_calling([slow], lambda: True)
    assert ended == []

    begun = Event()

    def begin(stopping):
        begun.set()
        slow(stopping)

    worker.keep_calling([begin], begun.is_set)
    assert ended == [True]


def test_the_process_runs_jobs_and_the_purge_and_stops_in_order_when_told(
    owner, server, user_id, enqueue
):
    enqueue("unheard-of")
    owner.execute("DELETE FROM public.schedules WHERE name = 'purge'")
    owner.execute(
        "INSERT INTO public.raw_bodies SELECT tenant_id, id, '', now() - interval '1 s' "
        "FROM public.leads WHERE tenant_id = %s",
        [user_id],
    )
    bodies = "SELECT FROM public.raw_bodies WHERE tenant_id = %s"

    with process(server.home, "-m", "leadfly", "worker") as running:
        assert soon(lambda: left(owner, user_id)[0][1] == "leadfly.worker.UnknownKind")
        assert soon(lambda: not owner.execute(bodies, [user_id]).fetchall())
        running.send_signal(signal.SIGTERM)
        said = running.communicate(timeout=10)[0]

    assert running.returncode == 0
    assert '"job failed"' in said and user_id not in said
    purge_due = owner.execute("SELECT due_at - now() FROM public.schedules WHERE name = 'purge'")
    assert purge_due.fetchone()[0] > timedelta(minutes=50), said


def test_the_process_waits_for_a_database_that_is_not_there_and_says_so_once(tmp_path):
    with process(tmp_path, "-m", "leadfly", "worker") as running:
        first = next(line for line in running.stdout if "trying again" in line)
        running.send_signal(signal.SIGTERM)
        said = running.communicate(timeout=15)[0]

    assert running.returncode == 0
    assert "shared.errors.Unavailable" in first and "frames" not in first
    assert "trying again" not in said
