"""Who wrote an address or a number is found by it, whatever stands for it elsewhere."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dedup.written import Written
from shared.normalize.mailbox import mailbox

NOBODY = {"email": "nobody@firma.example"}


def gave(wanted, fields, country="US"):
    return Written(wanted, country).of(fields)


@pytest.mark.parametrize(
    "text",
    [
        "nobody@firma.example",
        " Nobody@FIRMA.example",
        "No Body <nobody+x@firma.example>",
        "mailto:nobody@firma.example",
    ],
)
def test_a_placeholder_is_found_however_it_was_typed(text):
    assert gave(NOBODY, {"email": text})


def test_a_further_address_is_found_however_many_stand_before_it():
    several = "; ".join(f"a{n}@b.example" for n in range(8))

    assert gave(NOBODY, {"email": "x@y.example", "other_email": f"{several}; {NOBODY['email']}"})


@pytest.mark.parametrize(
    "text", ["nobody@firma.test", "nobody2@firma.example", "mr.nobody@firma.example", "none", ""]
)
def test_an_address_like_it_is_another(text):
    assert not gave(NOBODY, {"email": text})


@pytest.mark.parametrize("text", ["AdaL@googlemail.com", "ada.l+news@gmail.com", "ada.l@gmial.com"])
def test_a_providers_own_spellings_are_one_mailbox(text):
    assert gave({"email": "ada.l@gmail.com"}, {"email": text})


@pytest.mark.parametrize(
    "text", ["(212) 555-0147", "+1 212 555 0147", "001 212-555-0147", "212 555 0147; 212 555 0148"]
)
def test_a_number_is_found_in_whatever_form(text):
    assert gave({"phone": "+12125550147"}, {"phone": "1", "other_phone": text})


def test_a_number_in_letters_is_found():
    assert gave({"phone": "+1 800 356 9377"}, {"phone": "1-800-FLOWERS"})


def test_a_national_number_is_read_in_the_country_of_its_lead():
    london = {"phone": "020 7946 0958", "country": "GB"}

    assert gave({"phone": "+44 20 7946 0958"}, london)
    assert not gave({"phone": "+44 20 7946 0958"}, london | {"country": "DE"})


def test_a_placeholder_number_is_found():
    assert gave({"phone": "000-000-0000"}, {"phone": "0000000000"})


def test_who_gave_one_of_two_did_not_give_both():
    wanted = NOBODY | {"phone": "+12125550147"}

    assert not gave(wanted, NOBODY)
    assert gave(wanted, NOBODY | {"phone": "212 555 0147"})


def test_what_is_no_address_is_nobodys():
    assert Written({"email": "none"}, "US").wanted == {"email": set()}


addresses = st.builds(
    "{}{}@{}.{}".format,
    st.sampled_from(["ada", "nobody", "test", "A.B", "x-y", "o'neil", "jörg"]),
    st.sampled_from(["", "+tag", ".l", "-1", "1"]),
    st.sampled_from(["gmail", "googlemail", "yahoo", "yandex", "firma", "gmial", "web"]),
    st.sampled_from(["com", "de", "example", "ru"]),
)


@settings(deadline=None)
@given(addresses, addresses)
def test_leaving_out_what_is_unlikely_leaves_out_no_match(wanted, text):
    meant, other = mailbox(wanted), mailbox(text)
    same = meant is not None and other is not None and meant.canonical == other.canonical

    assert gave({"email": wanted}, {"email": text}) == (same or meant is None)
