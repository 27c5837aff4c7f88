"""`leadfly rekey`, and what the doctor says of leads that wait for it."""

import psycopg
import pytest

from leadfly.__main__ import main
from leadfly.doctor_command import findings
from services.dedup.blocking import KEYS_VERSION
from services.dedup.rekeying import Desk
from tests.services.dedup.arrivals import ADA, BOB
from tests.services.dedup.rekeyings import BEFORE, Upgrade


@pytest.fixture
def upgraded(owner_conninfo, worker_database, gate, user_id, post):
    """An account of two leads with keys of before."""
    with psycopg.connect(owner_conninfo, autocommit=True) as owner:
        upgrade = Upgrade(owner, Desk(worker_database, gate, "US"), user_id)
        for each in (ADA, BOB):
            post(**each)
        upgrade.age()
        yield upgrade
        upgrade.leave_nothing_waiting()


@pytest.fixture
def run(server, monkeypatch, capsys):
    """Run the command; return its exit code and what it printed."""
    monkeypatch.setenv("LEADFLY_HOME", str(server.home))

    def run(*words):
        code = main(["rekey", *words])
        return code, capsys.readouterr().out

    return run


def waiting(server):
    """Return what the doctor says of keys."""
    found = findings({"LEADFLY_HOME": str(server.home)})
    return [one for one in found if "blocking keys" in one.what]


def test_all_leads_that_wait_get_new_keys(run, upgraded):
    assert run() == (0, "2 leads have new keys\n")
    assert upgraded.versions() == {KEYS_VERSION: 2}
    assert run() == (0, "no lead waits for new keys\n")


def test_leads_of_one_account_get_new_keys(run, upgraded, user_id):
    assert run("--tenant", f"{user_id}-other") == (0, "no lead waits for new keys\n")
    assert upgraded.versions() == {BEFORE: 2}
    assert run("--tenant", user_id) == (0, "2 leads have new keys\n")


def test_leads_that_keep_their_keys_are_counted(run, upgraded, user_id):
    upgraded.owner.execute(
        "UPDATE dedup.records SET compared = 'x' WHERE tenant_id = %s", [user_id]
    )

    assert run() == (
        0,
        "0 leads have new keys\n"
        "2 keep theirs: they cannot be read, or their consent does not stand\n",
    )


def test_the_doctor_tells_how_many_wait_and_finds_nothing_wrong(run, server, upgraded):
    (before,) = waiting(server)
    run()
    (after,) = waiting(server)

    assert (before.well, before.what[:7]) == (None, "2 leads")
    assert "leadfly rekey" in before.mend
    assert after.well
