"""Rates with the interval of Wilson."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dedup.trade.feedback_rates import Tallied, rate

COUNTS = st.integers(0, 10**7).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [
        # By the formula of Wilson (1927), to four digits; those of 0 in 10 and 5 in 10 stand in
        # many textbooks.
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (1, 100, 0.0018, 0.0545),
    ],
)
def test_the_interval_is_wilsons(hits, trials, low, high):
    found = rate(hits, trials)

    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-4)


def test_without_leads_there_is_no_rate():
    assert rate(0, 0) is None


@given(COUNTS)
def test_a_share_lies_in_its_interval_and_that_in_0_to_1(counts):
    hits, trials = counts
    found = rate(hits, trials)
    if trials:
        assert 0 <= found.low <= found.share <= found.high <= 1


@given(COUNTS)
def test_the_interval_of_what_did_not_happen_is_the_mirror_image(counts):
    hits, trials = counts
    if trials:
        one, other = rate(hits, trials), rate(trials - hits, trials)
        assert one.low == pytest.approx(1 - other.high, abs=1e-9)


def test_more_leads_make_it_surer():
    few, many = rate(1, 10), rate(100, 1000)

    assert many.high - many.low < few.high - few.low


def test_of_more_leads_than_are_counted_the_rate_is_of_those_that_were_told_of():
    row = Tallied("form", None, 1, {"return": {"fake": 2}, "conversion": {"": 1}})

    assert row.taken == 3
    assert row.rate("return").share == pytest.approx(2 / 3)
