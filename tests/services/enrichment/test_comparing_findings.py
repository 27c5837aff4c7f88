"""What was given beside what was found: equal however it is spelled, or a conflict."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.enrichment.comparable import KINDS, comparable
from services.enrichment.conflicting import Conflict, conflicts
from tests.services.enrichment.conftest import finding


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("phone", "(212) 736-5000", "+1 212 736 5000"),
        ("email", "Ann.Lee+x@gmail.com", "annlee@googlemail.com"),
        ("website", "https://www.corp.example/about?x=1", "corp.example"),
        ("website", "müller.example", "http://xn--mller-kva.example:8080/"),
        ("company", "Acme Inc.", "ACME"),
        ("country", "Germany", "DE"),
        ("city", "  Zürich", "zurich"),
        ("social_profile", "https://www.linkedin.com/in/Ann/", "linkedin.com/in/ann?trk=x"),
        ("username", "@Ann", "ann"),
        ("state", "New  York", "new york"),
    ],
)
def test_another_spelling_is_the_same(field, one, other):
    assert comparable(field, one, "US") == comparable(field, other, "US") is not None


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("phone", "+1 212 736 5000", "+1 212 736 5001"),
        ("website", "corp.example", "other.example"),
        ("social_profile", "linkedin.com/in/ann", "linkedin.com/in/bob"),
        ("company", "Acme", "Ajax"),
    ],
)
def test_another_value_is_not(field, one, other):
    assert comparable(field, one, "US") != comparable(field, other, "US")


@pytest.mark.parametrize("domain", ["gmail.com", "https://mailinator.com/", "", "http://["])
def test_a_domain_that_strangers_share_joins_nobody(domain):
    assert comparable("website", domain, "US") is None


@given(st.sampled_from(sorted(KINDS)), st.text(max_size=80))
@settings(deadline=None)
def test_comparing_takes_any_text(field, text):
    found = comparable(field, text, "US")

    assert found is None or found.text


def test_what_the_person_gave_stands_beside_what_was_found():
    given = {"company": "Ajax"}

    found = conflicts(given, [finding(value="Acme Inc")], "US")

    assert found == (Conflict("company", "Ajax", "Acme Inc", "directory"),)


def test_the_same_phone_spelled_otherwise_is_no_conflict():
    given = {"phone": "(212) 736-5000"}

    assert conflicts(given, [finding(field="phone", value="+12127365000")], "US") == ()


def test_a_provider_that_agrees_once_contradicts_nobody():
    numbers = [finding(field="phone", value=value) for value in ("+12127365001", "+12127365000")]

    assert conflicts({"phone": "212 736 5000"}, numbers, "US") == ()


def test_one_providers_agreement_does_not_hide_anothers_conflict():
    found = [finding(value="Ajax"), finding(value="Acme", provider="site")]

    assert [one.provider for one in conflicts({"company": "Ajax"}, found, "US")] == ["site"]


def test_a_further_address_that_was_given_is_no_conflict():
    given = {"email": "ann@corp.example", "other_email": "ann@home.example"}

    assert conflicts(given, [finding(field="email", value="Ann@home.example")], "US") == ()


def test_a_name_in_two_fields_is_compared_as_one():
    given = {"first_name": "Ann", "last_name": "Lee"}

    assert conflicts(given, [finding(field="name", value="ANN LEE")], "US") == ()
    assert conflicts(given, [finding(field="name", value="Bob Lee")], "US")


def test_what_nobody_gave_contradicts_nothing():
    assert conflicts({}, [finding()], "US") == ()
    assert conflicts({"company": "?!"}, [finding()], "US") == ()
