"""Slips before the @: what hand, camera and keys make of one mailbox, and what namesakes have."""

import pytest

from services.dedup.mailbox_slips import letter_for_digit, misread, other_number


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("saskia.koopmans", "saskia.kooprnans"),
        ("hruskaf", "hriiskaf"),
        ("lucja.iwanska71", "lucja.iwariska71"),
        ("matsumotok", "matsum0tok"),
    ],
)
def test_a_scanner_reads_one_letter_for_another(typed, read):
    assert misread(typed, read)
    assert misread(read, typed)


@pytest.mark.parametrize(("one", "other"), [("smith5", "smiths"), ("ann", "anna1"), ("", "o")])
def test_a_number_behind_a_word_is_no_letter_misread(one, other):
    assert not misread(one, other)


@pytest.mark.parametrize(("one", "other"), [("fox4674", "fox467f"), ("kim85", "kim8i5")])
def test_a_letter_on_a_digit_s_key_is_a_slip(one, other):
    assert letter_for_digit(one, other)
    assert letter_for_digit(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("fox4674", "fox4675"), ("fox", "foxy"), ("kim8", "kim"), ("a1", "a12")]
)
def test_another_number_or_word_is_none(one, other):
    assert not letter_for_digit(one, other)


def test_a_digit_too_many_differs_in_a_number_of_three():
    assert other_number("kiprop514", "kiprop5514")
    assert not other_number("kiprop14", "kiprop1")
