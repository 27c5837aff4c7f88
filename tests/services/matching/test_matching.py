"""What a lead gets of a service: points for each criterion, and an interval of what is unknown."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.services.matching.offers import (
    CHICAGO,
    ILLINOIS,
    NATIONWIDE,
    NOW,
    around,
    lead,
    lender,
    matched,
    only,
    restaurant,
    service,
)


def test_a_lead_that_fits_in_everything_is_a_sure_and_urgent_match():
    found = only(restaurant(), lender())

    assert (found.confidence_level, found.priority) == ("high", "urgent")
    assert found.match_score == found.low == found.high > 80


def test_the_parts_add_up_to_the_score_and_are_told_as_percentages_too():
    found = only(restaurant(), lender())

    assert [part.most for part in found.parts] == [25, 20, 25, 15, 15]
    assert sum(part.points for part in found.parts) == pytest.approx(found.match_score, abs=1e-9)
    assert found.score("geographic") == 80
    assert found.geographic_points == 20
    assert found.points("need") == found.need_points


def test_an_empty_lead_is_far_from_a_match_with_anything():
    every = (
        service(1),
        service(2, service_type=""),
        lender(3),
        service(4, service_type="consulting", target_locations=(CHICAGO,)),
    )

    for found in matched(lead(), *every).matches:
        assert found.match_score <= 45
        assert found.confidence_level == "low"

    assert only(lead(), lender()).high - only(lead(), lender()).low > 80


def test_a_hotel_has_nothing_of_software_in_it():
    found = only(lead(industry="hospitality"), service(target_industries=("software",)))

    assert found.industry_points == 0


def test_who_serves_a_trade_serves_its_parts():
    assert only(restaurant(industry="722511"), lender(target_industries=("722",))).score(
        "industry"
    ) == pytest.approx(100)


def test_a_related_trade_counts_in_part():
    found = only(lead(industry="5415"), service(target_industries=("5132",)))

    assert 0 < found.industry_points < 20


@pytest.mark.parametrize(
    ("nearer", "farther"),
    [
        (around(50), NATIONWIDE),
        (ILLINOIS, NATIONWIDE),
        (CHICAGO, ILLINOIS),
    ],
    ids=["radius and country", "state and country", "town and state"],
)
def test_a_provider_near_by_goes_before_one_that_serves_all(nearer, farther):
    local = only(restaurant(), lender(target_locations=(nearer,)))
    wide = only(restaurant(), lender(target_locations=(farther,)))

    assert local.geographic_points > wide.geographic_points


def test_who_names_no_place_stands_between_the_country_and_half_the_points():
    anywhere = only(restaurant(), lender(target_locations=()))
    country = only(restaurant(), lender())

    assert anywhere.score("geographic") == pytest.approx(70)
    assert country.score("geographic") == 80


def test_who_names_no_place_serves_a_lead_of_an_unknown_place_as_any_other():
    assert only(lead(), service()).parts[0] == only(restaurant(), service()).parts[0]


def test_a_lead_in_the_next_town_beyond_the_metropolitan_area_counts_less():
    milwaukee = replace(
        restaurant(), latitude=43.04, longitude=-87.91, admin1="WI", place="Milwaukee"
    )
    town = lender(target_locations=(CHICAGO,))

    assert 0 < only(milwaukee, town).geographic_points < only(restaurant(), town).geographic_points


def test_the_far_end_of_the_state_of_a_town_is_still_served():
    cairo = replace(restaurant(), latitude=37.0, longitude=-89.18, place="Cairo")

    assert only(cairo, lender(target_locations=(CHICAGO,))).score("geographic") == 20


def test_of_several_areas_the_best_counts():
    both = lender(target_locations=(NATIONWIDE, CHICAGO))

    assert only(restaurant(), both).geographic_points == 25


def test_a_related_need_counts_in_part():
    exact = only(lead(needs=("business_loan",)), service())
    related = only(lead(needs=("financial_assistance",)), service())

    assert exact.need_points > related.need_points > 0


def test_of_the_needs_that_a_type_answers_the_first_is_its_own():
    credit = service(service_type="line_of_credit")
    own, beside = (
        only(lead(needs=(need,)), credit).need_points
        for need in ("working_capital", "business_loan")
    )

    assert (own, beside) == (25, pytest.approx(22.5))


def test_needs_that_a_provider_names_are_all_its_own():
    names = service(answers_needs=("working_capital", "business_loan"))

    for need in names.answers_needs:
        assert only(lead(needs=(need,)), names).need_points == 25


def test_a_specialist_goes_before_one_that_answers_the_need_beside_another():
    loan, credit = service(1), service(2, service_type="line_of_credit")

    first, _ = matched(lead(needs=("working_capital",)), loan, credit).matches

    assert first.service is credit


def test_the_strongest_need_of_a_lead_weighs_most():
    wants = lead(needs=("business_loan", "business_consulting"))

    loan, advice = matched(wants, service(2), service(1, service_type="consulting")).matches

    assert loan.service.id == "002" and loan.need_points > advice.need_points


@pytest.mark.parametrize("said", [{"lead_category": "loan"}, {"loan_amount": 45_000}])
def test_what_a_lead_says_itself_is_a_need(said):
    assert only(lead(**said), service()).need_points == 25


def test_a_need_that_was_said_stays_where_another_was_found():
    found = only(
        lead(lead_category="insurance", needs=("growth_capital",)),
        service(service_type="insurance"),
    )

    assert found.need_points == 25


def test_a_service_answers_what_its_provider_says_before_what_its_type_says():
    odd = service(service_type="loan", answers_needs=("Business consulting",))

    assert only(lead(needs=("business_consulting",)), odd).need_points == 25


def test_a_loan_for_consumers_answers_no_business():
    personal = service(target_audience="consumer")

    assert only(lead(needs=("personal_loan",)), personal).need_points == 25
    assert not matched(lead(needs=("growth_capital",)), personal).matches


def test_an_age_that_may_just_miss_what_is_asked_for_costs_what_it_misses():
    asks = service(requirements={"min_company_age_years": 2.5})
    enough, short = (only(lead(founded_year=y), asks).profile_points for y in (2023, 2024))

    assert enough - short == pytest.approx(3 * 0.5 / 2.5)


def test_a_founding_year_to_come_is_not_known():
    asks = service(requirements={"min_company_age_years": 2})

    assert only(lead(founded_year=2030), asks).high > only(lead(founded_year=2030), asks).low


def test_activity_fades_by_half_in_two_weeks():
    fresh, old = (
        only(lead(last_activity_at=NOW - timedelta(days=d)), service()).behavioral_points
        for d in (0, 14)
    )

    assert fresh - old == pytest.approx(2.0)


def test_activity_to_come_is_of_now():
    ahead = lead(last_activity_at=NOW + timedelta(days=3))

    assert only(ahead, service()).behavioral_points == pytest.approx(4 + 11 / 4)


@pytest.mark.parametrize("field", ["industry", "needs", "lead_type", "company_size", "revenue"])
def test_what_is_not_known_widens_the_interval(field):
    asks = lender(requirements={"min_revenue": 100_000})
    full = restaurant(revenue=200_000)

    known, unknown = only(full, asks), only(replace(full, **{field: None}), asks)

    if field == "needs":
        unknown = only(replace(full, needs=None, loan_amount=None), asks)
    assert known.low == known.high
    assert unknown.low < unknown.match_score < unknown.high == pytest.approx(known.match_score)


def test_an_empty_text_says_as_little_as_none():
    blank = lead(industry="", needs=(), company_size="", country="", lead_category="")

    assert only(blank, lender()).parts == only(lead(), lender()).parts


def test_an_amount_that_is_none_says_nothing():
    for amount in (0, -5, float("nan")):
        found = only(restaurant(loan_amount=amount), lender())
        assert found.parts == only(restaurant(loan_amount=None), lender()).parts
