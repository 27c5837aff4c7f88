"""API keys in PostgreSQL, as the application role sees them."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from shared import keys
from shared.web.key_cache import KeyCache


@pytest.fixture
def tenant():
    return f"tenant-{uuid4()}"


def issued(database, tenant, scopes=("read:leads",), **options):
    with database.transaction(tenant) as conn:
        return keys.create(conn, tenant, scopes, **options)


def found(database, prefix):
    with database.lookup() as conn:
        return keys.by_prefix(conn, prefix)


def test_a_created_key_is_found_by_its_prefix_without_naming_a_tenant(database, tenant):
    expiry = datetime.now(UTC) + timedelta(days=30)
    key, text = issued(
        database, tenant, ["write:leads", "read:leads"], name="n8n", expires_at=expiry
    )

    assert found(database, key.prefix) == key
    assert key.digest == keys.digest(text)
    assert key.scopes == {"read:leads", "write:leads"}
    assert (key.tenant_id, key.name, key.expires_at) == (tenant, "n8n", expiry)
    assert key.usable(datetime.now(UTC))


def test_the_text_of_a_key_is_stored_nowhere(database, tenant):
    _, text = issued(database, tenant)

    with database.transaction(tenant) as conn:
        rows = conn.execute("SELECT api_keys::text FROM public.api_keys").fetchall()

    assert rows
    assert text.rpartition("_")[2] not in str(rows)


def test_an_unknown_prefix_finds_nothing(database):
    assert found(database, "zzzzzzzz") is None


def test_a_lookup_by_prefix_shows_that_key_alone(database, tenant):
    key, _ = issued(database, tenant)
    issued(database, tenant)

    with database.lookup() as conn:
        keys.by_prefix(conn, key.prefix)
        visible = conn.execute("SELECT prefix FROM public.api_keys").fetchall()

    assert visible == [(key.prefix,)]


def test_nothing_of_a_lookup_is_left_for_the_next_transaction(database, tenant):
    key, _ = issued(database, tenant)
    found(database, key.prefix)

    for _ in range(10):
        with database.lookup() as conn:
            assert conn.execute("SELECT prefix FROM public.api_keys").fetchall() == []


def test_a_list_holds_the_tenants_keys_newest_first(database, tenant):
    made = [issued(database, tenant)[0].prefix for _ in range(3)]
    issued(database, f"{tenant}-rival")

    with database.transaction(tenant) as conn:
        assert [key.prefix for key in keys.listed(conn, tenant)] == made[::-1]


def test_another_tenants_keys_are_not_listed(database, tenant):
    issued(database, tenant)

    with database.transaction(f"{tenant}-rival") as conn:
        assert keys.listed(conn, tenant) == []


def test_a_key_is_revoked_once(database, tenant):
    key, _ = issued(database, tenant)

    with database.transaction(tenant) as conn:
        assert keys.revoke(conn, tenant, key.prefix)
    with database.transaction(tenant) as conn:
        assert not keys.revoke(conn, tenant, key.prefix)

    assert not found(database, key.prefix).usable(datetime.now(UTC) + timedelta(seconds=1))


def test_another_tenant_cannot_revoke_the_key(database, tenant):
    key, _ = issued(database, tenant)

    with database.transaction(f"{tenant}-rival") as conn:
        assert not keys.revoke(conn, tenant, key.prefix)
        assert not keys.revoke(conn, f"{tenant}-rival", key.prefix)

    assert found(database, key.prefix).revoked_at is None


def test_the_cache_finds_a_stored_key_by_its_text(database, tenant):
    key, text = issued(database, tenant)
    cache = KeyCache(lambda prefix: found(database, prefix))

    assert cache.holder(text) == key
    assert cache.holder(keys.new_key()[0]) is None
