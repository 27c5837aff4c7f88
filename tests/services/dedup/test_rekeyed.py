"""A stored lead read anew is what it would be if it came now, in the country it came from."""

import pytest

from services.dedup.record import Record, read
from services.dedup.rekeyed import read_anew

BERLIN = {"name": "Anna Weber", "phone": "030 901820", "email": "anna@weber.example"}


@pytest.mark.parametrize("default", ["US", "DE", "GB"])
def test_a_national_number_is_read_in_the_country_it_was_read_in(default):
    known = read(BERLIN, "DE").record

    assert read_anew(BERLIN, known, default) == known


def test_a_number_that_tells_no_country_is_read_by_its_code():
    fields = {"name": "Kevin Miller", "phone": "(312) 555-0142"}
    known = read(fields, "US").record

    assert known.country == ""
    assert read_anew(fields, known, "DE") == known


def test_a_second_number_is_read_in_the_country_it_was_read_in():
    fields = BERLIN | {"phone": "+44 20 7946 0958", "other_phone": "030 901820"}
    known = read(fields, "DE").record

    assert read_anew(fields, known, "DE") == known


def test_a_number_of_before_a_country_renumbered_becomes_what_is_dialled_now():
    fields = {"name": "Rafael Souza", "phone": "(11) 8123-4567"}
    now = read(fields, "BR").record
    before = now._replace(phone="+551181234567", national="1181234567")

    assert read_anew(fields, before, "US") == now


def test_what_is_known_of_a_name_by_now_is_read():
    fields = {"first_name": "עומר", "last_name": "אברהם", "email": "lakeview71@gmail.com"}
    now = read(fields).record
    before = now._replace(roots=(now.given,), family_roots=())

    assert before != now
    assert read_anew(fields, before, "US") == now


def test_a_lead_without_numbers_is_read_as_one_that_comes_now():
    assert read_anew(BERLIN, Record(), "DE") == read(BERLIN, "DE").record


@pytest.mark.parametrize("number", ["+999123456789", "+12"])
def test_a_number_of_no_country_is_read_by_default(number):
    assert read_anew(BERLIN, Record(phone=number), "DE") == read(BERLIN, "DE").record
