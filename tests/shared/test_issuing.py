"""Keys of every kind, made and rotated in PostgreSQL as the application role."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from shared import issuing, keys
from shared.api_key import INTAKE, PUBLISHABLE, SIGNING, Wanted
from shared.errors import NotFound
from shared.issuing import NotUsable
from shared.key_snapshot import KeySnapshot
from shared.privacy.pseudonym import Unsealable

NOW = datetime.now(UTC)
DAY = timedelta(days=1)

KINDS = {
    "secret": Wanted(scopes=("write:leads", "read:leads"), name="n8n"),
    "publishable": Wanted(
        PUBLISHABLE, source_id="form", origins=frozenset({"https://a.example", "http://b.example"})
    ),
    "signing": Wanted(SIGNING, scopes=("write:leads",)),
    "intake": Wanted(INTAKE, source_id="form"),
}


@pytest.fixture
def issue(database, gate, user_id):
    def issue(wanted, tenant=user_id, most=issuing.MOST_KEYS):
        with database.transaction(tenant) as conn:
            return issuing.issue(conn, gate.keyring, tenant, wanted, most)

    return issue


@pytest.fixture
def rotate(database, gate, user_id):
    def rotate(prefix, overlap=DAY, now=None, tenant=user_id):
        with database.transaction(tenant) as conn:
            key = issuing.found(conn, tenant, prefix)
            return issuing.rotate(conn, gate.keyring, key, overlap, now or datetime.now(UTC))

    return rotate


def found(database, prefix):
    with database.lookup() as conn:
        return keys.by_prefix(conn, prefix)


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_of_every_kind_is_found_as_it_was_made(database, issue, kind):
    issued = issue(KINDS[kind])

    stored = found(database, issued.key.prefix)

    assert stored == issued.key
    assert (stored.kind, stored.source_id, stored.origins) == (
        kind,
        KINDS[kind].source_id,
        KINDS[kind].origins,
    )
    assert stored.digest == keys.digest(issued.text)


def test_a_signing_keys_secret_is_stored_sealed_and_opens_in_its_own_row_alone(
    database, gate, issue, user_id
):
    first, second = issue(KINDS["signing"]), issue(KINDS["signing"])
    with database.transaction(user_id) as conn:
        rows = str(conn.execute("SELECT api_keys::text FROM public.api_keys").fetchall())

    assert issuing.secret(gate.keyring, first.key) == first.text
    assert first.text.removeprefix("whsec_") not in rows
    moved = keys.ApiKey(
        *(getattr(first.key, name) for name in first.key.__slots__[:-1]), second.key.sealed
    )
    with pytest.raises(Unsealable):
        issuing.secret(gate.keyring, moved)


@pytest.mark.parametrize(
    "change",
    [
        "scopes = '{write:leads}'",
        "source_id = NULL",
        "origins = '{}'",
        "kind = 'secret'",
        "kind = 'signing'",
        "kind = 'other'",
        "sealed = 'x'",
    ],
)
def test_the_database_itself_keeps_a_publishable_key_powerless(
    owner_conninfo, issue, user_id, change
):
    issued = issue(KINDS["publishable"])

    with psycopg.connect(owner_conninfo) as conn, pytest.raises(psycopg.errors.CheckViolation):
        statement = psycopg.sql.SQL("UPDATE public.api_keys SET {} WHERE prefix = %s")
        conn.execute(statement.format(psycopg.sql.SQL(change)), [issued.key.prefix])


@pytest.mark.parametrize("kind", KINDS)
def test_a_successor_may_do_the_same_and_works_beside_the_old_key(database, issue, rotate, kind):
    old = issue(KINDS[kind]).key

    new = rotate(old.prefix)

    assert new.key.prefix != old.prefix and new.key.usable(NOW + 365 * DAY)
    for name in ("tenant_id", "kind", "scopes", "name", "source_id", "origins"):
        assert getattr(new.key, name) == getattr(old, name)
    after = found(database, old.prefix)
    assert after.usable(datetime.now(UTC) + DAY * 0.99)
    assert not after.usable(datetime.now(UTC) + DAY * 1.01)


def test_a_rotation_never_lets_a_key_live_longer(database, issue, rotate):
    soon = datetime.now(UTC) + timedelta(hours=1)
    old = issue(Wanted(scopes=("read:leads",), expires_at=soon)).key

    new = rotate(old.prefix, overlap=30 * DAY)

    assert found(database, old.prefix).expires_at == soon
    assert timedelta(0) < new.key.expires_at - soon < timedelta(minutes=1), "its own hour"


def test_without_an_overlap_the_old_key_ends_at_once(database, issue, rotate):
    old = issue(KINDS["secret"]).key

    rotate(old.prefix, overlap=timedelta(0))

    assert not found(database, old.prefix).usable(datetime.now(UTC))


def test_a_key_that_ended_has_no_successor(database, issue, rotate, user_id):
    revoked, expired = (issue(KINDS["secret"]).key for _ in range(2))
    with database.transaction(user_id) as conn:
        keys.revoke(conn, user_id, revoked.prefix)
    rotate(expired.prefix, overlap=timedelta(0))

    for key in (revoked, expired):
        with pytest.raises(NotUsable):
            rotate(key.prefix)


def test_another_tenants_key_is_as_unknown_as_none(issue, rotate, user_id):
    issued = issue(KINDS["secret"])
    said = set()

    for prefix in (issued.key.prefix, "zzzzzzzz", "", "\x00", "x" * 999):
        with pytest.raises(NotFound) as refusal:
            rotate(prefix, tenant=f"{user_id}-rival")
        said.add((refusal.value.message, str(refusal.value.details)))

    assert len(said) == 1


def test_an_account_has_so_many_usable_keys_at_most(issue, rotate):
    first, _ = issue(KINDS["secret"]), issue(KINDS["secret"])

    with pytest.raises(issuing.TooMany):
        issue(KINDS["secret"], most=2)
    rotate(first.key.prefix, overlap=timedelta(0))
    assert issue(KINDS["secret"], most=3), "one that ended does not count"


def test_the_snapshot_knows_of_every_kind_what_a_request_needs(database, gate, issue, tmp_path):
    made = [issue(wanted).key for wanted in KINDS.values()]
    KeySnapshot(database, gate.keyring, tmp_path).refresh()

    kept = KeySnapshot(database, gate.keyring, tmp_path)  # from the file, as in an outage

    for key in made:
        known = kept.key(key.prefix)
        for name in ("tenant_id", "digest", "scopes", "kind", "source_id", "origins", "sealed"):
            assert getattr(known, name) == getattr(key, name)
    signing = kept.key(next(key.prefix for key in made if key.kind == SIGNING))
    assert issuing.secret(gate.keyring, signing).startswith("whsec_")


def test_pages_of_keys_are_newest_first_and_hold_every_key_once(database, issue, user_id):
    made = [issue(KINDS["secret"]).key.prefix for _ in range(5)]
    issue(KINDS["secret"], tenant=f"{user_id}-rival")
    seen, after = [], None
    with database.transaction(user_id) as conn:
        while page := keys.page(conn, user_id, after, 2):
            seen += [key.prefix for key in page]
            after = seen[-1]

        assert seen == made[::-1]
        assert keys.page(conn, user_id, "zzzzzzzz", 2) == []
