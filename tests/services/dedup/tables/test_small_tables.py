"""Tables of a few rows: what is one thing is found, and neighbours stay apart."""

import pytest

from services.dedup.tables import linking
from services.dedup.tables.explaining import BESIDE, PRIOR
from tests.services.dedup.tables.further_tables import AFTERWARDS, COUPLE
from tests.services.dedup.tables.small_tables import MEMBERS, TABLES, small

ALL = TABLES | AFTERWARDS


@pytest.mark.parametrize("name", ALL)
def test_a_small_table_has_the_duplicates_that_its_owner_sees(name):
    table = small(ALL[name])

    assert linking.linked(table.columns, table.rows).clusters == table.clusters


@pytest.mark.parametrize("name", ALL)
def test_a_small_table_repeated_in_another_order_is_answered_alike(name):
    table = small(ALL[name])
    last = len(table.rows) - 1

    turned = linking.linked(table.columns, table.rows[::-1]).clusters

    back = sorted(tuple(sorted(last - row for row in each)) for each in turned)
    assert tuple(back) == table.clusters


@pytest.mark.xfail(strict=True, reason="of three rows two that share all but a name look like one")
def test_a_couple_whose_names_stand_in_one_column_are_two():
    table = small(COUPLE)

    assert linking.linked(table.columns, table.rows).clusters == ()


def test_two_rows_of_strangers_are_two():
    rows = [["Olive Marsden", "12 Mill Lane", "Otley"], ["Bernard Tully", "14 Mill Lane", "Otley"]]

    assert linking.linked(["name", "address", "city"], rows).clusters == ()


def test_two_equal_rows_are_one():
    rows = [["Olive Marsden", "12 Mill Lane", "Otley"]] * 2

    assert linking.linked(["name", "address", "city"], rows).clusters == ((0, 1),)


def test_what_is_said_of_a_link_adds_up_to_its_odds():
    table = small(MEMBERS)

    found = linking.linked(table.columns, table.rows, explain=True)

    [(_, _, bits)], [told] = found.pairs, found.evidence
    assert sum(each.bits for each in told) == pytest.approx(bits)
    levels = {each.name: each.level for each in told}
    assert (levels["first_name"], levels["dob"]) == ("one slip", "same")
    assert {PRIOR, BESIDE} <= levels.keys()


def test_a_column_that_says_nothing_of_a_pair_is_no_evidence():
    table = small(MEMBERS)
    rows = [[*row[:4], None] for row in table.rows]

    found = linking.linked(table.columns, rows, explain=True)

    assert "city" not in {each.name for each in found.evidence[0]}


def test_nothing_is_said_that_nobody_asked_for():
    table = small(MEMBERS)

    assert linking.linked(table.columns, table.rows).evidence == ()
