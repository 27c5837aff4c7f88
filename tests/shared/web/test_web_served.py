"""The same promises through a real server, where bodies arrive in pieces or not at all."""

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress

import pytest
import requests

CANARY = "canary-7f3a"

APP = """
from types import SimpleNamespace
from flask import Blueprint
from shared import web
from shared.settings import load

routes = Blueprint("routes", __name__)

@routes.post("/echo")
def echo():
    return web.reply({"fields": len(web.body())})

@routes.post("/fails")
def fails():
    raise ValueError(web.raw_body())

def create():
    return web.app("served", [routes], load({}), SimpleNamespace())
"""


class Served:
    """A gunicorn of two workers on a port of its own."""

    def __init__(self, folder, app=APP):
        (folder / "served_app.py").write_text(app)
        (folder / "metrics").mkdir()
        self.log = folder / "log"
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "served_app:create()", *self.options(folder)],
                env=os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics")},
                pass_fds=[self.listener.fileno()],
                stderr=log,
            )
        self.wait()

    def options(self, folder):
        return [
            f"--bind=fd://{self.listener.fileno()}",
            "--worker-class=shared.web.gunicorn_worker.Worker",
            "--workers=2",
            "--threads=4",
            f"--pythonpath={os.getcwd()},{folder}",
            "--logger-class=shared.web.gunicorn_logs.Logger",
            "--no-control-socket",
        ]

    def wait(self):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with suppress(requests.RequestException):
                if requests.get(f"{self.url}/healthz", timeout=1).ok:
                    return
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def post(self, path, data, **headers):
        headers = {"Content-Type": "application/json"} | headers
        return requests.post(self.url + path, data=data, headers=headers, timeout=20)

    def raw(self, data):
        """Send *data* as it is, then nothing more; return all that comes back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
        self.listener.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    server = Served(tmp_path_factory.mktemp("served"))
    yield server
    server.stop()


def refused(answer, status):
    assert answer.status_code == status
    assert answer.json()["success"] is False
    assert answer.json()["request_id"] == answer.headers["X-Request-ID"]
    return True


BIG = b'{"a": "' + b"x" * 10_000_000 + b'"}'


def pieces(data, size=65536):
    return (data[start : start + size] for start in range(0, len(data), size))


@pytest.mark.parametrize(("path", "status"), [("/echo", 413), ("/fails", 413), ("/nowhere", 404)])
@pytest.mark.parametrize("connection", ["keep-alive", "close"])
def test_ten_megabytes_are_refused_so_that_the_sender_can_read_it(served, path, status, connection):
    for _ in range(3):
        assert refused(served.post(path, BIG, Connection=connection), status)
        assert refused(served.post(path, pieces(BIG), Connection=connection), status)


@pytest.mark.parametrize("path", ["/echo", "/nowhere"])
@pytest.mark.parametrize("connection", [b"keep-alive", b"close"])
def test_a_slow_sender_gets_to_read_the_refusal_too(served, path, connection):
    head = b"POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: %s\r\nContent-Length: %d\r\n"
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as sender:
        sender.sendall(head % (path.encode(), connection, len(BIG)))
        sender.sendall(b"Content-Type: application/json\r\n\r\n")
        for piece in pieces(BIG):
            sender.sendall(piece)
            time.sleep(0.001)

        assert sender.recv(12).startswith(b"HTTP/1.1 4")


def test_a_body_in_pieces_is_one_body(served):
    answer = served.post("/echo", pieces(b'{"a": 1, "b": 2}', size=3))

    assert answer.json()["fields"] == 2


def test_a_hundred_thousand_levels_are_a_400(served):
    assert refused(served.post("/echo", b'{"a":' * 100_000), 400)


HEAD = b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        b"Content-Length: 100\r\n\r\n{" + CANARY.encode(),
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + CANARY.encode(),
        b"Transfer-Encoding: chunked\r\n\r\nff\r\n" + CANARY.encode(),
        b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}" + CANARY.encode(),
        b"\r\n",
        b"Content-Length: 2\r\n\r\n{" + b"\xff",
    ],
)
def test_a_body_that_breaks_off_is_a_400_with_the_envelope(served, sent):
    head, _, content = served.raw(HEAD + sent).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 400")
    assert json.loads(content)["success"] is False


@pytest.mark.parametrize(
    "header", [b"X-API-Key: " + CANARY.encode() + b"\xff\xfe", b"X-Request-ID: \xe9\x80" * 2]
)
def test_bytes_beyond_ascii_in_a_header_are_no_500(served, header):
    head = served.raw(HEAD + header + b"\r\nContent-Length: 2\r\n\r\n{}").split(b"\r\n")[0]

    assert not head.startswith(b"HTTP/1.1 5")


def test_a_connection_goes_on_after_a_refusal(served):
    with requests.Session() as session:
        for _ in range(3):
            sent = {"data": b"{", "headers": {"Content-Type": "application/json"}, "timeout": 20}
            assert refused(session.post(f"{served.url}/echo", **sent), 400)
            assert session.get(f"{served.url}/healthz", timeout=20).ok


def test_metrics_add_up_the_workers(served):
    def counted():
        text = requests.get(f"{served.url}/metrics", timeout=20).text
        wanted = 'leadfly_requests_total{method="POST",route="/echo",service="served",status="200"}'
        return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith(wanted))

    before = counted()
    for _ in range(20):
        served.post("/echo", b"{}")

    assert counted() - before == 20


def test_the_log_is_lines_of_json_without_what_was_sent(served):
    served.post("/fails", CANARY.encode())
    served.raw(b"GET /" + CANARY.encode() + b" HTTP/9\r\n\r\n")
    served.raw(HEAD + b"X-Odd\x00: " + CANARY.encode() + b"\r\n\r\n")
    served.raw(HEAD + CANARY.encode() + b"\r\n\r\n")

    said = served.log.read_text()
    assert CANARY not in said
    assert all(json.loads(line)["service"] in ("served", "gunicorn") for line in said.splitlines())
