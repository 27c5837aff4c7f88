"""Finds of the web: keys that stay, fields that say something, criteria as far as said."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.discovery.find import Find, Passed, Provenance
from services.discovery.fitting import Looked, looked
from services.discovery.sources.finding import LONGEST_KEY, finding, short
from services.discovery.sources.given import Paths
from tests.services.discovery.sources.reaching import BERLIN, criteria

PROVENANCE = Provenance("test", "", "", "", datetime(2026, 1, 1, tzinfo=UTC))


def found(wanted=None, **said):
    said = {"company": "Acme", "email": "a@acme.example"} | said
    return finding("key", said, PROVENANCE, wanted or Looked(), "DE")


def test_what_is_empty_or_no_field_of_ours_is_left_out():
    one = found(website="  ", iban="x", phone=" 030  1 ")

    assert isinstance(one, Find)
    assert one.fields == {"company": "Acme", "email": "a@acme.example", "phone": "030 1"}


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"email": ""}, "names no email and no phone"),
        ({"company": ""}, "names nobody"),
        ({"city": "Munich"}, "lies elsewhere"),
        ({"industry": "bakery"}, "is of another industry"),
    ],
)
def test_what_does_not_fit_is_passed_with_why(said, reason):
    wanted = looked(criteria(circle=BERLIN, industry="dentist"))

    assert found(wanted, **said) == Passed(reason)


def test_what_says_nothing_of_place_and_trade_fits():
    assert isinstance(found(looked(criteria(circle=BERLIN, industry="dentist"))), Find)


@given(st.text(min_size=1, max_size=2000))
def test_a_key_is_short_and_the_same_every_time(key):
    assert 1 <= len(short(key)) <= LONGEST_KEY
    assert short(key) == short(key) == short(short(key))


def test_long_keys_stay_apart():
    assert short("a" * 600 + "1") != short("a" * 600 + "2")


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://a.example/company/1", True),
        ("https://a.example/company/1/jobs", False),
        ("https://a.example/about", False),
        ("https://a.example", False),
    ],
)
def test_paths_are_wanted_by_patterns(url, wanted):
    assert Paths(["/company/*"], ["*/jobs"]).wants(url) == wanted


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("*", "/", True),
        ("/a", "/a", True),
        ("/a", "/ab", False),
        ("/a*a", "/a", False),
        ("/a*a", "/aa", True),
        ("*.html", "/x/y.html", True),
        ("/*/b/*", "/a/b/", True),
        ("**", "/a", True),
    ],
)
def test_a_star_stands_for_anything(pattern, path, fits):
    assert Paths([pattern], []).wants(f"https://a.example{path}") == fits


def test_a_hostile_pattern_takes_no_time():
    begun = time.monotonic()
    Paths(["*a*a*a*a*b"], []).wants("https://a.example/" + "a" * 2000)

    assert time.monotonic() - begun < 5
