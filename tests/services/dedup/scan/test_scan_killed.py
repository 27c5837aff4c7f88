"""A scan that is killed goes on where it was, whatever was killed, and finds each pair once."""

import multiprocessing
import os
import signal
import threading
import time

import psycopg
import pytest

from leadfly.migrate import migrate
from services.dedup.scan import asking, scanning
from services.dedup.scan.scanning import Desk
from shared.db import ROLE, WORKER, Database
from shared.embedded import OWNER, Server
from shared.errors import ServiceError
from shared.keyfile import keyring
from shared.privacy.gate import Gate
from tests.services.dedup.scan.past import Past, never

AT_A_TIME = 3
"""Leads a transaction, so that there is time to be killed in."""

NAMES = (
    *("Lara Quistberg", "Ismail Varga", "Noor Lindqvist", "Tomas Abara", "Petra Owusu"),
    *("Greta Holloway", "Umberto Zanetti", "Fiona Macrae", "Henrik Dahlgaard", "Yara Boutros"),
)


def pieces(number, name):
    """Return one person in five pieces."""
    given, family = name.split()
    named = {"first_name": given, "last_name": family}
    phone, mail = f"+44 20 7946 0{number:03}", f"{given}.{family}@firm{number}.example".lower()
    other = f"{given}@{family}{number}.example".lower()
    return (
        {**named, "email": mail, "phone": phone},
        {**named, "email": other, "phone": phone},
        {**named, "email": mail},
        {**named, "phone": phone},
        {**named, "email": other},
    )


PEOPLE = [piece for number, name in enumerate(NAMES) for piece in pieces(number, name)]


def work(conninfo, settings, tenant_id):
    """Go on with an account's scan: a process's part."""
    keys = keyring(settings)
    database = Database(conninfo, keys.fingerprint, most=2, role=WORKER)
    desk = Desk(database, Gate(settings.mode, keys))
    while scanning.advance(desk, tenant_id, never, AT_A_TIME):
        pass
    database.close()


def until(true, seconds=60.0):
    give_up = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up, "it did not come to that"
        time.sleep(0.01)


def gone_on(past, asked):
    """Go on with a scan; a killed process's connection may hold it for a moment longer."""
    past.work()
    return asking.found(past.database, past.user_id, asked).status


def assert_found_once(past, scan, owner):
    """Each pair has one review, and a scan that nobody kills finds the same pairs."""
    assert (scan.status, scan.leads_done, scan.leads_failed) == ("done", len(PEOPLE), 0)
    found = reviews_of(owner, past.user_id)
    pairs = [frozenset(row[:2]) for row in found]
    assert len(pairs) == len(set(pairs)) == scan.reviews_opened
    assert len({row[2] for row in found}) == len(NAMES)
    for statement in FORGET:
        owner.execute(statement, [past.user_id])
    asking.ask(past.database, past.user_id, False, "test")
    past.work()
    assert {frozenset(row[:2]) for row in reviews_of(owner, past.user_id)} == set(pairs)


FORGET = (
    "DELETE FROM dedup.reviews WHERE tenant_id = %s",
    "DELETE FROM dedup.decisions WHERE tenant_id = %s",
    "DELETE FROM dedup.scan_members WHERE tenant_id = %s",
)


def reviews_of(owner, tenant_id):
    return owner.execute(
        """
        SELECT review.lead_id, decision.compared_with, member.group_id
        FROM dedup.reviews AS review
        JOIN dedup.decisions AS decision
            ON decision.tenant_id = review.tenant_id AND decision.id = review.decision_id
        JOIN dedup.scan_members AS member
            ON member.tenant_id = review.tenant_id AND member.lead_id = review.lead_id
        WHERE review.tenant_id = %s
        """,
        [tenant_id],
    ).fetchall()


def test_a_worker_that_is_killed_loses_and_doubles_nothing(past, server, local_settings, owner):
    past.bring(*PEOPLE)
    asked = asking.ask(past.database, past.user_id, False, "test").id
    context = multiprocessing.get_context("spawn")
    said = server.conninfo(WORKER), local_settings, past.user_id
    for least in (1, 13, 25):
        process = context.Process(target=work, args=said)
        process.start()
        until(
            lambda least=least: asking.found(past.database, past.user_id, asked).leads_done >= least
        )
        os.kill(process.pid, signal.SIGKILL)
        process.join(30)

    until(lambda: gone_on(past, asked) == "done")

    scan = asking.found(past.database, past.user_id, asked)
    assert_found_once(past, scan, owner)


@pytest.fixture
def frail(tmp_path):
    """A PostgreSQL of its own, which may be stopped."""
    server = Server(tmp_path / "frail")
    server.start()
    migrate(server.conninfo(OWNER))
    yield server
    server.stop(hurry=True)


def test_a_database_that_restarts_loses_and_doubles_nothing(
    frail, app, local_settings, gate, user_id
):
    fingerprint = keyring(local_settings).fingerprint
    database = Database(frail.conninfo(ROLE), fingerprint, most=2)
    worker = Database(frail.conninfo(WORKER), fingerprint, most=2, role=WORKER)
    past = Past(app, database, gate, Desk(worker, gate), user_id)
    past.bring(*PEOPLE)
    asked = asking.ask(database, user_id, False, "test").id
    over = threading.Event()
    thread = threading.Thread(target=_patiently, args=(past, over))
    thread.start()
    until(lambda: asking.found(database, user_id, asked).leads_done >= 9)

    frail.stop(hurry=True)
    frail.start()

    until(lambda: _ended(database, user_id, asked))
    over.set()
    thread.join(30)
    with psycopg.connect(frail.conninfo(OWNER), autocommit=True) as conn:
        scan = asking.found(database, user_id, asked)
        assert_found_once(past, scan, conn)
    database.close()
    worker.close()


def _patiently(past, over):
    """Go on as the worker's loop does, again after whatever fails."""
    while not over.is_set():
        try:
            past.work(AT_A_TIME)
        except (ServiceError, psycopg.Error):
            time.sleep(0.05)


def _ended(database, tenant_id, scan_id):
    try:
        return asking.found(database, tenant_id, scan_id).ended_at is not None
    except (ServiceError, psycopg.Error):
        return False
