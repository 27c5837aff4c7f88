"""How a process of the services stops: nobody is left waiting at a door that stays shut."""

import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from bench.served import free_port

PROGRAM = (
    "def app(environ, start):\n    start('200 OK', [('Content-Length', '0')])\n    return []\n"
)

ASKED = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"

SECONDS = 60


@pytest.fixture
def served(tmp_path):
    """A port, and the gunicorn that serves there with one worker of ours."""
    (tmp_path / "served.py").write_text(PROGRAM)
    port = free_port()
    kind = "--worker-class=shared.web.gunicorn_worker.Worker"
    options = [kind, "--threads=2", "--keep-alive=75", "--no-control-socket"]
    command = [sys.executable, "-m", "gunicorn", "served:app", f"--bind=127.0.0.1:{port}"]
    process = subprocess.Popen([*command, *options, f"--pythonpath={tmp_path}"])
    yield port, process
    process.kill()
    process.wait()


def connected(port):
    """Return a connection on which one request was answered, as soon as there can be one."""
    give_up = time.monotonic() + SECONDS
    while True:
        with suppress(ConnectionRefusedError):
            line = socket.create_connection(("127.0.0.1", port), SECONDS)
            line.sendall(ASKED)
            assert line.recv(65536).startswith(b"HTTP/1.1 200")
            return line
        assert time.monotonic() < give_up
        time.sleep(0.05)


def test_who_comes_to_a_stopping_process_is_refused_while_others_are_still_answered(served):
    port, process = served
    with connected(port) as kept:
        process.send_signal(signal.SIGTERM)
        while not refused(port):
            pass

        kept.sendall(ASKED)

        assert kept.recv(65536).startswith(b"HTTP/1.1 200")


def refused(port):
    """Ask on a new connection; True if nobody takes it."""
    try:
        # Reset: it came in the instant between the last look at the door and its shutting.
        with suppress(ConnectionResetError), socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(ASKED)
            line.recv(65536)
    except ConnectionRefusedError:
        return True
    return False
