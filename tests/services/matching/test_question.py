"""What a lead is asked next: the field that decides between its services."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.constraints import CONSTRAINTS
from services.matching.criteria import CRITERIA
from services.matching.plausible import ANSWERABLE, between, years
from shared.privacy.modes import MODES
from tests.services.matching.offers import (
    CALIFORNIA,
    CHICAGO,
    ILLINOIS,
    NOW,
    lead,
    lender,
    matched,
    profiles,
    restaurant,
    service,
    services,
)

AGREED = frozenset({"sharing"})


def asked(profile, *offered, **options):
    question = matched(profile, *offered, **options).ask_next
    return question and question.field


def test_where_only_the_amount_tells_lenders_apart_it_is_asked_for():
    small = lender(1, min_loan_amount=1_000, max_loan_amount=50_000)
    large = lender(2, min_loan_amount=50_000, max_loan_amount=5_000_000)

    assert asked(restaurant(loan_amount=None), small, large) == "loan_amount"


def test_where_only_the_place_tells_services_apart_it_is_asked_for():
    west = lender(1, target_locations=(CALIFORNIA,))
    middle = lender(2, target_locations=(ILLINOIS,))
    nowhere = replace(restaurant(), latitude=None, longitude=None, admin1=None, country="US")

    assert asked(nowhere, west, middle) == "location"


def test_where_only_the_trade_tells_services_apart_it_is_asked_for():
    bars, code = lender(1), lender(2, target_industries=("software",))

    assert asked(restaurant(industry=None), bars, code) == "industry"


def test_a_lead_that_says_nothing_is_asked_what_it_needs():
    question = matched(lead(), service(1), service(2, service_type="insurance")).ask_next

    assert question.field == "needs"
    assert "insurance" in question.options


def test_a_need_that_rules_a_service_out_puts_it_below_all_others():
    better = lender(1, target_locations=(CHICAGO,), answers_needs=("business_loan",))
    worse = lender(2, target_industries=("software",), answers_needs=("insurance",))
    undecided = restaurant(needs=None, loan_amount=None)

    question = matched(undecided, better, worse).ask_next

    # A loan: as before; insurance: the other way round; something else: neither, which is a tie.
    assert question.options == ("business loan", "insurance", "something else")
    assert question.expected_change == pytest.approx((0 + 1 + 0.5) / 3)


@pytest.mark.parametrize(
    ("requirements", "field"),
    [({"min_revenue": 100_000}, "revenue"), ({"max_company_age_years": 4}, "founded_year")],
)
def test_what_decides_whether_a_service_may_be_had_is_asked_for(requirements, field):
    strict, easy = lender(1, requirements=requirements), lender(2)

    assert asked(restaurant(), strict, easy) == field


def test_a_year_is_tried_on_either_side_of_an_age_that_is_asked_for():
    asks = [service(requirements={"min_company_age_years": 2, "max_company_age_years": 10})]

    tried = [answer.founded_year for _, answer in years(lead(), asks, NOW)]

    assert [not matched(lead(founded_year=year), *asks).matches for year in tried] == [
        True,
        False,
        True,
    ]


def test_the_order_of_services_counts_before_the_points_that_all_of_them_get():
    bars, code = service(1, target_industries=("722",)), service(2, target_industries=("software",))

    assert asked(lead(), bars, code) == "industry"
    assert asked(lead(industry="722"), bars, code) == "needs"


def test_nothing_is_asked_where_no_answer_changes_a_score():
    assert asked(restaurant(), lender(1), lender(2, target_audience="both")) is None


def test_what_is_known_is_not_asked():
    known = restaurant(revenue=20, founded_year=2000, purposes=AGREED)

    assert asked(known, lender(1, requirements={"min_revenue": 10}), service(2)) is None


def test_where_consent_keeps_the_services_away_it_is_asked_for():
    offered = lender(1), lender(2, target_industries=("software",))

    assert asked(restaurant(), *offered, mode="gdpr_strict") == "consent"


def test_nobody_is_asked_again_for_a_consent_that_was_withdrawn():
    assert asked(restaurant(purposes=frozenset()), lender(1), mode="gdpr_strict") is None


def test_a_private_person_is_not_asked_about_a_company():
    small = service(1, target_company_sizes=("small",), requirements={"min_revenue": 100_000})
    private = lead(lead_type="consumer", country="US", needs=("personal_loan",), purposes=AGREED)

    assert asked(private, small, service(2, target_industries=("722",))) == "industry"


def test_amounts_are_tried_in_every_part_that_the_bounds_make():
    assert between([100, 400, 100]) == [50, 200, 800]
    assert between([]) == []
    assert len(between(range(1, 1000))) <= 5


@given(profiles(), st.lists(services, min_size=1, max_size=6, unique_by=lambda s: s.id))
@settings(deadline=None, max_examples=60)
def test_an_answer_moves_nothing_but_what_its_field_touches(profile, offered):
    mode = MODES["gdpr_strict"]
    for answerable in ANSWERABLE:
        for _, answer in answerable.tried(profile, offered, NOW):
            for one in offered:
                for constraint in CONSTRAINTS:
                    if constraint.name not in answerable.touches:
                        want = constraint.wanted(one)
                        same = constraint.excludes(want, profile, NOW, mode)
                        assert constraint.excludes(want, answer, NOW, mode) == same
                for criterion in CRITERIA:
                    if criterion.name not in answerable.touches:
                        want = criterion.wanted(one)
                        assert criterion.span(want, answer, NOW) == criterion.span(
                            want, profile, NOW
                        )


@given(profiles(), st.lists(services, max_size=8, unique_by=lambda s: s.id))
@settings(deadline=None, max_examples=100)
def test_a_question_is_worth_something_and_of_what_is_not_known(profile, offered):
    question = matched(profile, *offered).ask_next

    if question:
        assert 0 <= question.expected_change <= question.pairs
        assert question.options
        assert not getattr(profile, question.field, None) or question.field in (
            "loan_amount",
            "lead_type",
        )
