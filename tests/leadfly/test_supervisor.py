"""Real processes: `leadfly run` on a free port and a home of its own."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from leadfly.supervisor import EXAMPLE, WEBHOOK, Kept
from shared.embedded import Server
from shared.errors import Unavailable

ROOT = Path(__file__).resolve().parents[2]


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
        self.said = []

    def wait_for(self, words):
        for line in self.process.stdout:
            self.said.append(line)
            if words in line:
                return
        raise AssertionError("".join(self.said))

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

    def master(self):
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return int(children.split()[0])

    def postmaster(self):
        return int((self.home / "postgres" / "postmaster.pid").read_text().split()[0])

    def stop(self, number=signal.SIGINT):
        self.process.send_signal(number)
        self.said.append(self.process.communicate(timeout=30)[0])
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
        run.process.stdout.close()
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


def soon(claim, seconds=10):
    give_up = time.monotonic() + seconds
    while not claim() and time.monotonic() < give_up:
        time.sleep(0.05)
    return claim()


def test_the_lead_it_tells_you_to_paste_is_answered(leadfly):
    said = "".join(leadfly.said)

    assert f"http://127.0.0.1:{leadfly.port}{WEBHOOK}" in said and json.dumps(EXAMPLE) in said
    assert leadfly.request("POST", WEBHOOK, EXAMPLE)[0] == 200


def test_services_come_back_when_gunicorn_is_killed(leadfly):
    killed = leadfly.master()
    os.kill(killed, signal.SIGKILL)

    leadfly.wait_for("services started again")

    assert leadfly.serves_again(10)
    assert leadfly.master() != killed


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["killed", "stopped"])
def test_services_come_back_when_postgres_is(leadfly, number):
    os.kill(leadfly.postmaster(), number)

    leadfly.wait_for("PostgreSQL started again")

    assert leadfly.serves_again(10)


def test_a_second_leadfly_on_the_same_home_is_refused(leadfly):
    second = Run(leadfly.home, free_port())

    said = second.process.communicate(timeout=30)[0]

    assert second.process.returncode == 1
    assert f"process {leadfly.process.pid}" in said and "LEADFLY_HOME" in said
    assert leadfly.serves_again(5)


def test_a_taken_port_is_named_before_anything_is_started(leadfly, tmp_path):
    second = Run(tmp_path / "home", leadfly.port)

    said = second.process.communicate(timeout=30)[0]

    assert second.process.returncode == 1
    assert f"Port {leadfly.port} " in said and f"PORT={leadfly.port + 1}" in said
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminate"])
def test_a_stop_is_clean_and_leaves_nothing_running(tmp_path, number):
    with running(tmp_path) as run:
        master, postmaster = run.master(), run.postmaster()

        assert run.stop(number) == 0

        assert not lives(master) and not lives(postmaster) and not listening(run.port)
        assert "database system is shut down" in (tmp_path / "postgres.log").read_text()


def test_services_end_with_a_killed_supervisor_and_the_next_one_takes_over(tmp_path):
    with running(tmp_path) as killed:
        master, orphan = killed.master(), killed.postmaster()
        killed.process.kill()
        killed.process.wait()

        assert soon(lambda: not lives(master) and not listening(killed.port))
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
    assert 10 <= pauses[-1] <= 10.5


def test_a_start_that_fails_is_tried_again():
    answers = [Unavailable, None]

    def start():
        if error := answers.pop(0):
            raise error

    kept = Kept("it", running=lambda: not answers, start=start)
    for now in range(10):
        kept.look(float(now))

    assert answers == []
