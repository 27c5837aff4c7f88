"""What a lead says of money is kept as it was said, by whichever door, and is matched by."""

import pytest

from tests.services.matching.account import BAKERY, Matched


@pytest.fixture
def mine(app, user_id):
    return Matched(app, user_id)


SAID = {"loan_amount": 45000, "currency": "USD", "revenue": "1,2 Mio", "founded_year": 2015}


def test_it_is_answered_as_it_was_said(mine):
    created = mine.ask("POST", "/leads", 201, email="x@corp.example", **BAKERY, **SAID)["lead"]

    shown = mine.get(f"/leads/{created['id']}")["lead"]

    expected = {"loan_amount": "45000", "revenue": "1,2 Mio", "founded_year": "2015"}
    assert {name: shown[name] for name in expected} == expected
    assert shown["currency"] == "USD"


@pytest.mark.parametrize(("said", "eligible"), [("$45k", 0), ("5-9k", 1), ("a lot", 1)])
def test_a_lead_is_matched_by_what_it_asks_for(mine, said, eligible):
    mine.service(max_loan_amount=10_000)
    lead_id = mine.lead(**BAKERY, loan_amount=said)

    assert mine.match(lead_id)["eligible_count"] == eligible


def test_the_amount_plays_no_part_in_who_is_a_duplicate(mine):
    lead = BAKERY | {"email": "x@corp.example"}
    first = mine.ask("POST", "/leads", 201, **lead, loan_amount="5k")
    again = mine.ask("POST", "/leads", 200, **lead, loan_amount="900k")

    assert again["lead"]["id"] == first["lead"]["id"]
