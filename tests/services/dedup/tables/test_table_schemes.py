"""Weights of one table on another: it is read as the first was, or refused."""

import pytest

from services.dedup.tables import linking
from services.dedup.tables.kinds import Kind
from shared.errors import Malformed, Meaningless

COLUMNS = ("shop", "street", "style", "phone")

SHOPS = ("Amber", "Basil", "Clover", "Dahlia", "Elder", "Fennel", "Gorse", "Hazel", "Iris", "Jade")


def shops(count=20):
    """Return *count* shops twice, of two styles, and which is which."""
    rows, truth = [], []
    for number in range(count):
        name = f"{SHOPS[number % 10]} {'Rooms' if number < 10 else 'Corner'}"
        style = "thai food" if number % 2 else "steak house"
        row = [name, f"{7 * number + 3} Mill Lane", style, f"0113 496 {1000 + 37 * number}"]
        rows += [row, [f"The {name}", row[1], style, None]]
        truth += [str(number)] * 2
    return rows, truth


FEW = [
    ["Juniper Kitchen", "3 Oak Road", "tapas bar", "0113 496 2001"],
    ["The Juniper Kitchen", "3 Oak Road", "wine and tapas", "0113 496 2001"],
    ["Marigold Rooms", "80 Dock Street", "noodle soup", "0113 496 2500"],
]
"""A table in which every style is another, so that style looks like text."""


@pytest.fixture(scope="module")
def weights():
    return linking.taught(COLUMNS, *shops())


def kind(scheme, heading):
    return scheme.kinds[scheme.headings.index(heading)]


def test_what_is_a_category_in_one_table_may_look_like_text_in_another(weights):
    assert kind(weights.scheme, "style") is Kind.CATEGORY
    assert kind(linking.linked(COLUMNS, FEW).scheme, "style") is Kind.TEXT


def test_a_table_is_read_as_the_one_that_taught_its_weights(weights):
    found = linking.linked(COLUMNS, FEW, learned=weights)

    assert found.scheme == weights.scheme
    assert found.clusters == ((0, 1),)


def test_weights_of_text_are_used_on_what_looks_like_a_category():
    weights = linking.taught(COLUMNS, FEW, ["a", "a", "b"])

    found = linking.linked(COLUMNS, shops()[0], learned=weights)

    assert kind(found.scheme, "style") is Kind.TEXT
    assert found.clusters == tuple((n, n + 1) for n in range(0, 40, 2))


def test_columns_are_found_by_their_headings_and_others_left_out(weights):
    columns = ("note", *COLUMNS[::-1])
    rows = [[f"note {place}", *row[::-1]] for place, row in enumerate(FEW)]

    found = linking.linked(columns, rows, learned=weights)

    assert found == linking.linked(COLUMNS, FEW, learned=weights)


def test_columns_of_one_heading_stand_for_those_of_the_other_table_in_order():
    columns = ("shop", "phone", "phone")
    rows = [[row[0], row[3], None] for row in FEW]
    weights = linking.taught(columns, rows, ["a", "a", "b"])

    assert weights.scheme.places(("phone", "shop", "x", "phone")) == [1, 0, 3]


def test_a_table_that_lacks_a_column_is_refused_with_its_name(weights):
    rows = [row[:2] for row in FEW]

    with pytest.raises(Malformed, match="lacks style, phone"):
        linking.linked(COLUMNS[:2], rows, learned=weights)


def test_a_column_that_is_empty_in_the_other_table_is_no_evidence(weights):
    rows = [[*row[:3], None] for row in FEW]

    assert linking.linked(COLUMNS, rows, learned=weights).clusters == ((0, 1),)


def test_a_column_that_taught_nothing_says_nothing():
    rows, truth = shops()
    weights = linking.taught(COLUMNS, [[*row[:3], None] for row in rows], truth)

    found = linking.linked(COLUMNS, FEW, learned=weights, explain=True)

    assert "phone" not in {each.name for each in found.evidence[0]}


def test_rows_that_say_nothing_are_nothing_under_any_weights(weights):
    assert linking.linked(COLUMNS, [[None] * 4] * 3, learned=weights).clusters == ()
    assert linking.linked(COLUMNS, [], learned=weights).clusters == ()


@pytest.mark.parametrize("rows", [[], FEW[:1], [[None] * 4] * 3])
def test_a_table_that_says_too_little_teaches_nothing(rows):
    with pytest.raises(Meaningless, match="teaches nothing"):
        linking.taught(COLUMNS, rows, ["a"] * len(rows))
