"""An import at which its processes die again and again has failed, and says so."""

from datetime import UTC, datetime

import pytest

from leadfly.import_deaths import MOST, WHY, Deaths
from services.dedup.imports import asking, job_store, uploading
from services.dedup.imports.job import Options


class Clock:
    seconds = 0.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def deaths(worker_database, clock):
    return Deaths(worker_database, clock)


@pytest.fixture
def previewing(database, gate, user_id):
    """Tell how an import is whose preview was asked for."""
    now, ordered = datetime.now(UTC), (Options("import", "US"), None)
    text = [b"Email\nada@analytical.example\n"]
    job, _ = uploading.take(database, gate, user_id, ordered, text, "local", now)
    asking.preview(database, gate, user_id, job.id, now)

    def told():
        with database.transaction(user_id) as conn:
            return job_store.one(conn, user_id, job.id)

    return told


def test_an_import_at_which_foremen_die_again_and_again_has_failed(deaths, previewing, user_id):
    for _ in range(MOST):
        assert previewing().status == "previewing"
        deaths.note(user_id)

    assert (previewing().status, previewing().failure) == ("failed", WHY)
    assert deaths.accounts == 0


def test_each_death_is_followed_by_a_longer_pause(deaths, clock, previewing, user_id):
    deaths.note(user_id)
    clock.seconds = 2.5
    assert not deaths.resting(user_id)
    deaths.note(user_id)

    clock.seconds = 6
    assert deaths.resting(user_id)
    clock.seconds = 7
    assert not deaths.resting(user_id)


def test_one_that_got_on_in_between_has_not_failed(deaths, previewing, user_id):
    for _ in range(2 * MOST):
        deaths.note(user_id)
        deaths.forget(user_id)

    assert previewing().status == "previewing"


def test_where_nothing_is_to_be_done_any_more_nothing_fails(deaths, user_id):
    for _ in range(MOST):
        deaths.note(user_id)

    assert not deaths.resting(user_id)
