"""What may befall a team's installation, and what is there after a restore."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from threading import Thread
from uuid import uuid4

import psycopg
import pytest

from leadfly.migrate import migrate
from shared.embedded import OWNER, Server
from tests.chaos.ledger import Ledger, Sent
from tests.chaos.load import Load, post
from tests.chaos.people import visitors
from tests.chaos.running import ROOT, LeadFly, running, soon
from tests.chaos.stored import drained
from tests.e2e.deploy.backups import Backups, lose, writable

BEFORE, MEANWHILE = 60, 40
"""Leads that are posted before the disk is lost, and while there is no database."""

DRAIN_SECONDS = 120.0


def environ(backups: Backups) -> dict[str, str]:
    """Return the settings of an installation on the PostgreSQL that is backed up."""
    return {
        "DATABASE_URL": backups.server.conninfo(OWNER),
        "MIGRATIONS_DATABASE_URL": backups.server.conninfo(OWNER),
        "ERASURE_LEDGER": str(backups.erasures),
    }


@pytest.fixture
def leadfly(backups, tmp_path):
    """An installation with backups, whose commits wait for the log to be kept."""
    migrate(backups.server.conninfo(OWNER))
    backups.tell(
        "ALTER SYSTEM SET synchronous_standby_names = 'leadfly_wal'", "SELECT pg_reload_conf()"
    )
    with running(tmp_path / "home", **environ(backups)) as leadfly:
        yield leadfly


def back(backups: Backups, until: str = "") -> str:
    """Restore in the place of a database that is lost, and start it; return what was said."""
    backups.server.stop(hurry=True)
    done = backups.restore(backups.server.cluster, until)
    assert done.returncode == 0, done.stderr
    backups.server.start()
    assert soon(lambda: writable(backups.server), 60)
    return done.stdout


# The disk of the database is lost --------------------------------------------------------------


def test_every_acknowledged_lead_is_there_once_after_the_disk_of_the_database_is_lost(
    leadfly, backups
):
    backups.base()
    ledger, tenant = Ledger(), f"tenant-{uuid4().hex}"
    load = Load(leadfly.port, ledger, seed=65, rate=20, threads=4)
    leads = visitors(tenant, 65)
    load.send(leads, lambda count: count >= BEFORE, DRAIN_SECONDS)
    storm = Thread(
        target=load.send, args=(leads, lambda count: count >= BEFORE + MEANWHILE, DRAIN_SECONDS)
    )

    storm.start()
    lose(backups.server)
    assert soon(lambda: load.count >= BEFORE + MEANWHILE // 2, DRAIN_SECONDS)
    back(backups)
    storm.join()

    stored, _ = drained(backups.server.conninfo(OWNER), ledger, DRAIN_SECONDS)
    assert len(ledger.acknowledged()) == BEFORE + MEANWHILE
    assert any(answer.degraded for said in ledger.answers.values() for answer in said)
    assert ledger.violations(stored) == []


# Somebody was erased since ----------------------------------------------------------------------


def lead(tenant: str, name: str) -> Sent:
    fields = {"email": f"{name}@{name}.example", "first_name": name.title(), "last_name": "Ng"}
    return Sent(tenant, fields, key=name)


def posted(leadfly: LeadFly, tenant: str, name: str) -> str:
    """Post a lead; return its id."""
    answer = post(leadfly.port, lead(tenant, name))
    assert answer is not None and answer.acknowledges
    return answer.says("lead_id")


def erase(leadfly: LeadFly, tenant: str, lead_id: str) -> None:
    address = f"http://127.0.0.1:{leadfly.port}/api/v1/lead-discovery/leads/{lead_id}"
    asked = urllib.request.Request(f"{address}?user_id={tenant}", method="DELETE")
    with urllib.request.urlopen(asked, timeout=30) as answer:
        assert json.load(answer)["records_erased"] == 1


def command(leadfly: LeadFly, backups: Backups, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a subcommand of `leadfly` on the installation."""
    home = {"LEADFLY_HOME": str(leadfly.home)}
    return subprocess.run(
        [sys.executable, "-m", "leadfly", *words],
        cwd=ROOT,
        env=os.environ | environ(backups) | home,
        capture_output=True,
        text=True,
        timeout=120,
    )


def there(backups: Backups) -> set[str]:
    with psycopg.connect(backups.server.conninfo(OWNER)) as conn:
        found = conn.execute("SELECT fields ->> 'first_name' FROM public.leads").fetchall()
    return {name for (name,) in found}


@pytest.fixture
def before_the_erasure(leadfly, backups):
    """An installation restored to a moment before somebody was erased; it is stopped."""
    tenant = f"tenant-{uuid4().hex}"
    ada, _ = posted(leadfly, tenant, "ada"), posted(leadfly, tenant, "bob")
    backups.base()
    time.sleep(1.1)  # a backup's name counts whole seconds, and so may a time that people give
    moment = str(backups.ask("SELECT clock_timestamp()"))
    erase(leadfly, tenant, ada)
    posted(leadfly, tenant, "carl")
    leadfly.stop()
    lose(backups.server)
    back(backups, moment)
    return leadfly


def test_whoever_was_erased_since_is_erased_again_and_nobody_else(before_the_erasure, backups):
    assert there(backups) == {"Ada", "Bob"}

    done = command(before_the_erasure, backups, "reapply-erasures")

    assert (done.stdout, done.stderr) == ("1 erasures made again, 1 records erased\n", "")
    assert there(backups) == {"Bob"}


def test_an_installation_that_was_restored_does_not_start_before_that_and_says_why(
    before_the_erasure, backups
):
    with pytest.raises(AssertionError):
        before_the_erasure.start()
    assert "run leadfly reapply-erasures" in before_the_erasure.said()

    command(before_the_erasure, backups, "reapply-erasures")
    before_the_erasure.start()

    with urllib.request.urlopen(f"http://127.0.0.1:{before_the_erasure.port}/readyz") as answer:
        assert answer.status == 200


def test_the_life_after_a_restore_is_backed_up_and_restored_like_the_one_before(
    before_the_erasure, backups, tmp_path
):
    command(before_the_erasure, backups, "reapply-erasures")
    backups.base()
    backups.tell("CREATE TABLE public.later (number int)")
    backups.kept()

    done = backups.restore(tmp_path / "again/postgres")

    assert done.returncode == 0, done.stderr
    assert backups.log("00000002").is_dir()
    again = Server(tmp_path / "again")
    again.start()
    try:
        assert soon(lambda: writable(again), 60)
        with psycopg.connect(again.conninfo(OWNER)) as conn:
            assert conn.execute("SELECT to_regclass('public.later')").fetchone() == ("later",)
    finally:
        again.stop(hurry=True)


def test_services_that_ran_on_through_a_restore_answer_nothing_before_it_has_caught_up(
    leadfly, backups
):
    tenant = f"tenant-{uuid4().hex}"
    ada = posted(leadfly, tenant, "ada")
    backups.base()
    time.sleep(1.1)
    moment = str(backups.ask("SELECT clock_timestamp()"))
    erase(leadfly, tenant, ada)
    lose(backups.server)

    back(backups, moment)
    ready = f"http://127.0.0.1:{leadfly.port}/readyz"

    def refused() -> bool:
        try:
            urllib.request.urlopen(ready, timeout=10).close()
        except urllib.error.HTTPError as error:
            with error:
                return b"reapply-erasures" in error.read()
        return False

    assert soon(refused, 60)
    assert post(leadfly.port, lead(tenant, "bob")).degraded
    command(leadfly, backups, "reapply-erasures")
    assert soon(lambda: there(backups) == {"Bob"}, 60)
