"""Leads of people whom no table had in mind: each pair is judged as a running check would."""

import pytest

from tests.services.dedup.pair_tables import found_again, pairs

TABLE = "odd_pairs.txt"


@pytest.mark.parametrize(("one", "other"), pairs(TABLE, "="))
def test_one_person_is_found_whichever_lead_came_first(one, other):
    assert found_again(one, other)
    assert found_again(other, one)


@pytest.mark.parametrize(("one", "other"), pairs(TABLE, "!"))
def test_two_people_pass_whichever_lead_came_first(one, other):
    assert not found_again(one, other)
    assert not found_again(other, one)


@pytest.mark.xfail(strict=True, reason="another name, or nothing to tell it by")
@pytest.mark.parametrize(("one", "other"), pairs(TABLE, "?"))
def test_what_is_known_to_be_missed(one, other):
    assert found_again(one, other)
