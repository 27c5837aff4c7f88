"""An address stands for what the duplicate check finds its records by."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dedup import blocking
from services.dedup.record import read
from shared.privacy import addresses

EMAILS = (
    *("ada@analytical.example", "A.DA+news@gmail.com", "ada@gmial.com", "Ada <ada@web.de>"),
    "info@analytical.example",
)
PHONES = ("+1 212 555 0134", "(212) 555-0134", "+44 20 7946 0958", "+298 201234", "030 901820")


def keys(**fields):
    return {key for key in blocking.keys(read(fields).record) if key[0] in blocking.VALUES}


@pytest.mark.parametrize("text", EMAILS)
def test_a_mailbox_has_the_key_of_the_records_that_give_it(text):
    address = addresses.of_email(text)

    assert keys(email=text) == {(address.kind, address.name)}


@pytest.mark.parametrize("text", PHONES)
def test_a_line_has_a_key_of_the_records_that_give_it(text):
    address = addresses.of_phone(text)

    assert (address.kind, address.name) in keys(phone=text)


def test_every_address_of_a_lead_is_read_once():
    fields = {
        "email": "ada@analytical.example",
        "other_email": "ADA@analytical.example; ada@home.example",
        "phone": "+1 212 555 0134",
        "other_phone": "+44 20 7946 0958; +1 (212) 555-0134",
    }

    values = [one.value for one in addresses.of_lead(fields)]

    assert values == ["ada@analytical.example", "ada@home.example", "2125550134", "2079460958"]


@pytest.mark.parametrize("text", ["test@test.com", "noreply", "", "@"])
def test_a_placeholder_stands_for_nobody(text):
    assert addresses.of_email(text) is None


def test_two_area_codes_share_a_key_and_are_two_lines():
    one, other = addresses.of_phone("+1 212 555 0134"), addresses.of_phone("+1 312 555 0134")

    assert one.name == other.name and one.value != other.value


@settings(deadline=None)
@given(st.text())
def test_any_text_is_read_or_is_none(text):
    assert all(addresses.of_lead({"email": text, "phone": text, "other_phone": text}))
