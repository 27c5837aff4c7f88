"""The queue: enqueued with the decision, one worker at a time, never lost, never in the way."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadfly.migrate import migrate
from shared import jobs
from shared.db import WORKER, Database
from shared.ids import uuid7
from shared.jobs import FIRST_PAUSE, LEASE, LONGEST_PAUSE, MOST_TRIES, Overtaken

NOW = datetime.now(UTC)
LATER = NOW + timedelta(hours=1)
NEXT_DAY = NOW + timedelta(days=1)


@pytest.fixture
def database(worker_database):
    """What works off the queue is the worker's."""
    return worker_database


@pytest.fixture(scope="module")
def busy_database(server):
    """The same, with as many connections as a race needs."""
    with closing(Database(server.conninfo(WORKER), most=20, role=WORKER)) as database:
        yield database


@pytest.fixture(autouse=True)
def nobody_elses_jobs(owner_conninfo):
    """A claim takes whoever's job is due, so what other tests left must go."""
    with psycopg.connect(owner_conninfo) as owner:
        owner.execute("DELETE FROM public.jobs")


def stored_lead(database, tenant_id):
    """Store a lead and return its id."""
    lead_id = uuid7()
    with database.transaction(tenant_id) as conn:
        names = {"tenant": tenant_id, "id": lead_id}
        conn.execute("INSERT INTO public.subjects VALUES (%(tenant)s, %(id)s, now())", names)
        conn.execute(
            "INSERT INTO public.leads (tenant_id, id, subject_id, source_id, fields, received_at, "
            "submitted_at) VALUES (%(tenant)s, %(id)s, %(id)s, 'test', '{}', now(), now())",
            names,
        )
    return lead_id


@pytest.fixture
def lead_id(database, user_id):
    return stored_lead(database, user_id)


def enqueued(database, tenant_id, lead_id, **more):
    with database.transaction(tenant_id) as conn:
        jobs.enqueue(conn, tenant_id, "recheck", lead_id, **more)


def claimed(database, **more):
    with database.lookup() as conn:
        return jobs.claim(conn, **more)


def failed(database, job, now=NOW):
    with database.transaction(job.tenant_id) as conn:
        jobs.fail(conn, job, "builtins.ValueError", now)


def dead(database, tenant_id):
    with database.transaction(tenant_id) as conn:
        return jobs.dead(conn, tenant_id)


def killed_by_failures(database):
    """Claim and fail the one job there is until it is a dead letter; return the claims."""
    now, claims = datetime.now(UTC), []
    while job := claimed(database, now=now):
        claims += job
        failed(database, job[0], now)
        now += LONGEST_PAUSE
    return claims


def test_a_job_is_claimed_as_it_was_enqueued(database, user_id, lead_id):
    decision = uuid7()
    enqueued(database, user_id, lead_id, arguments={"decision_id": decision})

    (job,) = claimed(database)

    assert (job.tenant_id, job.kind, job.lead_id, job.tries) == (user_id, "recheck", lead_id, 1)
    assert job.arguments == {"decision_id": str(decision)}


def test_a_job_about_no_lead_is_done_as_any_other(database, user_id, lead_id):
    enqueued(database, user_id, None, arguments={"reference": "7"})

    (job,) = claimed(database)

    assert (job.lead_id, job.arguments) == (None, {"reference": "7"})
    failed(database, job)
    (again,) = claimed(database, now=NEXT_DAY)
    with database.transaction(user_id) as conn:
        jobs.finish(conn, again)
    assert claimed(database, now=NEXT_DAY) == []


def test_a_transaction_that_is_undone_enqueues_nothing(database, user_id, lead_id):
    with pytest.raises(RuntimeError), database.transaction(user_id) as conn:
        jobs.enqueue(conn, user_id, "recheck", lead_id)
        raise RuntimeError

    assert claimed(database, now=NEXT_DAY) == []


def test_a_job_is_not_due_before_its_time(database, user_id, lead_id):
    enqueued(database, user_id, lead_id, due_at=NEXT_DAY)

    assert claimed(database) == []
    assert len(claimed(database, now=NEXT_DAY)) == 1


def test_the_longest_due_comes_first(database, user_id, lead_id):
    for minutes in (1, 3, 2):
        due_at = NOW - timedelta(minutes=minutes)
        enqueued(database, user_id, lead_id, arguments={"minutes": minutes}, due_at=due_at)

    order = [claimed(database)[0].arguments["minutes"] for _ in range(3)]

    assert order == [3, 2, 1]


def test_a_claim_reads_few_jobs_however_many_are_due(server, user_id):
    with psycopg.connect(server.conninfo("leadfly")) as conn:
        conn.execute(
            "INSERT INTO public.jobs (tenant_id, id, kind, arguments, due_at) SELECT %(tenant)s, "
            "gen_random_uuid(), 'recheck', '{}', now() FROM generate_series(1, 5000)",
            {"tenant": user_id},
        )
        read = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables"
        read += " WHERE schemaname = 'public' AND relname = 'jobs'"
        (before,) = conn.execute(read).fetchone()

        (job,) = jobs.claim(conn, kind="recheck", without=["other"], busy=["somebody"])

        (after,) = conn.execute(read).fetchone()
        conn.rollback()
    assert job.kind == "recheck"
    assert after - before < 10


def test_of_many_workers_one_has_each_job(busy_database, user_id):
    lead_id = stored_lead(busy_database, user_id)
    for _ in range(200):
        enqueued(busy_database, user_id, lead_id)

    def all_that_are_left(worker):
        taken = []
        while some := claimed(busy_database, most=1 + worker % 3):
            taken += some
        return taken

    with ThreadPoolExecutor(8) as workers:
        taken = [job.id for part in workers.map(all_that_are_left, range(8)) for job in part]

    assert len(taken) == len(set(taken)) == 200


def test_a_job_that_another_worker_is_claiming_is_not_waited_for(busy_database, user_id):
    lead_id = stored_lead(busy_database, user_id)
    for _ in range(2):
        enqueued(busy_database, user_id, lead_id)

    with busy_database.lookup() as one, busy_database.lookup() as other:
        first, second, none = jobs.claim(one), jobs.claim(other), jobs.claim(other)

    assert first[0].id != second[0].id
    assert none == []


def test_a_killed_workers_job_comes_back_after_its_lease(database, user_id, lead_id):
    enqueued(database, user_id, lead_id, due_at=NOW)
    (lost,) = claimed(database, now=NOW)

    assert claimed(database, now=NOW + LEASE - timedelta(seconds=1)) == []
    (found,) = claimed(database, now=NOW + LEASE)

    assert (found.id, found.tries) == (lost.id, 2)


def test_a_worker_that_was_overtaken_can_neither_finish_nor_fail_the_job(
    database, user_id, lead_id
):
    enqueued(database, user_id, lead_id)
    (slow,) = claimed(database)
    (quick,) = claimed(database, now=LATER)

    failed(database, slow, NOW - timedelta(days=1))
    with pytest.raises(Overtaken), database.transaction(user_id) as conn:
        jobs.finish(conn, slow)
    with database.transaction(user_id) as conn:
        jobs.finish(conn, quick)

    assert claimed(database, now=NEXT_DAY) == []


def test_a_finish_that_is_undone_leaves_the_job_to_do(database, user_id, lead_id):
    enqueued(database, user_id, lead_id)
    (job,) = claimed(database)

    with pytest.raises(RuntimeError), database.transaction(user_id) as conn:
        jobs.finish(conn, job)
        raise RuntimeError

    assert [again.id for again in claimed(database, now=LATER)] == [job.id]


def test_a_job_that_failed_comes_back_after_a_pause(database, user_id, lead_id):
    enqueued(database, user_id, lead_id)
    (job,) = claimed(database)

    failed(database, job)

    (again,) = claimed(database, now=NOW + FIRST_PAUSE)
    assert (again.tries, again.failure) == (2, "builtins.ValueError")


def test_a_job_is_a_dead_letter_after_its_last_try(database, user_id, lead_id):
    enqueued(database, user_id, lead_id)

    claims = killed_by_failures(database)

    assert [job.tries for job in claims] == list(range(1, MOST_TRIES + 1))
    (letter,) = dead(database, user_id)
    assert (letter.failure, letter.lead_id) == ("builtins.ValueError", lead_id)
    with database.lookup() as conn:
        assert jobs.dead_counts(conn)[user_id] == 1


def test_a_dead_letter_blocks_nobody(database, user_id, lead_id):
    enqueued(database, user_id, lead_id, due_at=NOW - timedelta(days=1))
    killed_by_failures(database)
    enqueued(database, user_id, lead_id, arguments={"number": 2})

    (job,) = claimed(database)

    assert job.arguments == {"number": 2}


def test_a_replayed_dead_letter_has_all_its_tries_again(database, user_id, lead_id):
    enqueued(database, user_id, lead_id)
    killed_by_failures(database)

    with database.transaction(user_id) as conn:
        assert jobs.replay(conn, user_id) == 1

    assert dead(database, user_id) == []
    assert len(killed_by_failures(database)) == MOST_TRIES


def test_one_dead_letter_can_be_replayed_and_the_rest_left(database, user_id, lead_id):
    for _ in range(2):
        enqueued(database, user_id, lead_id)
        killed_by_failures(database)
    one, other = dead(database, user_id)

    with database.transaction(user_id) as conn:
        assert jobs.replay(conn, user_id, [one.id]) == 1

    assert [job.id for job in dead(database, user_id)] == [other.id]


def test_another_tenants_jobs_are_unseen_and_untouched(database, user_id, lead_id):
    enqueued(database, user_id, lead_id)
    killed_by_failures(database)

    with database.transaction(f"other-{uuid4().hex}") as conn:
        assert jobs.dead(conn, user_id) == []
        assert jobs.replay(conn, user_id) == 0
        assert conn.execute("SELECT count(*) FROM public.jobs").fetchone() == (0,)


def test_who_names_no_tenant_sees_no_jobs_but_by_claiming(database, user_id, lead_id):
    enqueued(database, user_id, lead_id)

    with database.lookup() as conn:
        assert conn.execute("SELECT count(*) FROM public.jobs").fetchone() == (0,)
        assert len(jobs.claim(conn)) == 1


def test_a_job_cannot_be_enqueued_for_another_tenant(database, user_id, lead_id):
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        database.transaction(f"other-{uuid4().hex}") as conn,
    ):
        jobs.enqueue(conn, user_id, "recheck", lead_id)


def test_erasing_the_lead_erases_its_jobs_and_whoever_runs_one_is_overtaken(
    database, user_id, lead_id, owner_conninfo
):
    for _ in range(2):
        enqueued(database, user_id, lead_id)
    (running,) = claimed(database)

    with psycopg.connect(owner_conninfo) as owner:
        owner.execute("DELETE FROM public.leads WHERE tenant_id = %s", [user_id])
        assert owner.execute("SELECT count(*) FROM public.jobs").fetchone() == (0,)
    with pytest.raises(Overtaken), database.transaction(user_id) as conn:
        jobs.finish(conn, running)


def test_jobs_are_claimed_where_the_tables_owner_is_a_plain_role(server, owner_conninfo, user_id):
    name = f"plain_{uuid4().hex}"
    with psycopg.connect(owner_conninfo, autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {name} LOGIN CREATEROLE")
        owner.execute(f"CREATE DATABASE {name} OWNER {name}")
        owner.execute(f"GRANT leadfly_app TO {name} WITH ADMIN OPTION")
        database = None
        try:
            migrate(server.conninfo(name, name))
            database = Database(server.conninfo(WORKER, name), role=WORKER)
            enqueued(database, user_id, stored_lead(database, user_id))

            assert [job.tenant_id for job in claimed(database)] == [user_id]
        finally:
            if database:
                database.close()
            owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
            owner.execute(f"DROP ROLE {name}")


tries = st.integers(1, 10 * MOST_TRIES)
chances = st.floats(0, 1, exclude_max=True)


@given(tries, chances)
def test_a_pause_is_never_longer_than_the_longest(count, chance):
    assert timedelta(0) <= jobs.pause(count, lambda: chance) <= LONGEST_PAUSE


@given(tries, chances)
def test_the_same_luck_waits_longer_after_every_try_up_to_twice_as_long(count, chance):
    now, then = jobs.pause(count, lambda: chance), jobs.pause(count + 1, lambda: chance)

    assert now <= then <= 2 * now + timedelta(microseconds=2)
