"""Leads from some forty countries, by somebody who knew neither the tables nor the generators."""

import pytest

from tests.services.dedup.pair_tables import found_again, pairs

TABLE = "world_pairs.txt"


@pytest.mark.parametrize(("one", "other"), pairs(TABLE, "="))
def test_one_person_of_any_country_is_found_again(one, other):
    assert found_again(one, other)
    assert found_again(other, one)


@pytest.mark.parametrize(("one", "other"), pairs(TABLE, "!"))
def test_two_people_of_any_country_stay_two(one, other):
    assert not found_again(one, other)
    assert not found_again(other, one)


@pytest.mark.xfail(strict=True, reason="a name of another tongue, or one that nobody could look up")
@pytest.mark.parametrize(("one", "other"), pairs(TABLE, "?"))
def test_what_is_known_to_be_missed_abroad(one, other):
    assert found_again(one, other)
