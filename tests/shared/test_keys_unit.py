from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest

from shared import keys
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
