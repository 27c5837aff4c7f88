"""Signatures: what senders' verification is made of."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dedup.intake.sender import Forged
from services.dedup.intake.senders.signatures import base64_hmac, hex_hmac, recent, same

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECONDS = int(NOW.timestamp())


def test_the_published_vector_is_what_we_sign():
    # RFC 4231, test case 2.
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"

    assert hex_hmac("Jefe", b"what do ya want for nothing?") == expected
    assert base64_hmac("Jefe", b"what do ya want for nothing?") == (
        "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM="
    )


def test_an_empty_secret_signs_nothing():
    for sign in (hex_hmac, base64_hmac):
        with pytest.raises(Forged):
            sign("", b"x")


def test_nothing_is_not_the_same_as_nothing():
    assert not same("", "")
    assert not same(b"", "")


@given(st.text(), st.text())
def test_only_the_same_text_is_the_same(a, b):
    assert same(a, b) == (a == b and a != "")


def test_a_header_of_odd_characters_is_only_wrong():
    assert not same("abc", "\udce9漢字\0")


@pytest.mark.parametrize("count", [SECONDS, str(SECONDS), SECONDS * 1000, f"{SECONDS}123"])
def test_seconds_and_milliseconds_are_told_apart(count):
    assert recent(count, NOW)


@pytest.mark.parametrize("seconds", [-301, 301, 10**9])
def test_beyond_our_patience_is_not_recent(seconds):
    assert not recent(SECONDS + seconds, NOW)


def test_patience_can_be_shorter():
    assert not recent(SECONDS - 61, NOW, timedelta(minutes=1))


@pytest.mark.parametrize("at", ["", "now", "-1", "1.5", "１７", "9" * 400, " 1795262400"])
def test_what_is_no_count_is_not_recent(at):
    assert not recent(at, NOW)
