"""What excludes a service, with the reason in words; and that nothing unknown does."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.matching import match
from services.matching.region import circle
from services.matching.service import Area, Service
from shared.great_circle import distance_km
from shared.privacy.modes import MODES
from tests.services.matching.offers import (
    CALIFORNIA,
    CHICAGO,
    ILLINOIS,
    NATIONWIDE,
    NOW,
    TORONTO,
    around,
    lead,
    lender,
    matched,
    only,
    refusal,
    restaurant,
    service,
)


def test_california_is_not_in_chicago_il():
    told = refusal(lead(country="US", admin1="CA"), service(target_locations=(CHICAGO,)))

    assert told == "CA, US is not served; the service serves Chicago, IL"


def test_nor_is_a_lead_in_chicago_in_california():
    assert "not served" in refusal(restaurant(), service(target_locations=(CALIFORNIA,)))


def test_toronto_is_not_nationwide_in_the_united_states():
    told = refusal(lead(**TORONTO), service(target_locations=(NATIONWIDE,)))

    assert told == "Toronto (ON, CA) is not served; the service serves all of United States"


def test_a_nationwide_service_serves_every_state():
    assert only(lead(country="US", admin1="HI"), service(target_locations=(NATIONWIDE,)))


def test_a_radius_is_a_border():
    milwaukee = lead(latitude=43.04, longitude=-87.91, country="US", admin1="WI", place="Milwaukee")

    told = refusal(milwaukee, service(target_locations=(around(100),)))

    assert told == (
        "Milwaukee (WI, US) is 134 km from Chicago, IL, and not served; "
        "the service serves 100 km around Chicago, IL"
    )
    assert only(milwaukee, service(target_locations=(around(140),)))


def test_a_radius_does_not_reach_into_another_country():
    windsor = lead(latitude=42.30, longitude=-83.02, country="CA", admin1="ON")
    detroit = Area("Detroit", "city", "US", "MI", 42.33, -83.05, 100)

    assert "not served" in refusal(windsor, service(target_locations=(detroit,)))


def test_a_state_that_may_reach_into_the_circle_is_not_excluded():
    found = only(lead(country="US", admin1="WI"), service(target_locations=(around(200),)))

    assert found.low < found.high


def test_a_state_is_excluded_where_no_part_of_its_circle_is_within_the_radius():
    north, east, km = circle("US", "CA")
    gap = distance_km(north, east, CHICAGO.latitude, CHICAGO.longitude) - km
    west = lead(country="US", admin1="CA")

    assert refusal(west, service(target_locations=(around(0.99 * gap),)))
    assert only(west, service(target_locations=(around(1.01 * gap),)))


def test_a_state_is_excluded_from_another_state():
    assert refusal(lead(country="US", admin1="CA"), service(target_locations=(ILLINOIS,)))


def test_forty_five_thousand_are_within_five_to_two_hundred_and_fifty():
    assert only(restaurant(loan_amount=45_000), lender())


@pytest.mark.parametrize("amount", [5_000, 250_000])
def test_bounds_belong_to_the_range(amount):
    assert only(restaurant(loan_amount=amount), lender())


@pytest.mark.parametrize(
    ("amount", "cited"), [(900_000, "900,000 USD"), (4_999, "4,999 USD"), (250_001, "250,001 USD")]
)
def test_an_amount_outside_the_range_excludes_and_is_cited(amount, cited):
    assert (
        refusal(restaurant(loan_amount=amount), lender())
        == f"asks for {cited}, the service lends 5,000 to 250,000 USD"
    )


def test_an_amount_in_another_currency_is_not_compared():
    found = only(restaurant(loan_amount=900_000, currency="EUR"), lender())

    assert found.low < found.high
    assert "the amount is in EUR, the service lends 5,000 to 250,000 USD" in found.reasons


def test_an_amount_without_a_currency_is_meant_in_the_service_s():
    assert refusal(restaurant(loan_amount=900_000, currency=None), lender(currency="EUR"))


def test_the_wrong_audience_excludes():
    told = refusal(lead(lead_type="consumer"), service(target_audience="business"))

    assert told == "the lead is a consumer, the service is for business leads"


def test_the_wrong_size_excludes():
    told = refusal(lead(company_size="large"), service(target_company_sizes=("small", "medium")))

    assert told == "the company is large, the service is for small, medium"


def test_a_service_that_helps_with_no_known_need_is_excluded():
    told = refusal(lead(needs=("insurance", "mortgage")), service(target_audience="business"))

    assert told == (
        "the lead needs insurance, mortgage, the service answers business_loan, working_capital, "
        "growth_capital, expansion_financing"
    )


@pytest.mark.parametrize("said", [{"lead_category": "insurance"}, {"loan_amount": 5_000}])
def test_a_need_that_a_lead_says_by_its_category_or_an_amount_may_exclude(said):
    told = refusal(lead(**said), service(answers_needs=("business_consulting_on_taxes",)))

    assert "the service answers business_consulting_on_taxes" in told


def test_one_need_of_several_is_enough():
    assert only(lead(needs=("insurance", "mortgage", "working_capital")), service())


def test_a_related_need_does_not_exclude():
    assert only(lead(needs=("financial_assistance",)), service())


def test_a_service_that_says_nothing_of_needs_is_not_excluded_for_them():
    assert only(lead(needs=("insurance",)), service(service_type=""))


@pytest.mark.parametrize(
    ("requirements", "fits", "misses"),
    [
        ({"min_revenue": 100_000}, (100_000, 5_000_000), (0, 99_999)),
        ({"max_revenue": 100_000}, (0, 100_000), (100_001,)),
    ],
    ids=["least", "most"],
)
def test_revenue_outside_what_is_required_excludes(requirements, fits, misses):
    asks = service(requirements=requirements)

    assert all(only(lead(revenue=said), asks) for said in fits)
    assert all(refusal(lead(revenue=said), asks) for said in misses)


def test_revenue_and_what_is_required_are_cited():
    asks = service(requirements={"min_revenue": 100_000, "max_revenue": 900_000})

    assert refusal(lead(revenue=50_000), asks) == (
        "revenue 50,000 USD, the service asks for at least 100,000 USD and at most 900,000 USD"
    )


def test_revenue_in_another_currency_is_not_compared():
    assert only(lead(revenue=5, currency="EUR"), service(requirements={"min_revenue": 100_000}))


@pytest.mark.parametrize(
    ("requirements", "fits", "misses"),
    [
        ({"min_company_age_years": 2}, (1950, 2024), (2025, 2026)),
        ({"min_company_age_years": 2.5}, (2023, 2024), (2025,)),
        ({"max_company_age_years": 2}, (2026, 2024), (2023, 1950)),
        ({"max_company_age_years": 0.5}, (2026, 2025), (2024,)),
    ],
    ids=["least", "half a year more", "most", "half a year at most"],
)
def test_an_age_that_is_surely_outside_what_is_required_excludes(requirements, fits, misses):
    asks = service(requirements=requirements)

    assert all(only(lead(founded_year=year), asks) for year in fits)
    assert all(refusal(lead(founded_year=year), asks) for year in misses)


def test_the_year_of_founding_is_cited():
    asks = service(requirements={"max_company_age_years": 5})

    assert refusal(lead(founded_year=1926), asks) == (
        "the company was founded in 1926, the service asks for at most 5 years"
    )


def test_a_company_founded_last_year_may_be_old_enough_a_year_later():
    asks, young = service(requirements={"min_company_age_years": 2}), lead(founded_year=2025)
    then = NOW.replace(year=2027)

    assert not match(young, [asks], NOW, MODES["standard"]).matches
    assert match(young, [asks], then, MODES["standard"]).matches


def test_a_year_to_come_excludes_nothing():
    assert only(lead(founded_year=2030), service(requirements={"min_company_age_years": 2}))


def test_the_first_that_excludes_is_told():
    nothing_fits = lead(country="CA", needs=("insurance",), loan_amount=1, revenue=1)
    strict = lender(answers_needs=("taxes",), requirements={"min_revenue": 10})

    told = refusal(nothing_fits, strict)
    assert told.startswith("the lead needs business_loan, personal_loan, insurance")


def test_an_inactive_service_is_never_a_match():
    assert refusal(restaurant(), lender(is_active=False)) == "the service is not active"


def test_a_consent_that_was_withdrawn_excludes_in_every_mode():
    for mode in ("gdpr_strict", "standard", "testing"):
        assert "withdrawn" in refusal(lead(purposes=frozenset()), service(), mode=mode)


def test_where_the_mode_asks_for_consent_one_that_is_not_known_is_none():
    assert (
        refusal(lead(), service(), mode="gdpr_strict")
        == "no consent to sharing is known, and privacy mode gdpr_strict asks for one"
    )
    assert only(lead(), service(), mode="standard")


def test_where_the_mode_asks_for_consent_it_must_cover_the_purpose_of_the_service():
    agreed = lead(purposes=frozenset({"marketing", "lead_processing"}))

    assert (
        refusal(agreed, service(), mode="gdpr_strict")
        == "the lead agreed to lead_processing, marketing, not to sharing"
    )
    assert only(agreed, service(needs_purpose="marketing"), mode="gdpr_strict")


@given(
    st.sampled_from(
        (
            *("country", "admin1", "industry", "company_size", "lead_type", "loan_amount"),
            *("needs", "revenue", "founded_year"),
        )
    )
)
@settings(deadline=None)
def test_nothing_unknown_excludes(field):
    asks = {"min_revenue": 100_000, "min_company_age_years": 2}
    local = lender(target_locations=(around(50), ILLINOIS), requirements=asks)
    fits = restaurant(revenue=200_000, founded_year=2010)

    assert matched(replace(fits, **{field: None}), local).matches


@pytest.mark.parametrize(
    "wrong",
    [
        {"min_loan_amount": -1},
        {"max_loan_amount": float("nan")},
        {"min_loan_amount": 10, "max_loan_amount": 9},
        {"requirements": {"min_revenue": -1}},
        {"requirements": {"min_revenue": "much"}},
        {"requirements": {"min_revenue": True}},
        {"requirements": {"min_company_age_years": 3, "max_company_age_years": 2}},
        {"target_audience": "everybody"},
        {"target_company_sizes": ("tiny",)},
    ],
    ids=str,
)
def test_a_service_that_contradicts_itself_is_none(wrong):
    with pytest.raises(ValueError):
        Service("1", "Odd", **wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "city"},
        {"kind": "city", "latitude": 91.0, "longitude": 0.0},
        {"kind": "city", "latitude": 1.0, "longitude": 1.0, "radius_km": 0},
        {"kind": "city", "latitude": 1.0, "longitude": 1.0, "radius_km": -5},
        {"kind": "country", "radius_km": 5},
        {"kind": "country"},
        {"kind": "admin1", "country": "US"},
    ],
    ids=str,
)
def test_an_area_that_is_nowhere_is_none(wrong):
    with pytest.raises(ValueError):
        Area("Nowhere", **wrong)
