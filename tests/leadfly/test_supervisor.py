"""Real processes: `leadfly run` on a free port and a home of its own."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path
from threading import Thread
from uuid import uuid4

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from leadfly.supervisor import EXAMPLE, WEBHOOK, Kept
from shared.embedded import Server
from shared.errors import Unavailable

ROOT = Path(__file__).resolve().parents[2]

A_JOB = (
    "INSERT INTO public.subjects VALUES ('t', %(id)s, now()) ON CONFLICT DO NOTHING",
    "INSERT INTO public.leads (tenant_id, id, subject_id, source_id, fields, received_at, "
    "submitted_at) VALUES ('t', %(id)s, %(id)s, 'test', '{}', now(), now()) ON CONFLICT DO NOTHING",
    "INSERT INTO public.jobs (tenant_id, id, kind, lead_id, arguments, due_at) "
    "VALUES ('t', %(id)s, 'unheard-of', %(id)s, '{}', now()) ON CONFLICT DO NOTHING",
)
TRIED = "SELECT true FROM public.jobs WHERE id = %(id)s AND failure LIKE '%%UnknownKind'"

BUSY = "SELECT count(*) FROM generate_series(1, 100000000000)"
"""A statement that does not look up for hours, not even when its postmaster is dead."""


class Run:
    """A `leadfly run` as a person would start it, with its output so far."""

    def __init__(self, home, port):
        self.home, self.port = home, port
        self.process = subprocess.Popen(
            [sys.executable, "-m", "leadfly", "run"],
            cwd=ROOT,
            env=os.environ | {"LEADFLY_HOME": str(home), "PORT": str(port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said, self.waited_for = [], 0
        # Unread, a pipe is full after 64 KiB, and whoever writes to it stands still.
        self.listener = Thread(target=lambda: self.said.extend(self.process.stdout), daemon=True)
        self.listener.start()

    def wait_for(self, words):
        """Wait until a line with *words* comes after the one waited for before."""
        while self.listener.is_alive() or self.waited_for < len(self.said):
            for line in self.said[self.waited_for :]:
                self.waited_for += 1
                if words in line:
                    return
            time.sleep(0.02)
        raise AssertionError("".join(self.said))

    def output(self):
        """Return all that was said, once the process and what it started have ended."""
        self.process.wait(timeout=30)
        self.listener.join(timeout=15)
        self.process.stdout.close()
        return "".join(self.said)

    def request(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            headers = {"Content-Type": "application/json"}
            connection.request(method, path, json.dumps(body) if body else None, headers)
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()

    def serves_again(self, seconds):
        """True if a lead is accepted within *seconds*."""
        give_up = time.monotonic() + seconds
        while time.monotonic() < give_up:
            if self.request("POST", WEBHOOK, EXAMPLE)[0] == 200:
                return True
            time.sleep(0.1)
        return False

    def works_again(self, seconds):
        """True if a job, enqueued as soon as the database lets us, is tried within *seconds*."""
        give_up = time.monotonic() + seconds
        names = {"id": uuid4()}
        while time.monotonic() < give_up:
            with (
                suppress(psycopg.Error),
                psycopg.connect(Server(self.home).conninfo("leadfly")) as conn,
            ):
                for statement in A_JOB:
                    conn.execute(statement, names)
                conn.commit()
                if conn.execute(TRIED, names).fetchone():
                    return True
            time.sleep(0.1)
        return False

    def master(self):
        return self.child("gunicorn")

    def worker(self):
        return self.child("worker")

    def child(self, word):
        """Return the child that has *word* in its command line, None while there is none."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        for pid in children.split():
            with suppress(OSError):
                if word in Path(f"/proc/{pid}/cmdline").read_text().split("\0"):
                    return int(pid)
        return None

    def postmaster(self):
        return int((self.home / "postgres" / "postmaster.pid").read_text().split()[0])

    def stop(self, number=signal.SIGINT):
        self.process.send_signal(number)
        self.output()
        return self.process.returncode


@contextmanager
def running(home):
    """Start LeadFly, wait until it says it is ready, and leave nothing of it behind."""
    run = Run(home, free_port())
    try:
        run.wait_for("Ctrl-C stops everything")
        yield run
    finally:
        if run.process.poll() is None:
            run.stop()
        run.output()
        Server(home).stop(hurry=True)


@pytest.fixture(scope="module")
def leadfly(tmp_path_factory):
    with running(tmp_path_factory.mktemp("run")) as run:
        yield run


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def lives(pid):
    """True if the process does anything but wait to be reaped."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def compute_for_hours(conn):
    with suppress(psycopg.Error):
        conn.execute(BUSY)


def soon(claim, seconds=10):
    give_up = time.monotonic() + seconds
    while not claim() and time.monotonic() < give_up:
        time.sleep(0.05)
    return claim()


def test_the_lead_it_tells_you_to_paste_is_answered(leadfly):
    said = "".join(leadfly.said)

    assert f"http://127.0.0.1:{leadfly.port}{WEBHOOK}" in said and json.dumps(EXAMPLE) in said
    assert leadfly.request("POST", WEBHOOK, EXAMPLE)[0] == 200


def test_the_pages_it_tells_you_to_open_are_there(leadfly):
    said = "".join(leadfly.said)

    pages = ("/lead-discovery/alerts?user_id=demo", "/lead-discovery/imports")
    for path in (*pages, "/healthz", "/docs"):
        assert f"http://127.0.0.1:{leadfly.port}{path}\n" in said
        assert leadfly.request("GET", path)[0] == 200


def test_services_come_back_when_gunicorn_is_killed(leadfly):
    killed = leadfly.master()
    os.kill(killed, signal.SIGKILL)

    leadfly.wait_for("services started again")

    assert leadfly.serves_again(60)
    assert leadfly.master() != killed


def test_the_worker_comes_back_when_it_is_killed(leadfly):
    assert leadfly.works_again(10)
    killed = leadfly.worker()
    os.kill(killed, signal.SIGKILL)

    assert leadfly.works_again(10)
    assert leadfly.worker() not in (killed, None)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["killed", "stopped"])
def test_everything_comes_back_when_postgres_is(leadfly, number):
    master, worker = leadfly.master(), leadfly.worker()
    os.kill(leadfly.postmaster(), number)

    assert leadfly.serves_again(60)
    assert leadfly.works_again(60)
    assert (leadfly.master(), leadfly.worker()) == (master, worker)


def test_a_killed_postmaster_comes_back_although_a_backend_is_still_busy(leadfly):
    conn = psycopg.connect(Server(leadfly.home).conninfo("leadfly"))
    backend = conn.info.backend_pid
    busy = Thread(target=compute_for_hours, args=[conn])
    busy.start()
    assert soon(lambda: conn.info.transaction_status == TransactionStatus.ACTIVE)
    os.kill(leadfly.postmaster(), signal.SIGKILL)

    assert lives(backend)
    assert leadfly.works_again(10)
    assert not lives(backend)
    busy.join()


def test_all_of_it_comes_back_when_all_of_it_is_killed_twice(leadfly):
    for _ in range(2):
        assert soon(lambda: leadfly.master() and leadfly.worker())
        for pid in (leadfly.postmaster(), leadfly.master(), leadfly.worker()):
            os.kill(pid, signal.SIGKILL)

        assert leadfly.serves_again(60)
        assert leadfly.works_again(60)


def test_a_second_leadfly_on_the_same_home_is_refused(leadfly):
    second = Run(leadfly.home, free_port())

    said = second.output()

    assert second.process.returncode == 1
    assert f"process {leadfly.process.pid}" in said and "LEADFLY_HOME" in said
    assert leadfly.serves_again(5)


def test_a_taken_port_is_named_before_anything_is_started(leadfly, tmp_path):
    second = Run(tmp_path / "home", leadfly.port)

    said = second.output()

    assert second.process.returncode == 1
    assert f"Port {leadfly.port} " in said and f"PORT={leadfly.port + 1}" in said
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminate"])
def test_a_stop_is_clean_and_leaves_nothing_running(tmp_path, number):
    with running(tmp_path) as run:
        everything = [run.master(), run.worker(), run.postmaster()]

        assert run.stop(number) == 0

        assert not any(lives(pid) for pid in everything) and not listening(run.port)
        assert "database system is shut down" in (tmp_path / "postgres.log").read_text()


def test_services_and_worker_end_with_a_killed_supervisor_and_the_next_one_takes_over(tmp_path):
    with running(tmp_path) as killed:
        children, orphan = [killed.master(), killed.worker()], killed.postmaster()
        killed.process.kill()
        killed.process.wait()

        assert soon(lambda: not any(map(lives, children)) and not listening(killed.port))
        with running(tmp_path) as run:
            assert run.postmaster() != orphan
            assert run.serves_again(5)


def test_what_keeps_dying_is_restarted_after_ever_longer_pauses():
    starts, now = [], 0.0
    kept = Kept("it", running=lambda: False, start=lambda: starts.append(now))

    while now < 40:
        kept.look(now)
        now += 0.25

    pauses = [later - earlier for earlier, later in pairwise(starts)]
    assert starts[0] == 0.5
    assert pauses == sorted(pauses)
    assert 2 <= pauses[-1] <= 2.5


def test_a_start_that_fails_is_tried_again():
    answers = [Unavailable, None]

    def start():
        if error := answers.pop(0):
            raise error

    kept = Kept("it", running=lambda: not answers, start=start)
    for now in range(10):
        kept.look(float(now))

    assert answers == []
