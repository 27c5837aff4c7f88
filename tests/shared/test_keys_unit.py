from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import keys, origins
from shared.api_key import (
    BEGINNINGS,
    INTAKE,
    KINDS,
    PUBLISHABLE,
    SIGNING,
    Wanted,
    checked,
    needed_to_grant,
    new_key,
)
from shared.errors import Malformed


def key(**changes):
    made = {
        "tenant_id": "acme",
        "id": UUID(int=1),
        "prefix": "abcd1234",
        "digest": bytes(32),
        "scopes": frozenset({"read:leads"}),
        "name": None,
        "created_at": datetime(2026, 1, 1, tzinfo=UTC),
        "expires_at": None,
        "revoked_at": None,
    }
    return keys.ApiKey(**(made | changes))


def test_a_new_key_has_the_shape_that_is_looked_for():
    text, prefix, digest = keys.new_key()

    assert keys.SHAPE.fullmatch(text)[1] == prefix
    assert digest == sha256(text.encode()).digest()


def test_the_text_of_a_key_says_whether_it_may_be_public():
    assert new_key()[0].startswith("lf_")
    assert new_key(PUBLISHABLE)[0].startswith("lfp_")
    assert keys.SHAPE.fullmatch(new_key(PUBLISHABLE)[0])
    assert new_key(SIGNING)[0].startswith("whsec_")
    assert keys.SHAPE.fullmatch(new_key(SIGNING)[0]) is None
    assert new_key(INTAKE)[0].startswith("lfi_")
    assert keys.SHAPE.fullmatch(new_key(INTAKE)[0])
    assert not BEGINNINGS[PUBLISHABLE].startswith(BEGINNINGS["secret"])


def test_no_two_new_keys_are_alike():
    assert len({keys.new_key()[0] for _ in range(1000)}) == 1000


def test_a_key_is_usable_until_the_moment_it_expires():
    expiry = datetime(2026, 1, 2, tzinfo=UTC)

    assert key(expires_at=expiry).usable(expiry - timedelta(seconds=1))
    assert not key(expires_at=expiry).usable(expiry)


def test_a_revoked_key_is_not_usable():
    revoked = datetime(2026, 1, 2, tzinfo=UTC)

    assert not key(revoked_at=revoked).usable(revoked)


def test_a_printed_key_does_not_show_its_digest():
    assert "digest" not in repr(key())


@pytest.mark.parametrize(
    ("scopes", "shown"),
    [
        (["read:leads", "read:everything"], "read:everything is none of"),
        (["<script>"], "scope 1 is none of"),
        ([], "at least one of"),
    ],
)
def test_a_scope_that_does_not_exist_is_named(scopes, shown):
    with pytest.raises(Malformed) as refusal:
        keys.create(None, "acme", scopes)

    assert refusal.value.details["scopes"].startswith(shown)


def test_an_expiry_without_a_zone_is_refused():
    with pytest.raises(Malformed) as refusal:
        keys.create(None, "acme", ["read:leads"], expires_at=datetime(2026, 1, 1))

    assert refusal.value.details == {"expires_at": "must have a time zone"}


PAGE = Wanted(PUBLISHABLE, source_id="form", origins=frozenset({"https://www.example.com"}))


TOKEN = Wanted(INTAKE, source_id="form")


def faults(wanted):
    try:
        checked(wanted)
    except Malformed as refusal:
        return sorted(refusal.details)
    return []


def test_what_each_kind_is_for_is_all_it_may_be():
    assert faults(PAGE) == []
    assert faults(Wanted(SIGNING, ("write:leads",))) == []
    assert faults(replace(PAGE, scopes=("write:leads",))) == ["scopes"]
    assert faults(replace(PAGE, source_id=None)) == ["source_id"]
    assert faults(replace(PAGE, origins=frozenset())) == ["origins"]
    assert faults(Wanted(SIGNING, ("admin:account",))) == ["scopes"]
    assert faults(Wanted(SIGNING, ("delete:leads",))) == ["scopes"]
    assert faults(replace(PAGE, kind="secret", scopes=("read:leads",))) == ["origins", "source_id"]
    assert faults(TOKEN) == []
    assert faults(replace(TOKEN, scopes=("write:leads",))) == ["scopes"]
    assert faults(replace(TOKEN, source_id=None)) == ["source_id"]
    assert faults(replace(TOKEN, origins=PAGE.origins)) == ["origins"]
    assert faults(Wanted(scopes=("read:leads",), name="\0")) == ["name"]
    assert faults(Wanted(scopes=("read:leads",), name=" ")) == ["name"]


@pytest.mark.parametrize("origin", ["*", "null", "https://a.example/", "https://A.example", "a"])
def test_a_page_may_be_of_exact_origins_alone(origin):
    assert faults(replace(PAGE, origins=frozenset({origin, "https://b.example"}))) == ["origins"]


@given(st.sets(st.sampled_from(keys.SCOPES), min_size=1), st.sampled_from(KINDS))
def test_whoever_grants_a_key_needs_all_that_it_may_do(scopes, kind):
    needed = needed_to_grant(kind, scopes)

    assert scopes <= needed
    assert kind not in (PUBLISHABLE, INTAKE) or "write:leads" in needed


@given(st.lists(st.text(max_size=30)))
def test_origins_are_all_exact_or_all_refused(texts):
    try:
        found = origins.listed(texts)
    except ValueError:
        return
    assert all(map(origins.exact, found))
    assert origins.listed(found) == found
