"""Erasures are noted outside the database, and made again in one that was restored."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

import leadfly.app
from leadfly.__main__ import main
from leadfly.erasing import Finishing
from services.dedup.reconcile import reconcile
from services.privacy.erasure import LEAD, PERSON, Desk, erase, erase_many
from services.privacy.reapplying import reapply
from shared.db import ERASER, Database, ErasuresMissing
from shared.erasure_ledger import ErasureLedger, LedgerDamaged, LedgerUnavailable, entry
from shared.errors import NotFound, Unavailable
from shared.spool import Spool

ADA = {"email": "ada@analytical.example", "first_name": "Ada", "last_name": "Lovelace"}
BOB = {"email": "bob@builder.example", "first_name": "Bob", "last_name": "Builderman"}


@pytest.fixture
def ledger(tmp_path):
    return ErasureLedger(tmp_path / "erasures")


@pytest.fixture
def desk(server, gate, ledger, tmp_path):
    """Erasing with a ledger of this test's own."""
    eraser = Database(server.conninfo(ERASER), gate.keyring.fingerprint, 2, ERASER)
    with closing(eraser) as database, closing(Spool(tmp_path / "spool")) as spool:
        yield Desk(database, gate, spool, ledger)


@pytest.fixture
def left(owner, user_id):
    """Return the ids of the leads that are stored."""

    def left():
        query = "SELECT id FROM public.leads WHERE tenant_id = %s"
        return {row[0] for row in owner.execute(query, [user_id])}

    return left


def audit(owner, user_id):
    query = "SELECT id, records, erased_by FROM privacy.erasures WHERE tenant_id = %s"
    return owner.execute(query, [user_id]).fetchall()


def files(ledger):
    return sorted(path.suffix for path in ledger.folder.glob("*"))


# What is noted ----------------------------------------------------------------------------------


def test_an_erased_person_stands_in_the_ledger_by_ids_alone(post, desk, user_id):
    first, second = post(**ADA)["lead_id"], post(**ADA)["lead_id"]

    erase(desk, user_id, UUID(second), PERSON, "test")

    (path,) = desk.ledger.folder.glob("*")
    text = path.read_text().lower().replace(user_id, "")
    assert path.suffix == ".done" and path.stat().st_mode & 0o077 == 0
    assert first in text and second in text
    assert "ada" not in text.replace(first, "").replace(second, "").replace(path.stem, "")


def test_the_audit_and_the_ledger_name_an_erasure_alike(post, desk, owner, user_id):
    erase(desk, user_id, UUID(post(**ADA)["lead_id"]), LEAD, "test")

    (made,) = desk.ledger.entries()

    assert audit(owner, user_id) == [(made.id, 1, "test")]


def test_nothing_is_erased_that_cannot_be_noted(post, desk, left, user_id):
    lead_id = UUID(post(**ADA)["lead_id"])
    desk.ledger.folder.write_text("no folder")

    with pytest.raises(LedgerUnavailable):
        erase(desk, user_id, lead_id, LEAD, "test")

    assert left() == {lead_id}


def test_who_is_not_there_is_not_noted(desk, user_id):
    with pytest.raises(NotFound):
        erase(desk, user_id, uuid4(), LEAD, "test")

    assert list(desk.ledger.entries()) == []


def test_an_erasure_that_was_undone_is_withdrawn(post, desk, left, user_id):
    lead_id = UUID(post(**ADA)["lead_id"])

    def undo(conn, gone):
        raise ValueError("not so")

    with pytest.raises(ValueError, match="not so"):
        erase_many(desk, user_id, [lead_id], "import", undo)

    assert left() == {lead_id}
    assert files(desk.ledger) == []


def test_an_erasure_of_which_nobody_knows_how_it_went_stays_asked(post, desk, user_id):
    lead_id = UUID(post(**ADA)["lead_id"])

    def cut_off(conn, gone):
        raise Unavailable

    with pytest.raises(Unavailable):
        erase_many(desk, user_id, [lead_id], "import", cut_off)

    assert files(desk.ledger) == [".asked"]


def test_the_worker_finishes_what_was_asked_and_never_done(
    post, desk, left, user_id, gate, local_settings, owner
):
    lead_id = UUID(post(**ADA)["lead_id"])
    kept = ErasureLedger(local_settings.ledger_folder)
    old = entry(user_id, LEAD, "test", [lead_id])
    kept.ask(old)
    _age(kept, old)

    Finishing(local_settings, gate, desk.spool)(lambda: False)

    assert left() == set()
    assert [records for _, records, _ in audit(owner, user_id)] == [1]
    assert kept.overdue(datetime.now(UTC)) == []


def _age(ledger, made):
    """Have an entry be five minutes older; its name says when it was made."""
    earlier = UUID(int=made.id.int - (300_000 << 80))
    path = ledger.folder / f"{made.id}.asked"
    path.write_text(path.read_text().replace(str(made.id), str(earlier)))
    path.rename(ledger.folder / f"{earlier}.asked")


# A restored database ----------------------------------------------------------------------------


@pytest.fixture
def restored(post, desk, owner, user_id, left):
    """A database in which somebody who was erased is back, and somebody else is."""
    ada, bob = UUID(post(**ADA)["lead_id"]), UUID(post(**BOB)["lead_id"])
    made = entry(user_id, LEAD, "test", [ada])
    with desk.ledger.noting(made):
        pass
    return made, ada, bob


def test_nobody_works_with_a_database_that_lacks_an_erasure(restored, server, ledger, user_id):
    with (
        closing(Database(server.conninfo("leadfly_app"), ledger=ledger)) as database,
        pytest.raises(ErasuresMissing, match="reapply-erasures"),
        database.transaction(user_id),
    ):
        pass


def test_readiness_says_what_is_to_be_done(restored, server, ledger):
    with closing(Database(server.conninfo("leadfly_app"), ledger=ledger)) as database:
        assert database.ready() == (
            False,
            "People who were erased are back in this restored database: "
            "run leadfly reapply-erasures.",
        )


def test_who_was_erased_is_erased_again_and_nobody_else(restored, desk, left, owner, user_id):
    made, _, bob = restored

    done = reapply(desk, desk.ledger.entries())

    assert (done.erasures, done.records) == (1, 1)
    assert left() == {bob}
    assert audit(owner, user_id) == [(made.id, 1, "test")]


def test_a_database_that_has_caught_up_is_worked_with(restored, desk, server, ledger, user_id):
    reapply(desk, desk.ledger.entries())

    with closing(Database(server.conninfo("leadfly_app"), ledger=ledger)) as database:
        assert database.ready() == (True, "ready")


def test_catching_up_twice_changes_nothing(restored, desk, owner, user_id):
    reapply(desk, desk.ledger.entries())

    again = reapply(desk, desk.ledger.entries())

    assert (again.erasures, again.records) == (0, 0)
    assert len(audit(owner, user_id)) == 1


def test_an_erasure_of_somebody_the_restored_database_never_knew_counts_as_seen(
    desk, owner, user_id
):
    with desk.ledger.noting(entry(user_id, PERSON, "test", [uuid4(), uuid4()])):
        pass

    assert reapply(desk, desk.ledger.entries()).records == 0
    assert len(audit(owner, user_id)) == 1


def test_people_joined_only_at_the_restored_moment_are_not_erased_along(
    post, desk, left, owner, user_id
):
    first, second = (UUID(post(**ADA)["lead_id"]) for _ in range(2))
    with desk.ledger.noting(entry(user_id, PERSON, "test", [second])):
        pass

    reapply(desk, desk.ledger.entries())

    assert left() == {first}


def test_an_entry_that_cannot_be_read_stops_the_catching_up(restored, desk):
    (path,) = desk.ledger.folder.glob("*.done")
    path.write_text("{")

    with pytest.raises(LedgerDamaged, match=path.name):
        reapply(desk, desk.ledger.entries())


def test_an_erasure_is_older_than_any_backup_before_it_is_forgotten(restored, ledger):
    now = datetime.now(UTC)

    assert ledger.forget(now - timedelta(days=400)) == 0
    assert ledger.forget(now + timedelta(seconds=1)) == 1


# The command ------------------------------------------------------------------------------------


@pytest.fixture
def command(server, ledger, monkeypatch, capsys):
    """Run the command on the ledger of this test; return its exit code and what it said."""
    monkeypatch.setenv("LEADFLY_HOME", str(server.home))
    monkeypatch.setenv("ERASURE_LEDGER", str(ledger.folder))

    def command(*arguments):
        code = main(["reapply-erasures", *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out + said.err

    return command


def test_the_command_lists_what_is_missing_and_erases_nothing(restored, command, left):
    made, ada, bob = restored

    code, said = command("--list")

    assert code == 0
    assert str(made.id) in said and "1 erasures are missing" in said
    assert left() == {ada, bob}


def test_the_command_catches_up_with_the_ledger(restored, command, left):
    assert command() == (0, "1 erasures made again, 1 records erased\n")
    assert left() == {restored[2]}


def test_an_erasure_that_was_the_mistake_is_left_out_and_audited(
    restored, command, left, owner, user_id
):
    made, ada, bob = restored

    code, said = command("--leave-out", made.id)

    assert (code, said) == (0, "0 erasures made again, 0 records erased\n1 left out\n")
    assert left() == {ada, bob}
    assert audit(owner, user_id) == [(made.id, 0, "left out")]


def test_leaving_out_what_is_not_missing_is_refused(restored, command, left):
    code, said = command("--leave-out", uuid4())

    assert code == 1 and "is missing here" in said
    assert len(left()) == 2


def test_a_lead_that_comes_meanwhile_waits_and_is_stored_once_caught_up(
    restored, desk, local_settings, database, user_id, left
):
    chosen = replace(local_settings, erasure_ledger=desk.ledger.folder)
    app = leadfly.app.create_app(chosen)
    body = {"user_id": user_id, "source_id": "s", "lead_data": {"email": "new@people.example"}}
    with closing(app.extensions["leadfly"].database):
        answer = app.test_client().post("/webhook/leadfly/duplicate-prevention", json=body)
        ready = app.test_client().get("/readyz")

    reapply(desk, desk.ledger.entries())
    with closing(Spool(local_settings.spool_folder)) as spool:
        reconcile(database, desk.gate, spool, user_id, 10)

    assert (answer.status_code, answer.json["degraded"]) == (200, True)
    assert ready.status_code == 503
    assert "reapply-erasures" in ready.json["error"]["details"]["database"]
    assert left() == {restored[2], UUID(answer.json["lead_id"])}
