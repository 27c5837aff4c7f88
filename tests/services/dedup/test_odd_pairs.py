"""Leads of people whom no table had in mind: each pair is judged as a running check would."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.accuracy import engine
from bench.leads.arrival import Arrival

PAIRS = Path(__file__).with_name("odd_pairs.txt")

FIELDS = {
    **{"n": "name", "f": "first_name", "l": "last_name", "e": "email", "p": "phone"},
    **{"c": "company", "t": "job_title", "s": "street", "g": "city", "r": "state"},
    **{"z": "postal_code", "k": "country", "d": "date_of_birth"},
}


def lead(line):
    """Return the lead that a line of the table spells out."""
    parts = (part.partition(":") for part in line.split("|"))
    return {FIELDS[letter]: text for letter, _, text in parts}


def pairs(sign):
    """Return the pairs under *sign*, each named by what is odd about it."""
    lines = PAIRS.read_text(encoding="utf-8").splitlines()
    found = [line for line in lines if not line.startswith("#")]
    rows = zip(found[::3], found[1::3], found[2::3], strict=True)
    return [
        pytest.param(lead(one), lead(other), id=title[2:])
        for title, one, other in rows
        if title[0] == sign
    ]


def found_again(known, new):
    """Return whether *new*, three weeks after *known*, is taken for a duplicate."""
    first = datetime(2026, 3, 2, 9, tzinfo=UTC)
    leads = [
        Arrival(each, first + days, None, "web", 1, False, "first", "", "")
        for each, days in ((known, timedelta()), (new, timedelta(weeks=3)))
    ]
    *_, last = engine.run(leads)
    return last.outcome.verdict.decision.duplicate_found


@pytest.mark.parametrize(("one", "other"), pairs("="))
def test_one_person_is_found_whichever_lead_came_first(one, other):
    assert found_again(one, other)
    assert found_again(other, one)


@pytest.mark.parametrize(("one", "other"), pairs("!"))
def test_two_people_pass_whichever_lead_came_first(one, other):
    assert not found_again(one, other)
    assert not found_again(other, one)


@pytest.mark.xfail(strict=True, reason="another name, or nothing to tell it by")
@pytest.mark.parametrize(("one", "other"), pairs("?"))
def test_what_is_known_to_be_missed(one, other):
    assert found_again(one, other)
