"""Chinese given names after the tongues of their bearers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.normalize.han_readings import (
    mandarin,
    same_characters,
    spelt_otherwise,
    syllables,
)

ONE_NAME = (
    ("jianguo", "kin kwok"),
    ("zhiqiang", "chi keung"),
    ("meiling", "bee leng"),
    ("qingrui", "keng swee"),
    ("yu kwan", "yuchun"),
    ("xiumei", "hsiu mei"),
    ("zhiming", "jhih ming"),
    ("guangyao", "kuan yew"),
)


@pytest.mark.parametrize(("one", "other"), ONE_NAME)
def test_a_name_spelt_after_two_tongues_is_of_the_same_characters(one: str, other: str) -> None:
    assert same_characters(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("zhiqiang", "chi ming"), ("wai man", "wai kit"), ("anna", "annabel")]
)
def test_other_characters_are_another_name(one: str, other: str) -> None:
    assert same_characters(one, other) is False


def test_one_syllable_is_too_little_to_tell() -> None:
    assert same_characters("wen", "man") is None


def test_siblings_have_a_syllable_in_common_and_one_that_may_be_read_alike() -> None:
    assert same_characters("xin ting", "yan ting") and not spelt_otherwise("xin ting", "yan ting")


@pytest.mark.parametrize(("one", "other"), [("hsiu mei", "xiumei"), ("man chi", "wenchih")])
def test_beside_one_family_name_a_name_may_be_spelt_in_two_systems(one: str, other: str) -> None:
    assert spelt_otherwise(one, other)


def test_taiwan_writes_a_syllable_in_three_ways() -> None:
    assert mandarin("zhi") == {"zhi", "chih", "jhih"}


def test_only_syllables_of_chinese_names_are_syllables() -> None:
    assert syllables(["yuk", "sau"]) and not syllables(["yuk", "maria"])


@given(st.text("aeghiknuwyz ", max_size=12), st.text("aeghiknuwyz ", max_size=12))
def test_characters_are_the_same_from_both_sides(one: str, other: str) -> None:
    assert same_characters(one, other) == same_characters(other, one)
    assert spelt_otherwise(one, other) == spelt_otherwise(other, one)
