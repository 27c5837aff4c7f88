"""Short and pet forms that no table lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.normalize.short_form import short_form


@pytest.mark.parametrize(("short", "whole"), [("theodo", "theodora"), ("robno", "robert")])
def test_a_name_cut_off_or_with_a_pet_ending_is_a_short_form(short: str, whole: str) -> None:
    assert short_form(short, whole)


@pytest.mark.parametrize(
    ("one", "other"), [("angelo", "angelica"), ("anne", "hanne"), ("somsri", "somchai")]
)
def test_two_names_of_one_beginning_or_end_are_no_short_forms(one: str, other: str) -> None:
    assert not short_form(one, other)


@pytest.mark.parametrize(
    ("pet", "whole"), [("gustavinho", "gustavo"), ("ottochen", "otto"), ("olegoshka", "oleg")]
)
def test_an_ending_that_only_endears_makes_a_short_form(pet: str, whole: str) -> None:
    assert short_form(pet, whole)


@given(st.text("abeinost", min_size=1, max_size=8), st.text("abeinost", min_size=1, max_size=8))
def test_a_short_form_is_told_from_both_sides(one: str, other: str) -> None:
    assert short_form(one, other) == short_form(other, one)
