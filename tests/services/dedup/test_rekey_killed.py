"""Whoever makes keys anew and is killed leaves nothing half done; another one goes on."""

import multiprocessing
import os
import signal
import time

from services.dedup import rekeying
from services.dedup.blocking import KEYS_VERSION
from services.dedup.rekey_store import BEFORE_ALL
from services.dedup.rekeying import Desk
from shared.db import WORKER, Database
from shared.keyfile import keyring
from shared.privacy.gate import Gate
from tests.services.dedup.rekeyings import batch, stranger

AT_A_TIME = 3
"""Leads a transaction, so that there is time to be killed in."""

LEADS = 90


def work(conninfo, settings, user_id):
    """Make an account's keys anew: a process's part."""
    keys = keyring(settings)
    database = Database(conninfo, keys.fingerprint, most=2, role=WORKER)
    desk = Desk(database, Gate(settings.mode, keys), "US")
    after = BEFORE_ALL
    while after is not None:
        after = rekeying.advance(desk, user_id, after, AT_A_TIME).last
    database.close()


def until(true, seconds=60.0):
    give_up = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up, "it did not come to that"
        time.sleep(0.005)


def test_killed_in_the_middle_it_goes_on(server, local_settings, keeping, user_id, upgrade):
    batch(keeping, user_id, *map(stranger, range(LEADS)))
    wanted = upgrade.keys()
    upgrade.age()
    context = multiprocessing.get_context("spawn")
    said = server.conninfo(WORKER), local_settings, user_id
    for least in (1, 30):
        process = context.Process(target=work, args=said)
        process.start()
        until(lambda least=least: upgrade.versions().get(KEYS_VERSION, 0) >= least)
        os.kill(process.pid, signal.SIGKILL)
        process.join(30)

    listed, stored = upgrade.keys()
    assert listed == stored
    until(lambda: upgrade.go_through() is not None and upgrade.versions() == {KEYS_VERSION: LEADS})
    assert upgrade.keys() == wanted
