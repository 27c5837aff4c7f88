"""`leadfly run` streams, too: it starts the process, starts it again, and goes on without it."""

import http.client
import os
import signal
import socket
import time

import pytest

from leadfly.web_server import PortTaken, claimed
from tests.leadfly.test_supervisor import running

STREAM = "/api/v1/lead-discovery/alerts/stream"


def streams(port):
    """True if a stream begins on *port*."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", STREAM)
        answer = connection.getresponse()
        return answer.status == 200 and answer.readline().startswith(b"retry:")
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def within(seconds, holds):
    give_up = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.1)
    return True


def test_the_stream_runs_beside_the_services_and_comes_back(tmp_path):
    with running(tmp_path) as run:
        assert within(20, lambda: streams(run.port + 1))

        os.killpg(run.child("stream"), signal.SIGKILL)

        run.wait_for("stream stopped unexpectedly")
        assert within(20, lambda: streams(run.port + 1))
        assert run.request("GET", "/lead-discovery/alerts")[0] == 200


def test_a_taken_port_is_named_with_its_setting():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=f"STREAM_PORT={port + 1}"):
            claimed("127.0.0.1", port, "STREAM_PORT")
