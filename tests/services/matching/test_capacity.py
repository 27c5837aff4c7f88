"""Days, room and turns of services."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matching.capacity import NEAR, Candidate, day_of, days, left, next_in_turn
from tests.services.matching.offers import service

LATE = datetime(2026, 3, 1, 2, tzinfo=UTC)


def candidate(number, score, given=None):
    at = None if given is None else LATE + timedelta(minutes=given)
    return Candidate(service(number), score, at)


def test_a_day_is_the_providers():
    chicago = service(active_hours={"timezone": "America/Chicago"})

    assert day_of(chicago, LATE) == date(2026, 2, 28)
    assert day_of(service(), LATE) == date(2026, 3, 1)


def test_a_service_without_a_limit_takes_any_number():
    assert left(service(), 10_000) is None


def test_what_is_left_is_never_below_nothing():
    limited = service(daily_capacity=3)

    assert [left(limited, given) for given in (0, 2, 3, 9)] == [3, 1, 0, 0]


def test_only_limited_services_are_counted():
    one = service("00000000-0000-0000-0000-000000000001", daily_capacity=1)

    assert list(days([one, service()], LATE).values()) == [date(2026, 3, 1)]


def test_the_best_gets_the_lead():
    assert next_in_turn([candidate(1, 70), candidate(2, 80, given=5)]).service.id == "002"


def test_among_equals_who_got_none_for_longest_is_next():
    equal = [candidate(1, 80, given=9), candidate(2, 80 - NEAR, given=3), candidate(3, 79)]

    assert next_in_turn(equal).service.id == "002"


def test_who_never_got_one_is_before_all_equals():
    assert next_in_turn([candidate(1, 80, given=1), candidate(2, 80)]).service.id == "002"


@given(st.lists(st.tuples(st.floats(0, 100), st.none() | st.integers(0, 99)), min_size=1))
def test_nobody_worse_than_equal_to_the_best_is_chosen(made):
    candidates = [candidate(at, score, given) for at, (score, given) in enumerate(made)]

    chosen = next_in_turn(candidates)

    assert chosen.match_score >= max(one.match_score for one in candidates) - NEAR


def test_there_is_no_turn_among_nobody():
    with pytest.raises(ValueError, match="empty"):
        next_in_turn([])
