"""What an attempt comes to, and when the next is due."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.webhooks.attempt import outcome
from services.webhooks.endpoint import MARGIN, first_id
from shared.ids import uuid7
from shared.retries import (
    FREE_FAILURES,
    JITTER,
    LONGEST_HOLD,
    PAUSES,
    given_up,
    held_until,
    pause,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

CHANCES = st.floats(0, 1, exclude_max=True)


@given(st.integers(100, 599))
def test_only_2xx_is_success_and_only_410_the_end(status):
    expected = {2: "delivered"}.get(status // 100, "gone" if status == 410 else "failed")

    found = outcome(status)

    assert (found.result, found.answered) == (expected, status)
    assert (found.failure is None) == (expected == "delivered")


def test_the_first_pauses_are_the_contracts():
    seconds = [pause(tries, lambda: 0).total_seconds() for tries in (1, 2, 3)]

    assert seconds == [1, 4, 15]


@given(st.integers(1, 100), CHANCES)
def test_a_pause_is_what_the_table_says_and_a_little_more(tries, chance):
    plain = PAUSES[min(tries, len(PAUSES)) - 1]

    assert plain <= pause(tries, lambda: chance) <= plain * (1 + JITTER)


@given(st.integers(1, 99), CHANCES, CHANCES)
def test_pauses_grow(tries, chance, other):
    if tries < len(PAUSES):
        assert pause(tries, lambda: chance) < pause(tries + 1, lambda: other)


@given(st.integers(0, 1000))
def test_an_endpoint_is_held_only_when_it_is_down_and_never_for_long(failures):
    until = held_until(failures, NOW)

    assert (until is None) == (failures < FREE_FAILURES)
    assert until is None or NOW < until <= NOW + LONGEST_HOLD


@pytest.mark.parametrize(("hours", "over"), [(0, False), (71, False), (72, True), (500, True)])
def test_an_endpoint_is_given_up_after_three_days(hours, over):
    assert given_up(NOW - timedelta(hours=hours), NOW) is over


def test_an_endpoint_that_does_not_fail_is_not_given_up():
    assert not given_up(None, NOW)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_the_first_id_is_before_those_of_its_time_and_after_older_ones(since):
    def at(moment):
        return int(moment.timestamp() * 1000) << 80

    assert first_id(since).int <= at(since - MARGIN + timedelta(milliseconds=1))
    assert first_id(since).int >= at(since - MARGIN - timedelta(milliseconds=1))


def test_an_event_of_this_moment_comes_after_the_first_id_of_this_moment():
    assert first_id(datetime.now(UTC)) < uuid7() < first_id(datetime.now(UTC) + 2 * MARGIN)
