"""Whatever dies while a discovery runs: it comes to its end, and nobody is made twice."""

import json
import os
import signal
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
import requests

from tests.chaos.running import running, soon

API = "/api/v1/lead-discovery"

COMPANIES, PAGE = 400, 20

KILLS = 3

END_SECONDS = 120.0


class Register(BaseHTTPRequestHandler):
    """A register of companies that takes its time."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        page = int(parse_qs(urlsplit(self.path).query)["page"][0])
        time.sleep(0.1)
        numbers = range((page - 1) * PAGE, min(COMPANIES, page * PAGE))
        listed = [{"id": n, "name": f"Firm {n} Ltd", "mail": f"info@firm{n}.test"} for n in numbers]
        body = json.dumps({"items": listed}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *said):
        """Say nothing."""


@contextmanager
def register():
    """Serve the register; yield a source that asks it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Register)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield {
            "type": "json_api",
            "url": f"http://127.0.0.1:{server.server_port}/companies?page={{page}}",
            "items": "items",
            "key": "id",
            "fields": {"company": "name", "email": "mail"},
            "paging": {"type": "page", "first": 1},
            "requests_a_minute": 600,
        }
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def leadfly(tmp_path_factory):
    home = tmp_path_factory.mktemp("discovery") / "home"
    with running(home, LEADFLY_ALLOWED_PRIVATE_HOSTS="127.0.0.1") as run:
        yield run


class Discovery:
    """One discovery, asked for and looked at over HTTP."""

    def __init__(self, leadfly, account, source):
        self._url, self._account = f"http://127.0.0.1:{leadfly.port}{API}", account
        made = self._post("/investigations", name="Bakers")
        investigation_id = made["investigation"]["id"]
        said = self._post("/discover", investigation_id=investigation_id, sources=[source])
        self.id = said["job"]["id"]

    def _post(self, path, **body):
        answer = requests.post(
            self._url + path, json={"user_id": self._account, **body}, timeout=30
        )
        assert answer.ok, answer.text
        return answer.json()

    def job(self):
        """Return how far it is, or None while nobody answers."""
        try:
            answer = requests.get(
                f"{self._url}/discover/{self.id}", params={"user_id": self._account}, timeout=10
            )
        except requests.RequestException:
            return None
        return answer.json()["job"] if answer.status_code == 200 else None

    def found(self):
        """Return how many leads it has found."""
        job = self.job()
        return job["leads_discovered"] if job else 0

    def over(self):
        """True once it has ended."""
        job = self.job()
        return job is not None and job["ended_at"] is not None


def records(leadfly, account):
    with psycopg.connect(leadfly.owner) as conn:
        row = conn.execute("SELECT count(*) FROM public.leads WHERE tenant_id = %s", [account])
        return row.fetchone()[0]


def worker_killed(leadfly):
    """Kill the worker; return once there is another."""
    worker = leadfly.reconciler()
    os.kill(worker, signal.SIGKILL)
    assert soon(lambda: leadfly.reconciler() not in (None, worker), 60), leadfly.said()


def postgres_killed(leadfly):
    """Kill PostgreSQL; return once there is another."""
    postmaster = leadfly.postmaster()
    os.kill(postmaster, signal.SIGKILL)
    assert soon(lambda: leadfly.postmaster() not in (None, postmaster), 60), leadfly.said()


@pytest.mark.parametrize("killed", [worker_killed, postgres_killed], ids=["worker", "postgres"])
def test_a_discovery_whose_process_is_killed_finds_everybody_once(leadfly, killed):
    account = f"killed-{killed.__name__}"
    with register() as source:
        discovery = Discovery(leadfly, account, source)
        for number in range(1, KILLS + 1):
            wanted = number * COMPANIES // (2 * KILLS)
            assert soon(lambda: discovery.found() >= wanted, END_SECONDS), leadfly.said()  # noqa: B023
            assert not discovery.over()
            killed(leadfly)
        assert soon(discovery.over, END_SECONDS, every=0.3), leadfly.said()

    job = discovery.job()
    assert (job["status"], job["errors"]) == ("done", [])
    assert (job["leads_discovered"], records(leadfly, account)) == (COMPANIES, COMPANIES)
    counts = job["progress"]
    assert (counts["found"], counts["new"], counts["known"]) == (COMPANIES, COMPANIES, 0)
