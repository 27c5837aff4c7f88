"""Schedules: once a period, by one worker, and again if it came to nothing."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from shared import schedules
from shared.schedules import LEASE, Schedule

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


def hourly(run):
    return Schedule(f"test-{uuid4().hex}", HOUR, run)


def run_due(database, *listed, now=NOW):
    schedules.run_due(database, listed, lambda: False, now)


def test_a_schedule_runs_at_once_and_then_when_its_time_has_passed(database):
    runs = []
    schedule = hourly(runs.append)

    for minutes in (0, 1, 59, 60, 61, 119, 120):
        run_due(database, schedule, now=NOW + timedelta(minutes=minutes))

    assert len(runs) == 3


def test_of_two_workers_one_runs_a_schedule(busy_database):
    schedule = hourly(lambda database: None)

    with busy_database.lookup() as one:
        first = schedules.claim(one, schedule, NOW)
    with busy_database.lookup() as other:
        second = schedules.claim(other, schedule, NOW)

    assert (first, second) == (True, False)


def test_a_schedule_whose_worker_was_killed_is_due_again_after_its_lease(database):
    runs = []
    schedule = hourly(runs.append)
    with database.lookup() as conn:
        schedules.claim(conn, schedule, NOW)

    run_due(database, schedule, now=NOW + LEASE)

    assert len(runs) == 1


def test_a_schedule_that_fails_is_tried_again_and_keeps_no_other_from_its_turn(database):
    runs = []

    def fail(database):
        runs.append("failing")
        raise RuntimeError

    failing, well = hourly(fail), hourly(lambda database: runs.append("well"))
    for now in (NOW, NOW + LEASE):
        run_due(database, failing, well, now=now)

    assert runs == ["failing", "well", "failing"]


def test_nothing_is_begun_once_a_stop_was_asked_for(database):
    runs = []

    schedules.run_due(database, [hourly(runs.append)], lambda: True, NOW)

    assert runs == []
