"""A browser, the services on a port of their own, and web sites that hold the lead form."""

import threading
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

import leadfly.app
from tests.e2e.browser.chromium import Chromium, program

ROOT = Path(__file__).resolve().parents[3]

PAGE = (ROOT / "docs/lead-form.html").read_text(encoding="utf-8")

SERVICES = "http://localhost:8000"
"""Where the form in docs/ posts to."""


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    if program() is None:
        pytest.skip("there is no Chromium on this machine: apt install chromium")
    browser = Chromium(tmp_path_factory.mktemp("chromium"))
    yield browser
    browser.close()


def served(application):
    """Serve *application* on a free port of this machine; yield the port."""
    return served_at(0, application)


@contextmanager
def served_at(port, application):
    """Serve *application* on *port* of this machine (0: a free one); yield the port."""
    server = make_server("127.0.0.1", port, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Site:
    """A web site with the lead form on it; it posts to *services* once that is set."""

    services, user_id = "http://127.0.0.1:9", "my-company"

    def __init__(self, name, stack):
        self.origin = f"http://{name}:{stack.enter_context(served(self))}"
        self.url = f"{self.origin}/lead-form.html"

    def __call__(self, environ, start_response):
        page = PAGE.replace(SERVICES, self.services).replace('"my-company"', f'"{self.user_id}"')
        return Response(page, mimetype="text/html")(environ, start_response)


@pytest.fixture
def stack():
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def run_services(local_settings, stack):
    """Return a starter of services; it answers the app and its address."""

    def run(**changes):
        app = leadfly.app.create_app(replace(local_settings, **changes))
        stack.callback(app.extensions["leadfly"].database.close)
        return app, f"http://127.0.0.1:{stack.enter_context(served(app))}"

    return run


@pytest.fixture
def site(stack, user_id):
    """A site of another name than this machine's; all of .example is this machine."""
    site = Site("www.shop.example", stack)
    site.user_id = user_id
    return site


@pytest.fixture
def opened(browser, site, run_services):
    """Return an opener of the form on a site that the services invite."""

    def open_form(**changes):
        app, site.services = run_services(
            **{"lead_form_origins": frozenset({site.origin})} | changes
        )
        browser.open(site.url)
        return app

    return open_form


@pytest.fixture
def stored(owner_conninfo, user_id):
    """Return a counter of the tenant's leads."""

    def count():
        with psycopg.connect(owner_conninfo) as conn:
            return conn.execute(
                "SELECT count(*) FROM public.leads WHERE tenant_id = %s", [user_id]
            ).fetchone()[0]

    return count
