"""The order of a whole name, and how East Asian given names sound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.normalize.korean import korean_sound
from shared.normalize.name import parse
from shared.normalize.name_order import family_first
from shared.normalize.syllables import same_syllables

FAMILIES = (
    ("Matsuishi Chihiro", "matsuishi"),
    ("Kawashima Singo", "kawashima"),
    ("Sung Kuo-chun", "sung"),
    ("Maria Akira", "akira"),
    ("Shin Sung-sook", "shin"),
    ("Pan Chih-hua", "pan"),
    ("Török Tamás", "torok"),
    ("Tamás Török", "torok"),
    ("Phan Quốc Dũng", "phan"),
    ("Wei Ming Tan", "tan"),
    ("Tan Wei Ming", "tan"),
    ("Jason Tan Wei Ming", "tan"),
    ("Kim Anderson", "anderson"),
    ("Lee Harris", "harris"),
    ("Jackie Chan", "chan"),
    ("LAYLA AL-OTAIBI", "alotaibi"),
)


@pytest.mark.parametrize(("text", "family"), FAMILIES)
def test_the_commoner_reading_tells_the_family(text: str, family: str) -> None:
    assert parse(text).family == family


def test_a_korean_or_japanese_given_name_alone_is_no_whole_name() -> None:
    assert parse(given="정우").family == ""
    assert parse(given="久美子").family == ""


def test_a_generation_behind_a_family_name_in_its_field_is_none_of_it() -> None:
    assert parse(given="Adrián", family="Romero hijo").family == "romero"
    assert parse(given="Günter", family="Krüger jun.").suffix == "jr"
    assert parse("Pedro Neto").family == "neto"
    assert parse("Won Ki Jun").suffix == ""


def test_romanisations_of_a_korean_name_sound_alike() -> None:
    assert korean_sound("sungsook") == korean_sound("seongsug")
    assert korean_sound("youngmee") == korean_sound("yeongmi")
    assert korean_sound("minseo") != korean_sound("minsu")


def test_mandarin_and_cantonese_of_two_characters_correspond() -> None:
    assert same_syllables("zhijie", "chikit")
    assert same_syllables("jiajun", "leihua") is False
    assert same_syllables("xiuyan", "sauyin")  # y begins the second
    assert same_syllables("zhi", "chi") is None


@given(st.text(max_size=40), st.text(max_size=40))
def test_syllables_are_compared_alike_from_both_sides(one: str, other: str) -> None:
    assert same_syllables(one, other) == same_syllables(other, one)


@given(st.lists(st.text(max_size=12), max_size=6))
def test_any_words_have_an_order(words: list[str]) -> None:
    assert family_first(words) in (True, False)


@given(st.text(max_size=80))
def test_any_text_has_a_sound(text: str) -> None:
    assert isinstance(korean_sound(text), str)
