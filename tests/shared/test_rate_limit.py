"""The arithmetic of rate limits: what is admitted, what is not, and whether the wait is true."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.rate_limit import WINDOW_NS, Limit, charged, owed, wait, whole_seconds

amounts = st.integers(1, 1_000_000)
moments = st.integers(WINDOW_NS, 2**62)
pauses = st.lists(st.integers(0, WINDOW_NS // 4), max_size=60)


def limit(amount):
    return Limit("key", amount)


def admitted(limit, arrivals, cost=1):
    """Return when, of *arrivals*, something was admitted."""
    tat, times = 0, []
    for now in arrivals:
        if wait(limit, tat, now, cost) == 0:
            tat = charged(limit, tat, now, cost)
            times.append(now)
    return times


def arrivals(start, gaps):
    at = [start]
    for gap in gaps:
        at.append(at[-1] + gap)
    return at


@given(st.integers(1, 200), moments)
def test_whoever_owes_nothing_gets_the_whole_amount_at_once_and_no_more(amount, now):
    assert len(admitted(limit(amount), [now] * (amount + 5))) == amount


@given(st.integers(1, 50), moments, pauses)
def test_no_stretch_of_time_admits_more_than_the_amount_and_what_the_time_pays(amount, now, gaps):
    of = limit(amount)
    times = admitted(of, arrivals(now, gaps))

    for first, start in enumerate(times):
        for last in range(first, len(times)):
            allowed = amount + (times[last] - start) // of.interval_ns
            assert last - first + 1 <= allowed


@given(amounts, moments, st.integers(0, WINDOW_NS), st.data())
def test_coming_back_after_the_wait_succeeds_and_a_moment_earlier_does_not(amount, now, debt, data):
    of, cost = limit(amount), data.draw(st.integers(1, amount))
    waits = wait(of, now + debt, now, cost)

    assert wait(of, now + debt, now + waits, cost) == 0
    assert waits == 0 or wait(of, now + debt, now + waits - 1, cost) == 1


@given(amounts, moments, st.integers(0, WINDOW_NS), st.data())
def test_the_wait_is_never_longer_than_the_window(amount, now, debt, data):
    assert 0 <= wait(limit(amount), now + debt, now, data.draw(st.integers(1, amount))) <= WINDOW_NS


@given(amounts, moments, st.integers(0, WINDOW_NS // 2), st.data())
def test_what_is_given_back_was_never_charged(amount, now, debt, data):
    of, cost = limit(amount), data.draw(st.integers(1, max(1, amount // 2)))

    if debt + cost * of.interval_ns <= WINDOW_NS:
        again = charged(of, charged(of, now + debt, now, cost), now, -cost)
        assert owed(again, now) == debt


@given(amounts, moments, st.integers(WINDOW_NS + 1, 2**62))
def test_a_time_beyond_the_window_is_another_clocks_and_owes_nothing(amount, now, ahead):
    assert wait(limit(amount), now + ahead, now) == 0
    assert owed(charged(limit(amount), now + ahead, now), now) == limit(amount).interval_ns


@given(amounts, moments, pauses)
def test_debts_only_grow_by_what_is_admitted(amount, now, gaps):
    of, tat = limit(amount), 0
    for before, after in pairwise(arrivals(now, gaps)):
        if wait(of, tat, before) == 0:
            tat = charged(of, tat, before)
        assert owed(tat, after) == max(0, owed(tat, before) - (after - before))


@pytest.mark.parametrize("cost", [0, -1, 11])
def test_a_cost_that_nobody_can_pay_is_a_fault_of_whoever_asks(cost):
    with pytest.raises(ValueError, match="nobody"):
        wait(limit(10), 0, WINDOW_NS, cost)


@given(amounts, st.integers(1, 64))
def test_shares_together_admit_no_more_than_the_whole_unless_there_are_more_than_that(amount, of):
    assert limit(amount).share(of).amount * of <= max(amount, of)


@pytest.mark.parametrize(("nanoseconds", "seconds"), [(1, 1), (10**9, 1), (10**9 + 1, 2)])
def test_retry_after_is_rounded_up(nanoseconds, seconds):
    assert whole_seconds(nanoseconds) == seconds
