"""Keys are told apart exactly, or as they are read."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.seen.key import LONGEST_KEY, MISSING, READINGS, Key, Unreadable, spelling

TEXTS = st.text(min_size=1, max_size=40).filter(lambda t: t.strip() and t.strip() not in MISSING)
PARTS = st.lists(TEXTS, min_size=1, max_size=5)


@given(TEXTS, TEXTS)
@example("Ann", "ann")
@example("Müller", "Mu\u0308ller")
def test_two_texts_are_one_key_only_if_they_are_equal(one, other):
    assert (spelling(Key(one)) == spelling(Key(other))) is (one == other)


@given(PARTS, PARTS)
@example(["ab", "c"], ["a", "bc"])
@example(["a\x1f1:b"], ["a", "b"])
def test_two_lists_are_one_key_only_if_they_are_equal(one, other):
    assert (spelling(Key(one)) == spelling(Key(other))) is (one == other)


@given(TEXTS)
def test_a_list_of_one_is_not_the_text_alone(text):
    assert spelling(Key([text])) != spelling(Key(text))


@given(st.integers())
def test_a_number_is_the_text_of_its_digits(number):
    assert spelling(Key(number)) == spelling(Key(str(number)))


@given(st.integers(-(2**53), 2**53))
def test_a_whole_number_with_a_point_is_the_whole_number(number):
    assert spelling(Key(float(number))) == spelling(Key(number))


def test_neighbours_beyond_what_a_double_can_hold_are_two_keys():
    assert spelling(Key(9007199254740993)) != spelling(Key(9007199254740992))


def test_a_part_that_is_absent_is_an_empty_one():
    assert spelling(Key(["ann", None])) == spelling(Key(["ann", ""])) != spelling(Key(["ann"]))


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, {}, {"a": 1}, "", "  ", [], [None, ""], [["a"]], [True], "x" * 2001),
        *(["x" * 1001, "y" * 1000], ["a"] * 21, float("nan"), float("inf"), 10**400),
        *MISSING,
    ],
)
def test_what_is_no_key_is_refused(value):
    with pytest.raises(Unreadable):
        spelling(Key(value))


def test_a_key_of_the_greatest_length_is_one():
    assert spelling(Key("x" * LONGEST_KEY))


@given(st.one_of(TEXTS, st.integers(), st.floats(), PARTS), st.sampled_from([None, *READINGS]))
def test_a_key_is_read_or_refused_without_a_word_of_it(value, reading):
    try:
        assert spelling(Key(value, reading)) == spelling(Key(value, reading))
    except Unreadable as error:
        assert str(error)[0].islower()


@pytest.mark.parametrize(
    ("reading", "one", "other"),
    [
        ("email", "Ann.Lee+crm@GMAIL.com", "annlee@gmail.com"),
        ("email", " <Ann@Corp.example> ", "mailto:ann@corp.example"),
        ("phone", "(212) 555-1212", "+12125551212"),
        ("text", "  Müller & Söhne ", "muller sohne"),
        ("text", ["Ann", "O'Brien"], ["ann", "OBRIEN"]),
    ],
)
def test_spellings_of_one_thing_are_one_key_where_they_are_read(reading, one, other):
    assert spelling(Key(one, reading)) == spelling(Key(other, reading))


@pytest.mark.parametrize(
    ("reading", "value"),
    [("email", "ann at home"), ("phone", "n/a"), ("text", "!!"), ("email", ["a@b.example", "c"])],
)
def test_what_cannot_be_read_so_is_refused(reading, value):
    with pytest.raises(Unreadable):
        spelling(Key(value, reading))
