"""Events of leads are looked at once, with what is known of the leads."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from services.alerts import watching
from services.alerts.raising import Raiser
from services.alerts.watching import LISTED_WITHIN, look
from tests.services.alerts.alerting import NOW

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def looked(worker_database, gate, mine):
    """Look at what this test's account has waiting, as the worker does."""
    raiser = Raiser(gate)

    def looked(now=NOW, raiser=raiser, database=worker_database):
        return look(database, raiser, "US", mine.tenant_id, now)

    return looked


def waiting(mine):
    return len(mine.rows("SELECT FROM alerts.waiting WHERE tenant_id = %(tenant)s"))


def test_an_event_that_no_rule_hears_leaves_no_note(mine):
    mine.rule("high_score_match")
    mine.happens(mine.lead())

    assert waiting(mine) == 0


def test_an_event_that_a_rule_hears_is_looked_at_once(mine, looked):
    mine.rule()
    mine.happens(mine.lead())

    assert (waiting(mine), looked(), looked(), waiting(mine)) == (1, 1, 0, 0)
    assert mine.alerts() == [1]


def test_a_rule_looks_at_what_is_known_of_the_lead(mine, looked):
    mine.rule(conditions={"region": "Texas"})
    for admin1 in ("TX", "CA"):
        mine.happens(mine.lead(country="US", admin1=admin1))

    looked()

    assert len(mine.alerts()) == 1


def test_an_event_waits_until_its_lead_is_listed(mine, looked):
    mine.rule()
    mine.happens(mine.lead(listed=False))

    assert (looked(), waiting(mine)) == (0, 1)
    assert looked(NOW + LISTED_WITHIN + timedelta(seconds=1)) == 1


def test_what_happens_now_does_not_wait_for_an_import(mine, looked):
    mine.rule()
    lead_id = mine.lead(listed=False)
    for _ in range(watching.AT_A_TIME):
        mine.happens(lead_id)
    mine.happens(mine.lead())

    looked()

    assert mine.alerts() == [1]


class _Broken(Raiser):
    """Cannot raise anything about one lead."""

    def raise_alerts(self, conn, tenant_id, happenings, now, posted=False):
        if any(one.facts.get("country") == "DE" for one in happenings):
            raise ValueError
        return super().raise_alerts(conn, tenant_id, happenings, now, posted)


def test_an_event_that_cannot_be_looked_at_holds_up_no_other(mine, gate, looked):
    mine.rule()
    for country in ("US", "DE", "US"):
        mine.happens(mine.lead(country=country))

    looked(raiser=_Broken(gate))

    assert (waiting(mine), len(mine.alerts())) == (0, 2)


def test_many_workers_look_at_each_event_once(mine, gate, looked, busy_worker_database):
    mine.rule()
    leads = [mine.lead() for _ in range(5)]
    for n in range(300):
        mine.happens(leads[n % 5])

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: looked(database=busy_worker_database), range(16)))
    while looked():
        pass

    assert sum(mine.alerts()) == 300


def test_a_lead_that_is_erased_meanwhile_holds_up_nobody(
    mine, looked, owner_conninfo, busy_worker_database
):
    mine.rule()
    leads = [mine.lead() for _ in range(40)]
    for lead_id in leads:
        mine.happens(lead_id)

    def erase(lead_id):
        with psycopg.connect(owner_conninfo) as owner:
            owner.execute("DELETE FROM public.leads WHERE id = %s", [lead_id])

    with ThreadPoolExecutor(8) as threads:
        erased = threads.map(erase, leads[::2])
        looking = threads.map(lambda _: looked(database=busy_worker_database), range(10))
        list(erased), list(looking)
    while looked():
        pass

    assert set(mine.alerts("lead_id")) == set(leads[1::2])


KILLED = """
import sys
from datetime import UTC, datetime
from services.alerts.raising import Raiser
from services.alerts.watching import look
from services.alerts.notifying import tell
from services.alerts import group_store
from shared import db, settings
from shared.keyfile import keyring
from shared.privacy.gate import Gate

home = settings.load()
keys = keyring(home)
database, gate = db.connect(home, keys.fingerprint, db.WORKER), Gate(home.mode, keys)
raiser = Raiser(gate)
print("ready", flush=True)
while True:
    look(database, raiser, "US", sys.argv[1], datetime.now(UTC))
    with database.lookup() as conn:
        due = group_store.due(conn, datetime.now(UTC), 100)
    for one in due:
        if one.tenant_id == sys.argv[1]:
            tell(database, one, datetime.now(UTC))
"""


def test_a_worker_that_is_killed_loses_nothing_and_repeats_nothing(
    mine, server, looked, owner_conninfo
):
    receiver_id = mine.receiver(most_an_hour=1000)
    mine.rule(receivers=[receiver_id], group_by=["lead_id"])
    leads = [mine.lead() for _ in range(200)]
    for part in range(4):
        running = subprocess.Popen(
            [sys.executable, "-c", KILLED, mine.tenant_id],
            cwd=ROOT,
            env=os.environ | {"LEADFLY_HOME": str(server.home)},
            stdout=subprocess.PIPE,
        )
        running.stdout.readline()
        for lead_id in leads[part * 50 : (part + 1) * 50]:
            mine.happens(lead_id)
        with suppress(ProcessLookupError):
            os.kill(running.pid, signal.SIGKILL)
        running.communicate()
    # The last one's transaction ends when PostgreSQL notices that nobody is there.
    give_up = time.monotonic() + 30
    while looked() or (len(mine.alerts()) < 200 and time.monotonic() < give_up):
        pass

    assert mine.alerts() == [1] * 200
    told = mine.rows(
        "SELECT alert_id, count(*) FROM alerts.notified WHERE tenant_id = %(tenant)s GROUP BY 1"
    )
    with psycopg.connect(owner_conninfo) as owner:
        jobs = owner.execute(
            "SELECT arguments ->> 'notification_id' FROM public.jobs WHERE tenant_id = %s",
            [mine.tenant_id],
        ).fetchall()
    sent = mine.rows("SELECT id::text FROM alerts.notifications WHERE tenant_id = %(tenant)s")
    assert {number for _, number in told} <= {1}
    assert sorted(jobs) == sorted(sent)
