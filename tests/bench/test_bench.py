"""The benchmark measures what it says: real rows, fresh leads, failures that count."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg
import pytest

import leadfly.app
from bench.cluster import SEED, Cluster
from bench.load import as_answered, body, on_schedule, request
from bench.people import Population
from services.dedup.app import PATH

SEEDED = 300

ROWS = """
    SELECT (SELECT count(*) FROM public.subjects), (SELECT count(*) FROM public.leads),
           (SELECT count(*) FROM public.raw_bodies), (SELECT count(*) FROM dedup.records),
           (SELECT count(*) FROM dedup.decisions)
"""
CATALOGUE = """
    SELECT indexdef FROM pg_indexes WHERE schemaname IN ('public', 'dedup')
    UNION ALL
    SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace IN ('public'::regnamespace, 'dedup'::regnamespace)
    ORDER BY 1
"""


@pytest.fixture(scope="module")
def seeded(tmp_path_factory):
    """A cluster with SEEDED leads."""
    cluster = Cluster(tmp_path_factory.mktemp("bench"), SEEDED)
    cluster.start()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="module")
def send(seeded):
    """Post one lead to the service on the seeded cluster and return its answer."""
    app = leadfly.app.create_app(seeded.settings)
    client = app.test_client()
    yield lambda lead: client.post(PATH, json=body(lead)).json
    app.extensions["leadfly"].database.close()


@pytest.fixture
def port():
    """Of a server that answers every second request with 503, and hangs up on every fifth."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Unreliable)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


class _Unreliable(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        number = int(self.path.removeprefix("/"))
        self.rfile.read(int(self.headers["Content-Length"]))
        if number % 5 == 0:
            self.close_connection = True
            return
        self.send_response(503 if number % 2 else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


@pytest.mark.parametrize("number", range(0, SEEDED, 50))
def test_a_seeded_lead_is_recognised_in_another_spelling(seeded, send, number):
    answer = send(seeded.people.again(number))

    assert answer["duplicate_found"] is True
    assert answer["action_taken"] == "reject_duplicate"


def test_an_unseen_lead_is_nobody_we_know(seeded, send):
    assert send(seeded.people.lead(SEEDED + 1))["duplicate_found"] is False


def test_a_lead_leaves_the_same_rows_whether_it_was_sent_or_seeded(seeded, send):
    with psycopg.connect(seeded.owner, autocommit=True) as conn:
        before = conn.execute(ROWS).fetchone()
        send(seeded.people.lead(SEEDED + 2))
        after = conn.execute(ROWS).fetchone()
        seeded_leads = conn.execute(
            "SELECT count(DISTINCT lead_id) FROM dedup.blocking_keys"
        ).fetchone()

    assert [b - a for a, b in zip(before, after, strict=True)] == [1] * len(before)
    assert seeded_leads[0] == after[1]


def test_seeding_leaves_every_index_and_constraint_in_place(seeded, owner_conninfo):
    with psycopg.connect(seeded.owner) as conn, psycopg.connect(owner_conninfo) as fresh:
        assert conn.execute(CATALOGUE).fetchall() == fresh.execute(CATALOGUE).fetchall()


def test_no_lead_is_handed_out_twice_as_unseen(seeded):
    first, second = seeded.unseen(7), seeded.unseen(1)

    assert second == first + 7 > SEEDED


def test_leads_depend_on_their_number_alone():
    one, other = Population(SEED, 100), Population(SEED, 100)
    later = one.lead(99)

    assert [other.lead(number) for number in range(100)][99] == later


def test_no_two_leads_share_an_address():
    people = Population(SEED, 1000)

    assert len({people.lead(number)["email"] for number in range(2000)}) == 2000


def test_the_closed_loop_counts_refusals_and_broken_connections_as_failures(port):
    timings = as_answered(port, _numbered(20), connections=3, seconds=10)

    assert (len(timings.latencies_ms), timings.failures) == (8, 12)


def test_the_open_loop_counts_refusals_and_broken_connections_as_failures(port):
    timings = on_schedule(port, _numbered(20), rate=200)

    assert (len(timings.latencies_ms), timings.failures) == (8, 12)


def test_the_closed_loop_ends_with_its_time(port):
    timings = as_answered(port, (r for _ in range(10_000) for r in _numbered(10)), 2, seconds=0.2)

    assert 0.2 <= timings.seconds < 20


def _numbered(count):
    return [request(f"/{number}", {}) for number in range(count)]
