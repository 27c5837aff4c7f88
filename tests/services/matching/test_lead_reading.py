"""Whatever a lead says is read, and what means nothing is unknown."""

from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.lead_reading import PLACE_FIELDS, read, told_more
from services.matching.profile import Profile

WORDS = (*PLACE_FIELDS, "industry", "company_size", "lead_type", "lead_category", "loan_amount")

PLAIN = st.sampled_from(["Austin, TX", "Texas", "CA", "bakery", "small", "business", "4,500", "?"])

SAID = st.dictionaries(st.sampled_from(WORDS), PLAIN | st.text(max_size=20))


@settings(deadline=None, max_examples=150)
@given(SAID)
def test_whatever_is_said_is_read(said):
    found = read(said, "US")

    assert set(found.not_understood) <= set(said)


@settings(deadline=None, max_examples=100)
@given(SAID)
def test_saying_nothing_more_changes_nothing(said):
    known = read(said, "US").profile

    assert told_more(known, Profile()) == known
    assert told_more(known, known) == known


@settings(deadline=None, max_examples=100)
@given(SAID, SAID)
def test_what_is_said_last_goes_first_and_the_rest_stays(before, after):
    first, last = read(before, "US").profile, read(after, "US").profile

    both = told_more(first, last)

    where = {"country", "admin1", "place", "latitude", "longitude"}
    for name in {field.name for field in fields(Profile)} - where:
        said = getattr(last, name)
        assert getattr(both, name) == (getattr(first, name) if said is None else said)


def test_a_region_is_no_point():
    found = read({"location": "California"}, "US").profile

    assert (found.country, found.admin1, found.latitude) == ("US", "CA", None)


def test_a_lead_that_names_another_place_is_not_half_in_the_former_one():
    austin = read({"location": "Austin, TX"}, "US").profile
    california = read({"location": "California"}, "US").profile

    both = told_more(austin, california)

    assert (both.admin1, both.latitude, both.place) == ("CA", None, None)


def test_coordinates_are_a_place():
    found = read({"latitude": 30.27, "longitude": -97.74}, "US").profile

    assert (found.latitude, found.admin1, found.place) == (30.27, "TX", "Austin")


@pytest.mark.parametrize(
    ("said", "amount"), [("45,000", 45000.0), ("much", None), ("", None), (7.5, 7.5)]
)
def test_an_amount_may_be_written(said, amount):
    assert read({"loan_amount": said}, "US").profile.loan_amount == amount


def test_signals_stand_for_needs_after_those_that_are_named():
    said = {"needs_identified": ["growth_capital"], "signals": [{"type": "loan_need"}]}

    assert read(said, "US").profile.needs == ("growth_capital", "business_loan")


def test_a_consent_is_read_in_our_words():
    assert read({}, "US").profile.purposes is None
    assert read({"consent": {"purposes": []}}, "US").profile.purposes == frozenset()
    assert read({"consent": {"purposes": ["Sharing"]}}, "US").profile.purposes == {"sharing"}


@pytest.mark.parametrize(
    ("stored", "claimed", "stands"),
    [
        (frozenset(), {"sharing"}, frozenset()),
        ({"lead_processing"}, {"lead_processing", "sharing"}, {"lead_processing"}),
        ({"lead_processing", "sharing"}, {"lead_processing"}, {"lead_processing"}),
        ({"sharing"}, set(), frozenset()),
        (None, {"sharing"}, {"sharing"}),
    ],
)
def test_whoever_asks_narrows_the_consent_that_is_stored_and_never_widens_it(
    stored, claimed, stands
):
    before = Profile(purposes=stored if stored is None else frozenset(stored))

    after = told_more(before, Profile(purposes=frozenset(claimed)))

    assert after.purposes == stands


def test_amounts_are_read_as_forms_take_them():
    found = read({"loan_amount": "€45k", "revenue": "1,2 Mio", "founded_year": "since 2015"}, "US")

    profile = found.profile
    assert (profile.loan_amount, profile.currency, profile.revenue) == (45_000, "EUR", 1_200_000)
    assert profile.founded_year == 2015


def test_a_dollar_is_that_of_the_leads_country():
    found = read({"country": "Canada", "loan_amount": "$45,000"}, "US").profile

    assert found.currency == "CAD"


def test_revenue_in_another_currency_than_the_loan_is_unknown():
    found = read({"loan_amount": "€45k", "revenue": "$1M"}, "US").profile

    assert (found.currency, found.revenue) == ("EUR", None)


def test_an_amount_that_says_nothing_is_named():
    assert read({"loan_amount": "a lot"}, "US").not_understood == ("loan_amount",)
