"""A PostgreSQL that a test may hang, stop and make read only."""

import os
import signal
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from leadfly.migrate import migrate
from shared.db import Database
from shared.embedded import Server


class Victim:
    """A server and what can befall it."""

    def __init__(self, server):
        self.server = server
        self.app = server.conninfo("leadfly_app")

    def postmaster(self):
        return int((self.server.cluster / "postmaster.pid").read_text().split()[0])

    def backends(self):
        postmaster = self.postmaster()
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text()
        return map(int, children.split())

    def hang(self):
        os.kill(self.postmaster(), signal.SIGSTOP)  # first: it starts nobody in between
        self.signal_backends(signal.SIGSTOP)

    def wake(self):
        self.signal_backends(signal.SIGCONT)
        os.kill(self.postmaster(), signal.SIGCONT)

    def signal_backends(self, number):
        for pid in self.backends():
            with suppress(ProcessLookupError):  # one may have ended since
                os.kill(pid, number)

    def heal(self):
        """Undo whatever a test did."""
        if not self.server.running():
            self.server.start()
        self.wake()
        self.command("ALTER DATABASE leadfly RESET default_transaction_read_only")
        self.command("ALTER SYSTEM RESET default_transaction_read_only")
        self.command("SELECT pg_reload_conf()")

    def command(self, statement, *values):
        options = "-c default_transaction_read_only=off"
        with psycopg.connect(
            self.server.conninfo("leadfly"), autocommit=True, options=options
        ) as conn:
            cursor = conn.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="session")
def own_server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("victim"))
    server.start()
    try:
        migrate(server.conninfo("leadfly"))
        yield server
    finally:
        server.stop(hurry=True)


@pytest.fixture
def victim(own_server):
    victim = Victim(own_server)
    yield victim
    victim.heal()


@contextmanager
def opened(conninfo, most=4):
    """A watched database that serves; all its threads end with it."""
    before = set(threading.enumerate())
    database = Database(conninfo, most=most)
    database.watch()
    try:
        with database.lookup() as conn:
            conn.execute("SELECT 1")
        yield database
    finally:
        database.close()
    assert soon(lambda: set(threading.enumerate()) <= before, 3), threading.enumerate()


@pytest.fixture
def watched(victim):
    with opened(victim.app) as database:
        yield database


BUSY = 5
"""How much longer a busy machine may take than is promised."""


def soon(claim, seconds):
    """Return the seconds until *claim()* is true, None after BUSY times *seconds*."""
    begun = time.monotonic()
    while time.monotonic() - begun < BUSY * seconds:
        if claim():
            return time.monotonic() - begun or 1e-9
        time.sleep(0.005)
    return None


@pytest.fixture(name="soon")
def _soon():
    return soon
