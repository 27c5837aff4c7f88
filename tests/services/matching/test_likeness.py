"""Leads are alike as far as something is known of the one, and columns agree."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.column_likeness import likenesses
from services.matching.columns import columns
from services.matching.likeness import likeness
from tests.services.matching.offers import TORONTO, lead, profiles, restaurant


@given(profiles(), st.lists(profiles(), min_size=1, max_size=30))
@settings(deadline=None, max_examples=200)
def test_many_leads_are_as_alike_as_each_is_alone(one, others):
    alone = [likeness(one, other)[0] for other in others]

    assert likenesses(columns(others), one).tolist() == pytest.approx(alone, abs=1e-9)


@given(profiles(), profiles())
@settings(deadline=None)
def test_likeness_is_from_0_to_100_and_a_reason_for_each_part_in_common(one, other):
    score, reasons = likeness(one, other)

    assert 0 <= score <= 100
    assert (score > 0) == bool(reasons)


@given(profiles(), profiles())
@settings(deadline=None)
def test_nobody_is_more_like_a_lead_than_itself(one, other):
    assert likeness(one, other)[0] <= likeness(one, one)[0] + 1e-9


def test_the_nearer_of_two_is_more_alike():
    one = restaurant()
    near, far = restaurant(latitude=41.9, longitude=-87.8), restaurant(**TORONTO)

    assert likeness(one, near)[0] > likeness(one, far)[0]


def test_a_lead_of_whom_nothing_is_known_is_like_nobody():
    assert likeness(lead(), restaurant()) == (0.0, ())


def test_reasons_say_what_is_in_common_what_counts_most_first():
    _, reasons = likeness(restaurant(), restaurant(industry="5415", company_size="large"))

    assert reasons == (
        "0 km away, in Oak Park (IL, US)",
        "needs business loan",
        "business lead, too",
    )
