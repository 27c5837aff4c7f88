"""Ping ids, alone: whose they are, and until when."""

import hmac
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dedup.trade import ping_token
from services.dedup.trade.ping import PingUnknown
from services.dedup.trade.terms import Scope

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

SOLAR = Scope("form", "solar", "spring")

names = st.text(max_size=5)
scopes = st.builds(Scope, names, names, names)
seconds = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1)).map(
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)


def signer(key):
    return lambda text: hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256")[:16]


OURS = signer(b"ours")


@given(scopes, seconds)
def test_an_id_says_until_when_it_is_valid(scope, at):
    assert ping_token.expires_at(OURS, scope, ping_token.made(OURS, scope, at)) == at


@given(scopes, scopes)
def test_an_id_is_of_one_source_buyer_and_campaign(one, other):
    token = ping_token.made(OURS, one, NOON)

    if one != other:
        with pytest.raises(PingUnknown):
            ping_token.expires_at(OURS, other, token)


def test_an_id_is_of_one_account():
    token = ping_token.made(signer(b"theirs"), SOLAR, NOON)

    with pytest.raises(PingUnknown):
        ping_token.expires_at(OURS, SOLAR, token)


@given(st.integers(0, 39), st.sampled_from("abcXYZ019-_"))
def test_no_character_of_an_id_can_be_changed(place, character):
    token = ping_token.made(OURS, SOLAR, NOON)
    changed = token[:place] + character + token[place + 1 :]

    if changed != token:
        with pytest.raises(PingUnknown):
            ping_token.expires_at(OURS, SOLAR, changed)


@given(st.text(max_size=60))
def test_no_text_is_an_id_by_chance(text):
    with pytest.raises(PingUnknown):
        ping_token.expires_at(OURS, SOLAR, text)


def test_two_pings_at_one_moment_have_two_ids_that_name_nobody():
    ids = {ping_token.made(OURS, SOLAR, NOON) for _ in range(100)}

    assert len(ids) == 100
    assert {len(each) for each in ids} == {40}
