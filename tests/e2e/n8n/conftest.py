"""A real n8n with our workflows, and the real services behind it, once for the whole suite."""

import json
import time
from contextlib import closing

import psycopg
import pytest
import requests
from psycopg.rows import dict_row

from shared import leads, settings
from shared.embedded import Server
from shared.keyfile import keyring
from shared.privacy.gate import Gate
from tests.e2e.n8n import copies, posts, real_parts, servers
from tests.e2e.n8n.kept import Kept

PATH = "/webhook/leadfly/duplicate-prevention"

STORED_SECONDS = 20
"""How long a lead that the services took may be in coming into their database."""


@pytest.fixture(scope="session")
def services_port():
    return real_parts.free_port()


@pytest.fixture(scope="session")
def services_home(tmp_path_factory):
    """LEADFLY_HOME: where the services keep their database."""
    return tmp_path_factory.mktemp("leadfly") / "home"


@pytest.fixture(scope="session")
def services(services_home, services_port):
    """LeadFly's services; a test that stops them starts them again."""
    program = real_parts.services(services_home, services_port)
    program.start()
    yield program
    program.stop()


@pytest.fixture(scope="session")
def n8n_folder(tmp_path_factory):
    """Where n8n keeps its own database."""
    return tmp_path_factory.mktemp("n8n")


@pytest.fixture(scope="session")
def tokens(services, services_port):
    """The tokens of two sources of one account: by the name of n8n's variable for them."""
    url = f"http://127.0.0.1:{services_port}/api/v1/lead-discovery/sources"
    found = {}
    for name, source_id in posts.SOURCES.items():
        asked = {"user_id": posts.TENANT, "source_id": source_id}
        answer = requests.post(url, json=asked, timeout=10)
        assert answer.status_code == 201, answer.text
        found[name] = answer.json()["token"]
    return found


@pytest.fixture(scope="session")
def n8n_url(n8n_folder, services_port, services, passage, tokens):
    """Where n8n listens: all workflows imported, those published that no clock starts,
    and copies of the others."""
    if not (real_parts.cache() / "bin" / "n8n").exists():
        pytest.fail("n8n is not installed: make n8n-install")
    port = real_parts.free_port()
    by_command = real_parts.WORKFLOWS / copies.KEEPS
    by_editor = [
        *(real_parts.WORKFLOWS / name for name in (copies.FORM, copies.WEBHOOK, copies.SIGNALS)),
        *(real_parts.WORKFLOWS / name for name in (copies.INTAKE, *copies.ONE_SERVICE)),
        real_parts.WORKFLOWS / copies.SEEN,
        copies.german_form(n8n_folder / "copies"),
        copies.by_hand(n8n_folder / "copies"),
        *copies.by_clock(n8n_folder / "copies", f"http://127.0.0.1:{passage.server_port}"),
        *copies.watched(n8n_folder / "copies", f"http://127.0.0.1:{passage.server_port}"),
    ]
    by_clock = [real_parts.WORKFLOWS / name for name in (copies.REPOSTS, copies.FINISHES)]
    program = real_parts.n8n(
        n8n_folder,
        port,
        f"http://127.0.0.1:{services_port}",
        [_id(by_command)],
        PATH,
        [by_command, *by_editor, *by_clock],
        tokens.items(),
    )
    program.start()
    url = f"http://127.0.0.1:{port}"
    real_parts.settled(n8n_folder)
    real_parts.publish(url, [_id(file) for file in by_editor])
    yield url
    program.stop()


def _id(file):
    return json.loads(file.read_text())["id"]


@pytest.fixture
def send(n8n_url):
    """Post a body to the workflow's webhook and return the response."""

    def send(body, **headers):
        return requests.post(f"{n8n_url}{PATH}", json=body, headers=headers, timeout=30)

    return send


@pytest.fixture
def repost(n8n_url):
    """Run the repost workflow once; return when the run has ended."""

    def repost():
        requests.post(f"{n8n_url}/webhook/{copies.BY_HAND}", json={}, timeout=60)

    return repost


@pytest.fixture
def kept(n8n_url, n8n_folder):
    """The leads that n8n keeps; none when the test begins."""
    kept = Kept(n8n_folder, copies.TABLE)
    kept.clear()
    return kept


@pytest.fixture
def kept_of_forms(n8n_url, n8n_folder):
    """The leads of forms that n8n keeps; none when the test begins, and none afterwards."""
    kept = Kept(n8n_folder, copies.FORM_TABLE)
    kept.clear()
    yield kept
    kept.clear()


@pytest.fixture
def finish(n8n_url):
    """Run once what finishes leads; return when the run has ended."""

    def finish():
        requests.post(f"{n8n_url}/webhook/{copies.FINISH_BY_HAND}", json={}, timeout=120)

    return finish


@pytest.fixture
def kept_to_finish(n8n_url, n8n_folder):
    """The leads that n8n is to finish; none when the test begins."""
    kept = Kept(n8n_folder, copies.INTAKE_TABLE)
    kept.clear()
    return kept


@pytest.fixture
def stored(services_home):
    """Return a tenant's leads as PostgreSQL has them, with what was decided, the oldest first.

    Waits a while for *expected* of them: services that have just started may take a lead first
    and check it when their database answers.
    """

    def stored(tenant_id, expected=1):
        give_up = time.monotonic() + STORED_SECONDS
        while True:
            found = _decided(services_home, tenant_id)
            if len(found) >= expected or time.monotonic() > give_up:
                return found
            time.sleep(0.2)

    return stored


@pytest.fixture
def arrived(services_home):
    """Return the leads that came to one of our sources with *email*, the oldest first.

    Each as `(what the lead said, what was decided)`; waits a while for *expected* of them.
    """
    gate = _gate(services_home)

    def arrived(email, expected=1):
        give_up = time.monotonic() + STORED_SECONDS
        while True:
            found = [each for each in _opened(services_home, gate) if _has(each, email)]
            if len(found) >= expected or time.monotonic() > give_up:
                return found
            time.sleep(0.2)

    return arrived


def _gate(home):
    known = settings.load({"LEADFLY_HOME": str(home)})
    return Gate(known.mode, keyring(known))


def _opened(home, gate):
    decided = _decided(home, posts.TENANT)
    with closing(psycopg.connect(Server(home).conninfo("leadfly"))) as conn:
        return [
            (leads.find(conn, gate, posts.TENANT, each["id"]), each["action"]) for each in decided
        ]


def _has(lead, email):
    said, _ = lead
    return said.fields.get("email", "").lower() == email


def _decided(home, tenant_id):
    with closing(psycopg.connect(Server(home).conninfo("leadfly"), row_factory=dict_row)) as conn:
        return conn.execute(
            """
            SELECT DISTINCT ON (lead.received_at, lead.id) lead.*, decision.action
            FROM public.leads AS lead JOIN dedup.decisions AS decision
                ON (decision.tenant_id, decision.lead_id) = (lead.tenant_id, lead.id)
            WHERE lead.tenant_id = %s
            ORDER BY lead.received_at, lead.id, decision.decided_at DESC
            """,
            [tenant_id],
        ).fetchall()


@pytest.fixture
def stopped(services):
    """The services are down during the test."""
    services.stop()
    yield
    services.start()


@pytest.fixture
def stand_in(_port_of_the_services):
    """In the services' place: a server that gives the answers a test lists, the last for ever.

    An answer is `(status, content type, body)`; without any it stays silent. `seen` collects
    the requests' headers and bodies. Whether it is up it answers with the status `health`.
    """
    _port_of_the_services.answers, _port_of_the_services.health = (), 200
    _port_of_the_services.seen, _port_of_the_services.paths = [], []
    _port_of_the_services.refused = None
    return _port_of_the_services


@pytest.fixture(scope="module")
def _port_of_the_services(services, services_port):
    services.stop()
    yield from servers.serving(servers.StandIn(services_port))
    services.start()


@pytest.fixture(scope="session")
def passage(services_port):
    """A server that hands requests on to the services, and answers back unless `lossy`.

    `seen` collects each answer that the services gave to a post, with its request's key.
    """
    yield from servers.serving(servers.Passage(f"http://127.0.0.1:{services_port}"))
