"""Callers are known in an outage: nobody is locked out who was known, and nobody else let in."""

import json
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

import leadfly.app
from shared import issuing, keys
from shared.api_key import PUBLISHABLE, SIGNING, Wanted
from shared.db import Database
from shared.errors import Unavailable
from shared.key_snapshot import FILE_NAME, KEYS, KeySnapshot, NotKnown
from shared.keyfile import keyring
from shared.privacy.pseudonym import Keyring
from shared.sealed_copy import SealedCopy
from shared.settings import load
from shared.signature import new_secret, sign
from shared.web.service import KEY_SNAPSHOT, SPOOL

HOUR = timedelta(hours=1)


@pytest.fixture
def secret(local_settings):
    return keyring(local_settings)


@pytest.fixture
def snapshot(database, secret, tmp_path):
    return KeySnapshot(database, secret, tmp_path)


@pytest.fixture
def issue(database, user_id):
    def issue(**options):
        with database.transaction(user_id) as conn:
            return keys.create(conn, user_id, ["read:leads"], **options)[0]

    return issue


def knows(snapshot, key):
    try:
        return snapshot.key(key.prefix).digest == key.digest
    except NotKnown:
        return False


def rewritten(snapshot, secret, change):
    """Seal the file anew with its content changed, as only the installation could."""
    path = snapshot._path
    content = json.loads(secret.unseal(path.read_bytes(), KEYS.name))
    path.write_bytes(secret.seal(json.dumps(change(content)).encode(), KEYS.name))


def test_it_knows_of_a_key_what_a_request_needs(snapshot, issue):
    expiry = datetime.now(UTC) + HOUR
    key = issue(expires_at=expiry)
    snapshot.refresh()

    known = snapshot.key(key.prefix)

    assert (known.tenant_id, known.digest, known.scopes, known.expires_at) == (
        key.tenant_id,
        key.digest,
        key.scopes,
        expiry,
    )
    assert not known.usable(expiry)


def test_it_knows_nothing_before_its_first_refresh(snapshot, issue):
    assert not knows(snapshot, issue())


def test_a_revoked_key_is_out_after_the_next_refresh(snapshot, database, issue, user_id):
    key = issue()
    snapshot.refresh()
    assert knows(snapshot, key)
    with database.transaction(user_id) as conn:
        keys.revoke(conn, user_id, key.prefix)

    snapshot.refresh()

    assert not knows(snapshot, key)


def test_an_expired_key_is_not_in_it(snapshot, issue):
    key = issue(expires_at=datetime.now(UTC) - HOUR)

    snapshot.refresh()

    assert not knows(snapshot, key)


def test_a_process_that_starts_in_an_outage_knows_the_keys(snapshot, secret, issue, tmp_path):
    key = issue(expires_at=datetime.now(UTC) + HOUR)
    snapshot.refresh()
    nowhere = Database(f"host={tmp_path} dbname=nowhere user=nobody")
    try:
        later = KeySnapshot(nowhere, secret, tmp_path)

        assert later.key(key.prefix) == snapshot.key(key.prefix)
        with pytest.raises(Unavailable):
            later.refresh()
        assert knows(later, key)
    finally:
        nowhere.close()


def test_the_file_is_the_services_alone_and_holds_nothing_in_clear(snapshot, issue, tmp_path):
    key = issue()
    snapshot.refresh()

    file = tmp_path / FILE_NAME
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]
    content = file.read_bytes()
    assert key.tenant_id.encode() not in content and key.digest.hex().encode() not in content


@pytest.mark.parametrize("place", [0, 20, -1])
def test_a_flipped_bit_anywhere_is_no_snapshot(snapshot, database, secret, issue, tmp_path, place):
    key = issue()
    snapshot.refresh()
    file = tmp_path / FILE_NAME
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)

    assert not knows(KeySnapshot(database, secret, tmp_path), key)


@pytest.mark.parametrize(
    "change",
    [
        lambda content: [],
        lambda content: content[0],
        lambda content: [None, content[1]],
        lambda content: [content[0][:19], content[1]],  # a time without its zone
        lambda content: [content[0], [row[:-1] for row in content[1]]],
        lambda content: [content[0], [[*row[:2], "no digits", *row[3:]] for row in content[1]]],
        lambda content: [content[0], 7],
    ],
)
def test_what_is_not_quite_a_snapshot_is_none(snapshot, database, secret, issue, tmp_path, change):
    key = issue()
    snapshot.refresh()
    rewritten(snapshot, secret, change)

    assert not knows(KeySnapshot(database, secret, tmp_path), key)


@pytest.mark.parametrize("content", [b"", b"[]", b"\0" * 64])
def test_a_torn_or_empty_file_is_none(database, secret, tmp_path, content):
    (tmp_path / FILE_NAME).write_bytes(content)

    with pytest.raises(NotKnown):
        KeySnapshot(database, secret, tmp_path).key("abcdefgh")


def test_another_installations_file_is_none(snapshot, database, issue, tmp_path):
    key = issue()
    snapshot.refresh()

    assert not knows(KeySnapshot(database, Keyring(os.urandom(32)), tmp_path), key)


@pytest.mark.parametrize(
    ("age", "valid"),
    [
        (timedelta(minutes=59), True),
        (timedelta(minutes=61), False),
        (timedelta(minutes=-1), False),
    ],
)
def test_it_is_valid_for_an_hour_by_the_time_in_it(
    snapshot, database, secret, issue, tmp_path, age, valid
):
    key = issue()
    snapshot.refresh()
    rewritten(snapshot, secret, lambda c: [(datetime.now(UTC) - age).isoformat(), c[1]])

    assert knows(KeySnapshot(database, secret, tmp_path), key) is valid


def test_an_older_copy_never_replaces_a_newer_one(snapshot, secret, issue, tmp_path):
    snapshot.refresh()
    before = (tmp_path / FILE_NAME).read_bytes()

    snapshot._keep(datetime.now(UTC) - timedelta(seconds=3), [])

    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_a_file_that_cannot_be_written_costs_nobody_the_copy(database, secret, issue, tmp_path):
    (tmp_path / "in the way").touch()
    snapshot = KeySnapshot(database, secret, tmp_path / "in the way")
    key = issue()

    with pytest.raises(OSError):
        snapshot.refresh()

    assert knows(snapshot, key)


def test_it_is_refreshed_by_a_thread_of_its_own(snapshot, issue, soon):
    key = issue()
    snapshot.start()
    try:
        assert soon(lambda: knows(snapshot, key), 3)
    finally:
        snapshot.stop()


def test_the_application_sees_all_keys_only_through_the_function(database, issue, owner_conninfo):
    issue()
    with database.lookup() as conn:
        assert conn.execute("SELECT prefix FROM public.api_keys").fetchall() == []
        assert keys.usable(conn)
    with psycopg.connect(owner_conninfo) as owner:
        stranger = psycopg.sql.Identifier(f"stranger-{uuid4().hex}")
        owner.execute(psycopg.sql.SQL("CREATE ROLE {}").format(stranger))
        owner.execute(psycopg.sql.SQL("SET LOCAL ROLE {}").format(stranger))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute("SELECT * FROM public.usable_keys()")
        owner.rollback()


DUPLICATE_PREVENTION = "/webhook/leadfly/duplicate-prevention"


@pytest.fixture
def served(victim):
    """All services in keys mode, on a server that may hang, and a way to post with a key."""
    app = leadfly.app.create_app(
        load({"LEADFLY_HOME": str(victim.server.home), "AUTH_MODE": "keys"})
    )

    def post(key):
        lead = {"email": f"{uuid4().hex}@each.example"}
        body = {"source_id": "test", "lead_data": lead}
        return app.test_client().post(DUPLICATE_PREVENTION, json=body, headers={"X-API-Key": key})

    yield app, post
    app.extensions[KEY_SNAPSHOT].stop()
    app.extensions["leadfly"].database.close()
    app.extensions[SPOOL].close()


def new_key(database):
    with database.transaction("acme") as conn:
        return keys.create(conn, "acme", keys.SCOPES)[1]


def test_an_outage_locks_nobody_out_and_lets_nobody_in(served, victim, soon):
    app, post = served
    database, snapshot = app.extensions["leadfly"].database, app.extensions[KEY_SNAPSHOT]
    known = new_key(database)
    snapshot.refresh()
    victim.hang()
    assert soon(lambda: database.away, 2)

    answer = post(known)
    assert (answer.status_code, answer.json["check_skipped"]) == (200, True)
    assert post(known[:-1] + ("A" if known[-1] != "A" else "B")).status_code == 401
    unknown = post(keys.new_key()[0])
    assert (unknown.status_code, unknown.headers["Retry-After"]) == (503, "1")
    metrics = app.test_client().get("/metrics", headers={"X-API-Key": known}).text
    assert "leadfly_database_away 1.0" in metrics and "leadfly_spool_waiting 1.0" in metrics

    victim.wake()
    assert soon(lambda: not database.away, 2)
    assert post(keys.new_key()[0]).status_code == 401


def of_page(app, key):
    """Post a lead as the page of a publishable key."""
    lead = {"email": f"{uuid4().hex}@each.example"}
    return app.test_client().post(
        f"{DUPLICATE_PREVENTION}?key={key}", json=lead, headers={"Origin": "https://a.example"}
    )


def signed(app, signer, path=DUPLICATE_PREVENTION):
    """Post a lead as a sender of signed webhooks."""
    lead = {"source_id": "test", "lead_data": {"email": f"{uuid4().hex}@each.example"}}
    body, at = json.dumps(lead).encode(), int(datetime.now(UTC).timestamp())
    signature = sign(signer.text, "m", at, body)
    headers = {"webhook-id": "m", "webhook-timestamp": str(at), "webhook-signature": signature}
    return app.test_client().post(
        f"{path}?signed_by={signer.key.prefix}",
        data=body,
        headers=headers,
        content_type="application/json",
    )


def test_an_outage_changes_nothing_that_a_page_hears_and_nothing_a_signer_may(served, victim, soon):
    app, _ = served
    database, snapshot = app.extensions["leadfly"].database, app.extensions[KEY_SNAPSHOT]
    ring = app.extensions["leadfly"].keyring
    page = Wanted(PUBLISHABLE, source_id="form", origins=frozenset({"https://a.example"}))
    with database.transaction("acme") as conn:
        page_key = issuing.issue(conn, ring, "acme", page).text
        signer = issuing.issue(conn, ring, "acme", Wanted(SIGNING, ("write:leads",)))
    before = of_page(app, page_key)
    snapshot.refresh()
    victim.hang()
    assert soon(lambda: database.away, 2)

    during = of_page(app, page_key)
    assert (before.status_code, during.status_code) == (200, 200)
    assert sorted(before.json) == sorted(during.json)
    assert [name for name, _ in before.headers] == [name for name, _ in during.headers]
    assert signed(app, signer).json["degraded"] is True
    assert signed(app, replace(signer, text=new_secret())).status_code == 401
    unknown = replace(signer, key=replace(signer.key, prefix="zzzzzzzz"))
    assert signed(app, unknown).status_code == 503


def test_local_mode_copies_keys_too_for_the_tokens_of_sources(local_settings):
    app = leadfly.app.create_app(local_settings)
    try:
        assert isinstance(app.extensions[KEY_SNAPSHOT], KeySnapshot)
    finally:
        app.extensions["leadfly"].database.close()


def test_its_thread_ends_with_the_database(app_conninfo, secret, tmp_path, soon):
    database = Database(app_conninfo, most=1)
    snapshot = SealedCopy(KEYS, database, secret, tmp_path, pause=0.01)
    snapshot.start()
    assert soon((tmp_path / FILE_NAME).exists, 3)

    database.close()

    assert soon(lambda: not snapshot._thread.is_alive(), 3)
