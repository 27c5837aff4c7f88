"""Sources as posts ask for them: seconds old at most, and known while the database is away."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from services.dedup.intake import source_change
from services.dedup.intake.source import Declared, Source
from services.dedup.intake.sources import FILE_NAME, SECONDS, NotKnown, Sources
from shared import keys
from shared.errors import Unavailable
from shared.privacy.pseudonym import Keyring, Unsealable


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def known(database, gate, tmp_path, clock):
    return Sources(database, gate, tmp_path, clock)


@pytest.fixture
def make(database, gate, user_id):
    """Make a source of this test's account; a secret is stored unchecked."""

    def make(source_id="contact", **settings):
        source = Source(user_id, source_id, **settings)
        return source_change.create(database, gate, source, "local")

    return make


def in_an_outage(known, nowhere, gate, folder):
    """The same host's next process, started while the database is away."""
    known.copy.refresh()
    return Sources(nowhere, gate, folder)


FULL = {
    "adapter": "generic",
    "profile": "always_200",
    "field_map": {"Firma": "company"},
    "country": "DE",
    "consent": Declared(("contact",), "2026-01", "I agree"),
}


def test_a_source_is_found_as_it_was_stored(known, make, user_id):
    made = make(**FULL)

    assert (
        known.of(user_id, "contact")
        == made.shown.stored.source
        == Source(user_id, "contact", **FULL)
    )


def test_an_unknown_source_and_another_accounts_are_none(known, make, user_id):
    make()

    assert known.of(user_id, "other") is None
    assert known.of(f"{user_id}-rival", "contact") is None


def test_a_change_is_noticed_within_seconds(known, make, clock, database, gate, user_id):
    make()
    known.of(user_id, "contact")
    source_change.change(database, gate, user_id, "contact", {"country": "FR"}, "local")

    clock.now += SECONDS - 0.001
    assert known.of(user_id, "contact").country is None
    clock.now += 0.001
    assert known.of(user_id, "contact").country == "FR"


def test_a_change_made_here_is_noticed_at_once(known, make, database, gate, user_id):
    make()
    known.of(user_id, "contact")
    source_change.remove(database, gate, user_id, "contact")

    known.forget(user_id, "contact")

    assert known.of(user_id, "contact") is None


def test_a_process_that_starts_in_an_outage_knows_every_source(
    known, make, nowhere, gate, tmp_path, user_id
):
    make(**FULL)

    later = in_an_outage(known, nowhere, gate, tmp_path)

    assert later.of(user_id, "contact") == Source(user_id, "contact", **FULL)


def test_a_source_that_is_not_in_the_copy_is_not_ruled_out(
    known, make, nowhere, gate, tmp_path, user_id
):
    later = in_an_outage(known, nowhere, gate, tmp_path)
    make()

    with pytest.raises(NotKnown) as refused:
        later.of(user_id, "contact")

    assert isinstance(refused.value, Unavailable)


def test_the_copy_holds_only_what_a_usable_token_opens(
    known, make, nowhere, gate, tmp_path, database, user_id
):
    for name in ("open", "closed", "ended"):
        make(name)
    source_change.revoke(database, gate, user_id, "closed")
    ended = source_change.one(database, gate, user_id, "ended").tokens[0]
    with database.transaction(user_id) as conn:
        keys.end(conn, user_id, ended, datetime.now(UTC) - timedelta(seconds=1))

    later = in_an_outage(known, nowhere, gate, tmp_path)

    assert later.of(user_id, "open")
    for name in ("closed", "ended"):
        with pytest.raises(NotKnown):
            later.of(user_id, name)


def with_secret(owner, gate, user_id):
    """Seal a secret into a source's row: what verifies it is another module's business."""
    sealed = gate.keyring.seal(b'{"secret":"s3cret-7f3a"}', f"{user_id}/source/contact")
    owner.execute("UPDATE dedup.sources SET secrets = %s WHERE tenant_id = %s", [sealed, user_id])
    return sealed


def test_the_file_is_the_services_alone_and_holds_no_secret(
    known, make, owner, nowhere, gate, tmp_path, user_id
):
    make()
    with_secret(owner, gate, user_id)

    later = in_an_outage(known, nowhere, gate, tmp_path)

    assert later.of(user_id, "contact").secrets == {"secret": "s3cret-7f3a"}
    file = tmp_path / FILE_NAME
    assert file.stat().st_mode & 0o777 == 0o600
    opened = gate.keyring.unseal(file.read_bytes(), "source snapshot")
    assert user_id.encode() in opened
    assert b"s3cret" not in opened and b"s3cret" not in file.read_bytes()


def test_secrets_open_in_their_own_row_alone(known, make, owner, gate, user_id):
    make()
    make("other")
    sealed = with_secret(owner, gate, user_id)

    assert b"s3cret" not in sealed
    assert known.of(user_id, "contact").secrets == {"secret": "s3cret-7f3a"}
    with pytest.raises(Unsealable):
        known.of(user_id, "other")


def test_another_installations_copy_is_none(known, make, nowhere, gate, tmp_path, user_id):
    make()
    known.copy.refresh()
    stranger = type(gate)(gate.mode, Keyring(bytes(32)))

    with pytest.raises(NotKnown):
        Sources(nowhere, stranger, tmp_path).of(user_id, "contact")


def test_the_application_sees_all_sources_only_through_the_function(
    known, make, database, owner_conninfo
):
    make()
    with database.lookup() as conn:
        assert conn.execute("SELECT source_id FROM dedup.sources").fetchall() == []
        assert conn.execute("SELECT source_id FROM dedup.open_sources()").fetchall()
    with psycopg.connect(owner_conninfo) as owner:
        stranger = psycopg.sql.Identifier(f"stranger-{uuid4().hex}")
        owner.execute(psycopg.sql.SQL("CREATE ROLE {}").format(stranger))
        owner.execute(psycopg.sql.SQL("SET LOCAL ROLE {}").format(stranger))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute("SELECT * FROM dedup.open_sources()")
        owner.rollback()
