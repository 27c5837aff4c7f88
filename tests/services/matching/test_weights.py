"""Weights of a service's own: the score is the sum of weight times share, everywhere alike."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.criteria import CRITERIA
from services.matching.matching import match
from services.matching.prepared import USUAL_WEIGHTS, prepared
from services.matching.ranking import weighted
from services.matching.service import Service
from shared.privacy.modes import MODES
from tests.services.matching.offers import NOW, OAK_PARK, lead, lender

STANDARD = MODES["standard"]
PLACE_ALONE = (100.0, 0.0, 0.0, 0.0, 0.0)

weights = (
    st.lists(st.integers(0, 100), min_size=5, max_size=5)
    .filter(any)
    .map(lambda parts: tuple(100 * part / sum(parts) for part in parts))
)


def diner(**changes):
    usual = {"industry": "7225", "lead_type": "business", "needs": ("business_loan",)}
    return lead(**OAK_PARK | usual | changes)


def matched(service, profile=None):
    return match(profile or diner(), [service], NOW, STANDARD).matches[0]


def test_the_usual_weights_are_the_contracts():
    assert USUAL_WEIGHTS == (25, 20, 25, 15, 15)


def test_usual_weights_score_as_none_do():
    assert matched(lender(weights=USUAL_WEIGHTS)) == replace(
        matched(lender()), service=lender(weights=USUAL_WEIGHTS)
    )


def test_where_place_alone_counts_the_score_is_its_share():
    one = matched(lender(weights=PLACE_ALONE))

    assert one.match_score == pytest.approx(one.score("geographic"))


def test_points_stay_the_contracts():
    parts = matched(lender(weights=PLACE_ALONE)).parts

    assert parts == matched(lender()).parts


@settings(deadline=None, max_examples=60)
@given(weights, st.booleans())
def test_score_and_interval_are_sums_of_weight_times_share(given_weights, known):
    one = matched(lender(weights=given_weights), diner() if known else lead())

    def total(which):
        parts = zip(given_weights, one.parts, CRITERIA, strict=True)
        return sum(weight * getattr(part, which) / c.most for weight, part, c in parts)

    assert one.match_score == pytest.approx(total("points"), abs=1e-8)
    assert (one.low, one.high) == pytest.approx((total("low"), total("high")), abs=1e-8)
    assert 0 <= one.low <= one.match_score <= one.high <= 100


def test_services_with_other_weights_stand_in_the_order_of_their_scores():
    plain, placed = lender(1), lender(2, weights=PLACE_ALONE)

    found = match(diner(), [plain, placed], NOW, STANDARD).matches

    assert [one.match_score for one in found] == sorted(
        (matched(plain).match_score, matched(placed).match_score), reverse=True
    )


def test_a_part_of_a_catalogue_keeps_its_weights():
    catalogue = prepared([lender(1), lender(2, weights=PLACE_ALONE), lender(3)])

    assert dict(catalogue.only([1, 2]).weights) == {0: PLACE_ALONE}


def test_reasons_stand_in_the_order_of_what_they_count_under_the_weights():
    reasons = matched(lender(weights=PLACE_ALONE)).reasons

    assert "Oak Park" in reasons[0] or "Illinois" in reasons[0] or "United States" in reasons[0]


def test_points_by_usual_weights_are_their_own_sum():
    points = [12.5, 3.25, 25.0, 7.5, 0.0]

    assert weighted(points, USUAL_WEIGHTS) == pytest.approx(sum(points), abs=1e-12)


@pytest.mark.parametrize(
    "wrong", [(50.0, 20.0, 25.0, 15.0, 15.0), (-5.0, 50.0, 25.0, 15.0, 15.0), (float("nan"),) * 5]
)
def test_weights_are_points_that_sum_to_a_hundred(wrong):
    with pytest.raises(ValueError, match="100 in all"):
        Service("1", "X", weights=wrong)


def test_weights_are_one_for_each_criterion():
    with pytest.raises(ValueError, match="one for each"):
        prepared([lender(weights=(50.0, 50.0))])
