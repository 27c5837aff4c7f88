"""Addresses are mended where nobody can misunderstand them, and refused elsewhere."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.destination import hosts
from shared.pages import addresses
from shared.pages.faults import BadRedirect, BadUrl, Downgraded

NONE = frozenset()


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("https://a.example", "https://a.example/"),
        (" https://a.example/b#c ", "https://a.example/b"),
        ("https://a.example?x=ü", "https://a.example/?x=%C3%BC"),
        ("HTTPS://a.example/%2f", "https://a.example/%2f"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://a.example/x", "https://a.example/x"),
        ("http://a.example:8080/x", "http://a.example:8080/x"),
    ],
)
def test_an_address_is_brought_into_one_form(written, mended):
    read = addresses.mended(written, NONE)

    assert addresses.mended(read, NONE) == read
    assert read.replace("/?", "?") == mended.replace("/?", "?")


@pytest.mark.parametrize(
    ("url", "listed"),
    [
        ("http://10.0.0.5/", "10.0.0.5"),
        ("http://sink.internal:8080/", "sink.internal:8080"),
        ("http://sink.internal:8080/", "sink.internal"),
        ("http://[::1]:8080/", "::1"),
    ],
)
def test_hosts_of_the_operator_are_asked_by_http(url, listed):
    assert addresses.mended(url, hosts(listed)) == url


@settings(deadline=None)
@given(st.text(max_size=80))
def test_whatever_is_written_is_mended_or_refused(text):
    for url in (text, f"https://{text}", f"https://a.example/{text}", f"http://{text}/"):
        try:
            read = addresses.mended(url, NONE)
        except BadUrl:
            continue
        assert read.isascii()
        assert "#" not in read
        assert "@" not in addresses.site(read)


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=255), max_size=80))
def test_whatever_a_redirect_says_is_followed_or_refused(text):
    for location in (text, f"//{text}", f"http://{text}"):
        try:
            url = addresses.redirected("https://a.example/x", location, NONE)
        except (BadRedirect, Downgraded):
            continue
        assert url.startswith("https://")


def test_a_redirect_in_utf_8_is_read_as_such():
    location = "/über uns".encode().decode("latin-1")

    url = addresses.redirected("https://a.example/x", location, NONE)

    assert url == "https://a.example/%C3%BCber%20uns"
