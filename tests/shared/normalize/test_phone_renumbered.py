"""Numbers of before a country changed its plan are read as they are dialled now."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.normalize import phone
from shared.normalize.phone_renumbered import today

RENUMBERED = (
    ("+55 11 8754-2219", "(11) 98754-2219", "BR"),
    ("011 8754-2219", "+55 11 98754-2219", "BR"),
    ("+84 168 220 4417", "038 220 4417", "VN"),
    ("0123 456 7801", "+84 83 456 7801", "VN"),
    ("+225 07 22 04 41", "07 07 22 04 41", "CI"),
    ("05 22 04 41", "+225 05 05 22 04 41", "CI"),
    ("+229 97 22 04 41", "01 97 22 04 41", "BJ"),
)


@pytest.mark.parametrize(("before", "now", "country"), RENUMBERED)
def test_an_old_number_is_the_one_of_today(before, now, country):
    assert phone.parse(before, country).e164 == phone.parse(now, country).e164


@pytest.mark.parametrize(
    ("number", "country"),
    [("(11) 3224-8871", "BR"), ("(11) 7844-2219", "BR"), ("024 3826 0441", "VN")],
)
def test_a_landline_and_a_radio_keep_their_digits(number, country):
    digits = "".join(filter(str.isdigit, number))

    assert phone.parse(number, country).national == digits.removeprefix("0")


@given(
    st.from_regex(r"(\+|00)?(55|84|225|229)?0?[0-9]{6,11}", fullmatch=True),
    st.sampled_from(["BR", "VN", "CI", "BJ", "US", None]),
)
def test_what_was_renumbered_is_not_renumbered_again(dialled, region):
    assert today(today(dialled, region), region) == today(dialled, region)
