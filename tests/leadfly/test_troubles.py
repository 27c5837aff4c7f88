"""What keeps loops from working is in the log once, and again when it is over."""

import logging

import pytest

from leadfly.troubles import AGAIN_SECONDS, Troubles
from shared.errors import Unavailable


class Clock:
    """Seconds that pass when they are told to."""

    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def troubles(clock, caplog):
    caplog.set_level(logging.INFO)
    return Troubles(logging.getLogger("leadfly.test_troubles"), clock)


def raised(kind=RuntimeError):
    try:
        raise kind
    except kind as error:
        return error


def said(caplog):
    return [record.getMessage() for record in caplog.records]


def test_a_database_that_is_away_is_one_line_without_frames_for_all_loops(troubles, caplog):
    for number in range(13):
        troubles.met(number, "work", raised(Unavailable))
        troubles.met(number, "work", raised(Unavailable))

    (line,) = caplog.records
    assert line.levelname == "ERROR" and line.exc_info is None
    assert line.fields == {"error": {"type": "shared.errors.Unavailable"}}


def test_when_the_last_loop_works_again_a_line_says_so_and_how_many_were_stopped(troubles, caplog):
    for number in range(13):
        troubles.met(number, "work", raised(Unavailable))
    for number in range(12):
        troubles.passed(number)
    assert len(caplog.records) == 1

    troubles.passed(12)

    assert said(caplog)[1:] == ["work goes on"]
    assert caplog.records[1].fields == {"times": 13}


def test_a_fault_of_ours_is_said_with_where_it_was_raised(troubles, caplog):
    error = raised()

    troubles.met(0, "follow", error)

    assert said(caplog) == ["follow failed; trying again"]
    assert caplog.records[0].exc_info[1] is error


def test_another_fault_is_said_though_the_first_goes_on(troubles, caplog):
    troubles.met(0, "work", raised(Unavailable))
    troubles.met(1, "follow", raised(KeyError))
    troubles.met(2, "follow", raised(ValueError))

    assert len(caplog.records) == 3


def test_what_comes_and_goes_is_said_once_a_minute_and_nothing_is_uncounted(
    troubles, clock, caplog
):
    for _ in range(5):
        troubles.met(0, "work", raised(Unavailable))
        troubles.passed(0)
    assert len(caplog.records) == 2  # it fails, and it goes on

    clock.now = AGAIN_SECONDS
    troubles.met(0, "work", raised(Unavailable))

    assert caplog.records[2].fields["times_before"] == 4


def test_what_was_not_said_is_said_at_the_end(troubles, caplog):
    for _ in range(5):
        troubles.met(0, "work", raised(Unavailable))
        troubles.passed(0)

    troubles.end()

    assert said(caplog)[-1] == "work failed 4 times more"
