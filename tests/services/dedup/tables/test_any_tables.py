"""Tables of any columns: what is found does not depend on how the table happens to stand."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dedup.tables import candidates, grouping, kinds, levels, linking, reading
from services.dedup.tables.comparing import Comparisons
from services.dedup.tables.kinds import Kind

PEOPLE = ("first_name", "surname", "dob", "city", "email")

FIRST = ("Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Radia", "Ken", "Joan", "Niklaus")
LAST = ("Lovelace", "Hopper", "Turing", "Dijkstra", "Liskov", "Knuth", "Perlman", "Iverson")
TOWNS = ("Leeds", "York", "Hull", "Derby", "Bath")


def people(count, seed=1):
    """Return rows of *count* made-up people twice, a letter of every second name lost."""
    draw = random.Random(seed)
    rows = []
    for number in range(count):
        first, last = draw.choice(FIRST), draw.choice(LAST)
        born = f"{draw.randint(1940, 2005)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
        row = [first, last, born, draw.choice(TOWNS), f"{first}.{last}{number}@example.org".lower()]
        again = [first[:-1], last, born, None, row[4]] if number % 2 else list(row)
        rows += [row, again]
    return rows


def test_a_misspelt_person_is_found_in_a_table_of_own_columns():
    rows = people(40)

    found = linking.linked(PEOPLE, rows)

    assert found.clusters == tuple((n, n + 1) for n in range(0, 80, 2))


def test_the_order_of_the_rows_changes_nothing():
    rows = people(40)
    order = random.Random(2).sample(range(len(rows)), len(rows))

    straight = linking.linked(PEOPLE, rows)
    mixed = linking.linked(PEOPLE, [rows[place] for place in order])

    back = sorted(tuple(sorted(order[row] for row in each)) for each in mixed.clusters)
    assert tuple(back) == straight.clusters


def test_the_same_table_is_answered_the_same():
    assert linking.linked(PEOPLE, people(30)) == linking.linked(PEOPLE, people(30))


@pytest.mark.parametrize("rows", [[], [["Ada", "Lovelace", None, None, None]], [[None] * 5] * 3])
def test_a_table_that_says_too_little_has_no_duplicates(rows):
    assert linking.linked(PEOPLE, rows).clusters == ()


def test_a_table_without_columns_has_no_duplicates():
    assert linking.linked((), [[], []]).clusters == ()


def test_rows_that_are_all_equal_are_compared_without_fault():
    found = linking.linked(PEOPLE, [people(1)[0]] * 6)

    assert {row for each in found.clusters for row in each} <= set(range(6))


def test_signs_that_no_text_should_hold_do_no_harm():
    odd = ["a\x00b", "\ud800", "\u202e", "＠", "東京"]

    linking.linked(PEOPLE, [odd, *people(5), odd])


def test_names_in_other_scripts_are_compared_by_their_letters():
    rows = [*people(20), ["Владимир", "Соколов", "1970-01-02", None, None]]
    rows.append(["Vladimir", "Sokolov", "1970-01-02", None, None])

    assert (40, 41) in linking.linked(PEOPLE, rows).clusters


def test_a_wide_table_is_gone_through():
    columns = tuple(f"column {number}" for number in range(80))
    rows = [[f"{row % 10} {number}" for number in range(80)] for row in range(20)]

    assert linking.linked(columns, rows).compared == 190


def test_two_members_of_a_household_stay_two():
    columns = (*PEOPLE, "street", "phone")
    homes = [
        [*row, f"{10 + place // 2} Mill Lane", f"0113 496 {1000 + place // 2}"]
        for place, row in enumerate(people(60))
    ]
    homes.append(["Tom", "Pemberton", "1971-03-04", "York", None, "7 Abbey Road", "0190 449 6123"])
    homes.append(["Sue", "Pemberton", "1974-08-19", "York", None, "7 Abbey Road", "0190 449 6123"])

    together = {row for each in linking.linked(columns, homes).clusters for row in each}

    assert together.isdisjoint({120, 121})


def test_a_first_and_a_last_name_that_were_exchanged_are_told():
    rows = [*people(20), ["Ada", "Hopper", None, None, None], ["Hopper", "Ada", None, None, None]]
    cells = [[row[n] for row in rows] for n in range(5)]
    compared = Comparisons(reading.read(PEOPLE, kinds.kinds(PEOPLE, cells), cells))

    [found] = compared.levels(candidates.pairs(compared.columns)[-1:])

    assert found[1] == len(compared.scales[1].names) or found[0] == len(compared.scales[0].names)


def test_a_row_of_one_file_is_linked_once_and_never_within_its_file():
    rows = [*people(30), people(30)[0]]
    sources = ["a" if place % 2 == 0 else "b" for place in range(60)] + ["b"]

    found = linking.linked(PEOPLE, rows, sources)

    seen = [row for each in found.clusters for row in each]
    assert len(seen) == len(set(seen))
    assert all(sources[a] != sources[b] for a, b in found.clusters)


def test_blocking_finds_the_duplicates_of_a_table_too_large_to_compare_in_full():
    rows = people(500)
    cells = [[row[n] for row in rows] for n in range(5)]
    columns = reading.read(PEOPLE, kinds.kinds(PEOPLE, cells), cells)

    found = {tuple(pair) for pair in candidates.pairs(columns).tolist()}

    assert len(found) < 400_000
    assert {(n, n + 1) for n in range(0, 1000, 2)} <= found


def test_weights_that_were_taught_are_used_on_another_table():
    rows = people(40)
    truth = [str(place // 2) for place in range(80)]

    weights = linking.taught(PEOPLE, rows, truth)

    found = linking.linked(PEOPLE, people(40, seed=7), learned=weights)
    assert found.clusters == tuple((n, n + 1) for n in range(0, 80, 2))


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("given_name", Kind.GIVEN),
        ("Surname", Kind.FAMILY),
        ("dateOfBirth", Kind.DATE),
        ("soc_sec_id", Kind.CODE),
        ("Postal Code", Kind.POSTCODE),
        ("address_2", Kind.STREET),
        ("company", Kind.ORGANISATION),
        ("List price", Kind.CATEGORY),
    ],
)
def test_a_heading_tells_what_a_column_holds(heading, kind):
    assert kinds.kind(heading, ["x"]) is kind


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["a@example.org", "b@example.org"], Kind.EMAIL),
        (["1970-01-31", "1980-12-01"], Kind.DATE),
        (["(020) 7946 0123", "020 7946 0456"], Kind.PHONE),
        (["AB-1", "CD-2", "EF-3"], Kind.CODE),
        (["red", "blue"] * 20, Kind.CATEGORY),
        (["a longer text", "another one"], Kind.TEXT),
        ([], Kind.TEXT),
    ],
)
def test_cells_tell_what_a_column_holds_where_its_heading_does_not(cells, kind):
    assert kinds.kind("f7", cells) is kind


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("hiking boot size 42", "hiking boot size 43", "other number"),
        ("hiking boot size 42", "size 42 hiking boot", "same words"),
        ("hiking boot size 42", "hiking boot", "contained"),
        ("hiking boot size 42", "desk lamp 60 watt", "different"),
    ],
)
def test_a_number_that_is_another_is_another_thing(one, other, level):
    scale = levels.scale(Kind.TEXT, (one, other))

    assert scale.names[scale.compare(one, other)] == level


def test_what_hangs_together_by_a_long_chain_falls_apart_at_its_weakest_link():
    half = grouping.LARGEST // 2 + 1
    chain = [((row, row + 1), 1.0 if row == half - 1 else 5.0) for row in range(2 * half - 1)]

    found = grouping.clusters(chain, lambda pairs: [5.0] * len(pairs), 0.0)

    assert found == [list(range(half)), list(range(half, 2 * half))]


@settings(deadline=None)
@given(st.sampled_from(Kind), st.text(max_size=20), st.text(max_size=20))
def test_comparing_two_values_is_symmetric_and_in_range(kind, a, b):
    columns = reading.read(["c"], [kind], [[a, b]])
    for column in columns:
        one, other = column.values
        if not (one and other):
            continue
        scale = levels.scale(column.kind, column.values)
        assert scale.compare(one, other) == scale.compare(other, one)
        assert 0 <= scale.compare(one, other) < len(scale.names)
        assert scale.compare(one, one) == 0
