"""Leads of people whom no table of ours had in mind: each pair is judged as a running check would.

What each file holds, and who wrote it, stands at its head.
"""

import pytest

from tests.services.dedup.pair_tables import TABLES, found_again, pairs


def each(sign):
    """Run a test with every pair of every table under *sign*."""
    found = [(table, pair) for table in TABLES for pair in pairs(table, sign)]
    named = [pytest.param(*pair.values, id=f"{table}: {pair.id}") for table, pair in found]
    return pytest.mark.parametrize(("one", "other"), named)


@each("=")
def test_one_person_is_found_whichever_lead_came_first(one, other):
    assert found_again(one, other)
    assert found_again(other, one)


@each("!")
def test_two_people_pass_whichever_lead_came_first(one, other):
    assert not found_again(one, other)
    assert not found_again(other, one)


@pytest.mark.xfail(strict=True, reason="a name that nobody could look up, or nothing to tell it by")
@each("?")
def test_what_is_known_to_be_missed(one, other):
    assert found_again(one, other)
