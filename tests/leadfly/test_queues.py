"""Which jobs a thread takes, and what a job may say about its next try."""

from datetime import timedelta

import psycopg
import pytest

from leadfly.queues import Queue
from leadfly.worker import run_next
from shared import jobs
from shared.ids import uuid7
from shared.jobs import MOST_TRIES, Later


@pytest.fixture
def owner(owner_conninfo):
    """A claim takes whoever's job is due, so what other tests left must go."""
    with psycopg.connect(owner_conninfo, autocommit=True) as owner:
        owner.execute("DELETE FROM public.jobs")
        yield owner


@pytest.fixture
def enqueue(owner, worker_database, user_id):
    """Enqueue a job of a kind about a new lead of a tenant."""

    def enqueue(kind="note", tenant_id=user_id):
        names = {"tenant": tenant_id, "id": uuid7()}
        with worker_database.transaction(tenant_id) as conn:
            conn.execute("INSERT INTO public.subjects VALUES (%(tenant)s, %(id)s, now())", names)
            conn.execute(
                "INSERT INTO public.leads (tenant_id, id, subject_id, source_id, fields, "
                "received_at, submitted_at) "
                "VALUES (%(tenant)s, %(id)s, %(id)s, 'test', '{}', now(), now())",
                names,
            )
            jobs.enqueue(conn, tenant_id, kind, names["id"])

    return enqueue


def due(owner, tenant_id):
    """Return tries, seconds until it is due and whether it is dead, of the one job there is."""
    return owner.execute(
        "SELECT tries, extract(epoch FROM due_at - now())::float, dead_at IS NOT NULL "
        "FROM public.jobs WHERE tenant_id = %s",
        [tenant_id],
    ).fetchone()


def test_a_queue_of_one_kind_takes_no_other(enqueue, worker_database):
    enqueue("note")
    enqueue("call")

    assert [job.kind for job in Queue(kind="call").claim(worker_database)] == ["call"]
    assert Queue(kind="call").claim(worker_database) == []


def test_a_queue_without_a_kind_takes_all_others(enqueue, worker_database):
    enqueue("call")
    enqueue("note")
    queue = Queue(without=("call",))

    assert [job.kind for job in queue.claim(worker_database)] == ["note"]
    assert queue.claim(worker_database) == []


def test_a_tenant_with_enough_under_way_is_passed_over_for_others(
    enqueue, worker_database, user_id
):
    for _ in range(3):
        enqueue()
    enqueue(tenant_id=f"{user_id}-other")
    queue = Queue(most=2)

    taken = [job.tenant_id for _ in range(4) for job in queue.claim(worker_database)]

    assert taken == [user_id, user_id, f"{user_id}-other"]


def test_after_nothing_was_due_nobody_asks_until_it_has_rested_or_a_job_is_done(
    enqueue, worker_database
):
    queue = Queue(rest=60)
    enqueue()
    (job,) = queue.claim(worker_database)
    assert queue.claim(worker_database) == []
    enqueue()

    assert queue.claim(worker_database) == []
    queue.done(job)
    assert len(queue.claim(worker_database)) == 1


def test_a_claim_that_fails_leaves_no_trace_in_the_count(owner, enqueue, worker_database, gate):
    class Away:
        def lookup(self):
            raise RuntimeError

    enqueue()
    queue = Queue(most=1)

    with pytest.raises(RuntimeError):
        queue.claim(Away())

    assert len(queue.claim(worker_database)) == 1


def test_a_job_that_raises_gives_its_place_back(enqueue, worker_database, gate):
    def fail(database, gate, job):
        raise LookupError

    enqueue()
    enqueue()
    queue = Queue(most=1)

    for _ in range(2):
        assert run_next(worker_database, gate, {"note": fail}, queue=queue)


def test_a_job_may_say_itself_how_long_to_wait(enqueue, worker_database, gate, owner, user_id):
    def later(database, gate, job):
        raise Later(timedelta(hours=5))

    enqueue()
    run_next(worker_database, gate, {"note": later})

    tries, seconds, dead = due(owner, user_id)
    assert (tries, dead) == (1, False)
    assert 17_990 < seconds <= 18_000


def test_a_job_that_is_put_off_never_dies_of_it(enqueue, worker_database, gate, owner, user_id):
    def spared(database, gate, job):
        raise Later(timedelta(0), counts=False)

    enqueue()
    for _ in range(MOST_TRIES + 3):
        assert run_next(worker_database, gate, {"note": spared})

    tries, _, dead = due(owner, user_id)
    assert (tries, dead) == (0, False)


def test_a_job_that_waits_as_it_says_dies_after_as_many_tries(
    enqueue, worker_database, gate, owner, user_id
):
    def later(database, gate, job):
        raise Later(timedelta(0))

    enqueue()
    for _ in range(MOST_TRIES):
        run_next(worker_database, gate, {"note": later})

    assert due(owner, user_id)[2]
    assert not run_next(worker_database, gate, {"note": later})
