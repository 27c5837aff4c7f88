"""Columns of leads get what each lead gets by itself: eligible, points and interval."""

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.column_scoring import EXCLUDED, SPANS, scores
from services.matching.columns import columns
from services.matching.constraints import CONSTRAINTS
from services.matching.criteria import CRITERIA
from services.matching.matching import match
from services.matching.profile import Profile
from services.matching.service import Area
from shared.privacy.modes import MODES
from tests.services.matching.offers import (
    CHICAGO,
    NOW,
    lead,
    lender,
    profiles,
    restaurant,
    service,
    services,
)

LEARNED = (20.0, 10.0, 40.0, 30.0, 0.0)


def agree(leads, one, mode):
    """The scores of columns are those of every lead alone, to 1e-9."""
    found = scores(columns(leads), one, NOW, mode)
    for row, profile in enumerate(leads):
        alone = match(profile, [one], NOW, mode, None).matches
        assert bool(found.eligible[row]) == bool(alone), profile
        if alone:
            assert found.expected[row] == pytest.approx(alone[0].match_score, abs=1e-9)
            assert found.low[row] == pytest.approx(alone[0].low, abs=1e-9)
            assert found.high[row] == pytest.approx(alone[0].high, abs=1e-9)
            points = [part.points for part in alone[0].parts]
            assert [part[row] for part in found.points] == pytest.approx(points, abs=1e-9)


@given(
    st.lists(profiles(), min_size=1, max_size=60),
    services,
    st.sampled_from(tuple(MODES.values())),
    st.none() | st.just(LEARNED),
)
@settings(deadline=None, max_examples=200)
def test_many_leads_get_what_each_gets_alone(leads, one, mode, weights):
    agree(leads, replace(one, weights=weights), mode)


def test_ten_thousand_leads_anywhere_get_what_each_gets_alone():
    chance = random.Random(7)
    leads = [somewhere(chance) for _ in range(10_000)]
    town = Area("Here", "city", "US", "IL", 41.0, -88.0)
    circle = Area("There", "city", "US", "WI", 43.0, -89.0, 150.0)

    asks = {"min_revenue": 10_000, "min_company_age_years": 2, "max_company_age_years": 12}

    agree(leads, lender(target_locations=(town, circle), requirements=asks), MODES["standard"])


def somewhere(chance):
    north, east = chance.uniform(38, 46), chance.uniform(-93, -83)
    country, admin1 = chance.choice((("US", "IL"), ("US", "WI"), (None, None), ("CA", "ON")))
    return restaurant(
        latitude=chance.choice((north, None)),
        longitude=east,
        country=country,
        admin1=admin1,
        loan_amount=chance.choice((None, chance.uniform(0, 300_000))),
        last_activity_at=NOW - timedelta(days=chance.uniform(-1, 90)),
        revenue=chance.choice((None, chance.uniform(0, 1e6))),
        founded_year=chance.choice((None, chance.randrange(2010, 2028))),
        needs=chance.choice((None, ("insurance",), ("personal_loan", "working_capital"))),
    )


def test_values_that_say_nothing_are_unknown_to_columns_too():
    odd = [
        lead(loan_amount=Decimal("NaN"), revenue=float("inf"), signal_strength=float("nan")),
        lead(loan_amount=float("inf"), intent_score=400, latitude=120.0, longitude=5.0),
        lead(loan_amount=Decimal("12.5"), currency="eur", revenue=-1, intent_score=-3),
        lead(needs=(), lead_category="", industry="", country="", admin1="IL"),
        Profile(),
    ]
    agree(odd, lender(currency="EUR", requirements={"min_revenue": 10}), MODES["gdpr_strict"])


@pytest.mark.parametrize(
    "asks",
    [
        {"requirements": {"min_company_age_years": 2.5, "max_company_age_years": 10}},
        {"requirements": {"min_revenue": 100_000, "max_revenue": 900_000}, "currency": "EUR"},
        {"answers_needs": ("insurance",)},
        {"service_type": "line_of_credit"},
        {"target_locations": ()},
    ],
    ids=["age", "revenue", "told needs", "needs of a type", "anywhere"],
)
def test_what_excludes_one_lead_excludes_it_among_many(asks):
    leads = [
        *(lead(founded_year=year) for year in (2013, 2015, 2016, 2017, 2023, 2024, 2025, 2030)),
        *(
            lead(revenue=much, currency=currency)
            for much in (0, 99_999, 100_000, 900_000, 900_001)
            for currency in (None, "EUR", "USD")
        ),
        *(
            lead(needs=needs, lead_category=category, loan_amount=asked)
            for needs in (None, (), ("insurance",), ("business_loan",), ("working capital",))
            for category in (None, "insurance", "loan")
            for asked in (None, 5_000)
        ),
    ]

    agree(leads, service(**asks), MODES["standard"])


def test_an_inactive_service_has_no_eligible_lead():
    found = scores(columns([restaurant()]), lender(is_active=False), NOW, MODES["standard"])

    assert not found.eligible.any()


def test_a_lead_in_the_state_of_a_far_town_is_served():
    cairo = restaurant(latitude=37.0, longitude=-89.18, country="US", admin1="IL")

    agree([cairo], service(target_locations=(CHICAGO,)), MODES["standard"])


def test_every_criterion_and_constraint_is_read_off_columns():
    assert set(SPANS) == {criterion.name for criterion in CRITERIA}
    assert set(EXCLUDED) | {"location"} == {constraint.name for constraint in CONSTRAINTS}


def test_some_rows_score_as_they_did_among_all():
    leads = columns([restaurant(), lead(), restaurant(country="CA", admin1="ON")])
    whole = scores(leads, lender(), NOW, MODES["standard"])

    part = scores(leads.rows(np.array([2, 0])), lender(), NOW, MODES["standard"])

    assert part.expected.tolist() == whole.expected[[2, 0]].tolist()
