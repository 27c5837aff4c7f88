"""A real n8n with our workflows, and the real services behind it, once for the whole suite."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from tests.e2e.n8n import real_parts

PATH = "/webhook/leadfly/duplicate-prevention"


@pytest.fixture(scope="session")
def services_port():
    return real_parts.free_port()


@pytest.fixture(scope="session")
def services(tmp_path_factory, services_port):
    """LeadFly's services; a test that stops them starts them again."""
    program = real_parts.services(tmp_path_factory.mktemp("leadfly") / "home", services_port)
    program.start()
    yield program
    program.stop()


@pytest.fixture(scope="session")
def n8n_folder(tmp_path_factory):
    """Where n8n keeps its own database."""
    return tmp_path_factory.mktemp("n8n")


@pytest.fixture(scope="session")
def n8n_url(n8n_folder, services_port, services):
    """Where n8n listens, with the workflow published."""
    if not (real_parts.cache() / "bin" / "n8n").exists():
        pytest.fail("n8n is not installed: make n8n-install")
    port = real_parts.free_port()
    file = real_parts.WORKFLOWS / "duplicate-prevention.json"
    workflow_id = json.loads(file.read_text())["id"]
    program = real_parts.n8n(
        n8n_folder,
        port,
        f"http://127.0.0.1:{services_port}",
        [workflow_id],
        PATH,
        [file],
    )
    program.start()
    yield f"http://127.0.0.1:{port}"
    program.stop()


@pytest.fixture
def send(n8n_url):
    """Post a body to the workflow's webhook and return the response."""

    def send(body, **headers):
        return requests.post(f"{n8n_url}{PATH}", json=body, headers=headers, timeout=30)

    return send


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
    the requests' headers and bodies.
    """
    _port_of_the_services.answers, _port_of_the_services.seen = (), []
    return _port_of_the_services


@pytest.fixture(scope="module")
def _port_of_the_services(services, services_port):
    services.stop()
    server = _StandIn(("127.0.0.1", services_port), _Answering)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
    services.start()


class _StandIn(ThreadingHTTPServer):
    answers = ()
    seen: list
    daemon_threads = True
    block_on_close = False


class _Answering(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        number = len(self.server.seen)
        self.server.seen.append((self.headers, body))
        answers = self.server.answers
        if not answers:  # never answers: the caller times out
            time.sleep(5)
            return
        status, content_type, text = answers[min(number, len(answers) - 1)]
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(text)))
        if status in (429, 503):
            self.send_header("Retry-After", "1")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *arguments):
        """Say nothing."""
