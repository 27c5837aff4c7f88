"""`leadfly stream` as a process, readers of its streams, and alerts that they hear of."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from bench.served import clean_environ, free_port
from services.alerts import alert_store
from services.alerts.alert_store import New
from services.alerts.words import Words
from shared.ids import uuid7
from tests.services.alerts.alerting import NOW

ROOT = Path(__file__).resolve().parents[4]

STREAM = "/api/v1/lead-discovery/alerts/stream"

PATIENCE_SECONDS = 15


def raise_one(database, gate, tenant_id, title="An alert", fingerprint=None, **fields):
    """Raise an alert as the worker would, or count it again; return its id."""
    with database.transaction(tenant_id) as conn:
        return raise_in(conn, gate, tenant_id, title, fingerprint, **fields)


def raise_in(conn, gate, tenant_id, title="An alert", fingerprint=None, **fields):
    id = uuid7()
    new = New(
        **{
            "id": id,
            "rule_id": None,
            "rule_version": None,
            "alert_type": "high_score_match",
            "event": "alert",
            "event_id": uuid7(),
            "fingerprint": fingerprint or str(id),
            "group_key": "a group",
            "lead_id": None,
            "priority": "high",
            "words": Words(title, "What happened, and why."),
            "facts": {"match_score": 91},
            "times": 1,
            "first_at": NOW,
            "last_at": NOW,
            "escalate_at": None,
        }
        | fields
    )
    (alert,) = alert_store.raise_all(conn, gate, tenant_id, [new]).values()
    return str(alert.id)


class StreamServer:
    """One `leadfly stream` on a port of its own."""

    def __init__(self, home, log, **environ):
        self.port, self.log, self._readers = free_port(), log, []
        self._environ = clean_environ() | {
            "LEADFLY_HOME": str(home),
            "PYTHONPATH": str(ROOT),
            "STREAM_PORT": str(self.port),
            **environ,
        }
        self.start()

    def start(self):
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "leadfly", "stream"],
                cwd=ROOT,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        give_up = time.monotonic() + 60
        while self.ask("/readyz")[0] != 200:
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < give_up, self.log.read_text()
            time.sleep(0.05)

    def ask(self, path, headers=None):
        """Return status, headers and body of a GET."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request("GET", path, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        except OSError:
            return 0, {}, b""
        finally:
            connection.close()

    def refusal(self, headers=None, **query):
        """Return status and envelope of a stream that is refused."""
        status, _, body = self.ask(f"{STREAM}?{urlencode(query)}", headers)
        return status, json.loads(body)

    def reader(self, headers=None, **query):
        """Return who reads a stream. Raises Refused."""
        self._readers.append(Reader(self.port, f"{STREAM}?{urlencode(query)}", headers or {}))
        return self._readers[-1]

    def send_away(self):
        """Close what readers have open."""
        for reader in self._readers:
            reader.close()
        self._readers.clear()

    def metric(self, name):
        """Return the sum of a metric's samples."""
        lines = self.ask("/metrics")[2].decode().splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))

    def stop(self):
        """Ask it to stop; return how many seconds that took."""
        begun = time.monotonic()
        self.process.terminate()
        self.process.wait(timeout=20)
        return time.monotonic() - begun

    def kill(self):
        """Kill it and its worker at once."""
        self.send_away()
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Refused(Exception):
    """The stream did not open."""


class Reader:
    """Who reads a stream, by hand: what a browser's EventSource sees."""

    def __init__(self, port, path, headers):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
        lines = [f"GET {path} HTTP/1.1", f"Host: localhost:{port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode())
        self.answer = http.client.HTTPResponse(self._socket)
        self.answer.begin()
        if self.answer.status != 200:
            self.close()
            raise Refused(self.answer.status)
        self.last_id = None

    def event(self):
        """Return name and data of the next event; None at the end of the stream."""
        name, data = None, None
        while True:
            line = self.answer.readline().decode().rstrip("\n")
            field, _, value = line.partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                data = json.loads(value)
            elif field == "id":
                self.last_id = value
            elif not line:
                if data is not None:
                    return name, data
                if self.answer.closed or self.answer.isclosed():
                    return None

    def titles(self, most):
        """Return the titles of the next *most* alerts, passing over what is between."""
        found = []
        while len(found) < most:
            name, data = self.event()
            if name == "alert":
                found.append(data["title"])
        return found

    def close(self):
        self.answer.close()
        self._socket.close()


def place(url):
    """Return path and query of *url*."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"
