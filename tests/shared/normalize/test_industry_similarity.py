import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.normalize.industry import industry, named, parents, similarity
from shared.normalize.industry_codes import codes, group
from shared.normalize.tables import rows

HIGH, LOW = 0.7, 0.2

spelt = st.sampled_from(sorted({p for p, *_ in rows("industry_names.csv")} | set(codes())))
known = st.sampled_from(sorted(codes())).map(named)
texts = st.one_of(
    st.text(max_size=40),
    st.sampled_from([name for _, *names in rows("industry_names.csv") for name in names]),
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("restaurant", "food service"),
        ("food service", "hospitality"),
        ("restaurant", "hospitality"),
        ("software", "technology"),
        ("software", "IT services"),
        ("dentist", "health care"),
        ("Gastronomie", "ristorante"),
        ("e-commerce", "retail"),
    ],
)
def test_near_trades_are_alike(one, other):
    assert similarity(one, other) >= HIGH


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("restaurant", "software"),
        ("hospitality", "software"),
        ("hospitality", "IT"),
        ("bank", "food bank"),
        ("plumber", "law firm"),
        ("agriculture", "advertising agency"),
    ],
)
def test_distant_trades_are_not_alike(one, other):
    assert similarity(one, other) <= LOW


def test_likeness_is_graded():
    restaurant = [similarity("restaurant", other) for other in ("bar", "hotel", "grocery", "bank")]
    assert restaurant == sorted(restaurant, reverse=True)
    assert len(set(restaurant)) == 4


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bakery", "grocery store"),
        ("software", "computer hardware"),
        ("real estate", "construction"),
        ("insurance", "bank"),
        ("hospital", "dentist"),
        ("accountant", "lawyer"),
    ],
)
def test_the_table_relates_trades_across_the_hierarchy(one, other):
    assert LOW < similarity(one, other) <= 0.75


def test_neighbours_in_name_alone_are_not_near():
    assert similarity("lawyer", "vet") < 0.5 < similarity("dentist", "doctor")


def test_unknown_words_are_compared_as_words():
    assert similarity("xyzzy corp", "xyzzy") > 0
    assert similarity("xyzzy", "qwrtz") == 0
    assert similarity("xyzzy", "xyzzy") == 1


def test_saying_nothing_is_like_nothing():
    assert similarity("", "") == similarity("", "restaurant") == similarity("!", "!") == 0


def test_an_industry_and_its_name_may_be_mixed():
    assert similarity(industry("restaurant"), "restaurants") == 1


@given(texts, texts)
@settings(deadline=None)
def test_likeness_of_texts_is_symmetric_and_in_range(one, other):
    assert 0 <= similarity(one, other) == similarity(other, one) <= 1


@given(spelt, spelt)
@settings(deadline=None)
def test_likeness_of_branches_is_symmetric_and_in_range(one, other):
    assert 0 <= similarity(group(one), group(other)) == similarity(group(other), group(one)) <= 1


@given(known)
@settings(deadline=None)
def test_a_branch_is_like_itself(one):
    assert similarity(one, one) == 1


@given(known, known)
@settings(deadline=None)
def test_nothing_is_nearer_to_a_branch_than_its_parent(one, other):
    above = parents(one.code)
    if above and other != one and one not in parents(other.code):
        assert similarity(one, above[0]) >= similarity(one, other)


@given(known)
@settings(deadline=None)
def test_what_contains_a_branch_is_the_less_like_it_the_wider_it_is(one):
    near = [similarity(one, other) for other in parents(one.code)]
    assert near == sorted(near, reverse=True)


def test_every_line_of_the_table_has_codes_a_value_and_a_reason():
    for what, *cells in rows("industry_similarity.csv"):
        *branches, value, reason = cells
        assert what in ("within", "pair")
        assert len(branches) == (1 if what == "within" else 2)
        assert all(named(code) for code in branches)
        assert 0 < float(value) <= 0.9
        assert reason
