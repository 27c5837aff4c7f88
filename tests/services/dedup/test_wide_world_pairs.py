"""Leads of 64 places as a generator of somebody's own made them: what it found, of new people."""

import pytest

from tests.services.dedup.pair_tables import found_again, pairs

TABLE = "wide_world_pairs.txt"


@pytest.mark.parametrize(("one", "other"), pairs(TABLE, "="))
def test_one_person_is_found_again_however_they_write(one, other):
    assert found_again(one, other)
    assert found_again(other, one)


@pytest.mark.parametrize(("one", "other"), pairs(TABLE, "!"))
def test_two_people_are_two_however_alike_they_write(one, other):
    assert not found_again(one, other)
    assert not found_again(other, one)


@pytest.mark.xfail(strict=True, reason="no key in common, or a form that nobody could look up")
@pytest.mark.parametrize(("one", "other"), pairs(TABLE, "?"))
def test_what_the_generator_found_and_is_still_missed(one, other):
    assert found_again(one, other)
