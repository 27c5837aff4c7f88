import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.normalize.name import parse
from shared.normalize.name_frequency import (
    EVERYONE,
    INITIAL,
    UNLISTED,
    commonness,
    given_per_mille,
    per_mille,
)
from shared.normalize.tables import rows
from shared.normalize.text import fold

TABLES = ("family_names.csv", "given_names.csv")
anything = st.text(st.characters(exclude_categories=()))


def family(full):
    return per_mille(parse(full).family)


def test_nguyen_is_commoner_than_smith_and_smith_than_an_unlisted_name():
    assert per_mille("nguyen") > per_mille("smith") > per_mille("featherstonehaugh") == UNLISTED


def test_mohammed_is_commoner_than_kevin_and_kevin_than_an_unlisted_name():
    assert given_per_mille("mohammed") > given_per_mille("kevin")
    assert given_per_mille("kevin") > given_per_mille("zebulonx") == UNLISTED


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("zhang", "cheung"),
        ("kim", "gim"),
        ("lee", "rhee"),
        ("ivanov", "ivanova"),
        ("sato", "satoh"),
    ],
)
def test_every_usual_spelling_of_a_common_name_is_common(one, other):
    assert per_mille(one) > 5 and per_mille(other) > 5


@pytest.mark.parametrize(
    "full",
    [
        "María de la Cruz",
        "João da Silva",
        "Jan de Vries",
        "Seán O'Brien",
        "Fahad Al Harbi",
        "Søren Sørensen",
        "Иван Петров",
        "王小明",
        "김철수",
        "田中さくら",
        "Nguyễn Văn Đức",
    ],
)
def test_a_common_name_is_found_as_the_parser_gives_it(full):
    assert family(full) > 1


def test_the_rarest_word_of_a_name_counts():
    assert per_mille("garcia featherstonehaugh") == UNLISTED
    assert per_mille("garcia lopez") == per_mille("lopez") < per_mille("garcia")


def test_an_initial_is_as_common_as_a_letter_and_no_name_is_everyone_s():
    assert given_per_mille("j") == per_mille("j") == INITIAL
    assert given_per_mille("") == per_mille(" ") == EVERYONE


def test_a_common_whole_name_is_commoner_than_a_rare_one_and_its_share_is_the_product():
    assert commonness("maria", "garcia") > commonness("ada", "garcia") > commonness("ada", "xyzzy")
    share = given_per_mille("maria") * per_mille("garcia") / 1_000_000
    assert math.isclose(2 ** commonness("maria", "garcia"), share)


@given(anything, anything)
@settings(deadline=None)
def test_any_text_has_a_figure_in_range(one, other):
    for given_name, family_name in ((one, other), (fold(one), fold(other))):
        assert UNLISTED <= per_mille(family_name) <= EVERYONE
        assert UNLISTED <= given_per_mille(given_name) <= EVERYONE
        assert math.log2(1e-8) <= commonness(given_name, family_name) <= 0


@given(st.lists(st.sampled_from(["garcia", "lopez", "smith", "xyzzy"]), min_size=1))
@settings(deadline=None)
def test_the_order_of_the_words_changes_nothing(words):
    assert per_mille(" ".join(words)) == per_mille(" ".join(reversed(words)))


@pytest.mark.parametrize("table", TABLES)
def test_each_row_is_one_folded_word_a_figure_and_a_country(table):
    for name, figure, country in rows(table):
        assert name == fold(name) and " " not in name and len(name) > 1
        assert UNLISTED < float(figure) < 500
        assert len(country) == 2 and country.isupper()


@pytest.mark.parametrize("table", TABLES)
def test_no_name_stands_twice_in_a_table(table):
    names = [name for name, *_ in rows(table)]
    assert len(names) == len(set(names))
