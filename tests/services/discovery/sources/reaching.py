"""What the tests of web sources share: a reach to this machine, and an API that replays."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from services.discovery.criteria import Circle, Criteria
from services.discovery.find import Find, Passed
from services.discovery.sources.source import Progress, Reach
from shared.destination import hosts
from shared.outbound import Door
from shared.pages.fetcher import Fetcher, Time
from shared.settings import load
from tests.shared.pages.site import Clock

BERLIN = Circle(52.52, 13.405, 10.0)


def criteria(**changes):
    return Criteria(**{"country": "DE"} | changes)


def reach(reader=None, allowed="127.0.0.1", clock=None, stop=lambda: False, **environ):
    """Return what a source may use: hosts of *allowed*, and the settings of *environ*."""
    clock = clock or Clock()
    door = Door(hosts(allowed))
    pacing = Time(clock, clock.sleep)
    fetcher = Fetcher(door, reader=reader, most_pages=64, pacing=pacing) if reader else None
    return Reach(load(environ), door, fetcher, None, None, stop)


def told(found):
    """Return the finds, and the reasons of what is none, that a source yields."""
    every = list(found)
    assert all(isinstance(one, Find | Passed | Progress) for one in every)
    finds = [one for one in every if isinstance(one, Find)]
    return finds, [one.reason for one in every if isinstance(one, Passed)]


class Api(ThreadingHTTPServer):
    """Answers what *said* returns for a request, as bytes of the whole answer."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, said):
        self.said, self.asked = said, []
        super().__init__(("127.0.0.1", 0), _Handler)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def url(self, path=""):
        return f"http://127.0.0.1:{self.server_port}{path}"

    def handle_error(self, request, client_address):
        """Keep quiet: clients that go away are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.command, self.path, dict(self.headers), body))
        said = self.server.said(self.path, body)
        if callable(said):
            said(self.wfile)
        else:
            self.wfile.write(said)

    do_GET = do_POST = answer

    def log_message(self, *arguments):
        """Keep quiet."""


@contextmanager
def replaying(said):
    api = Api(said)
    try:
        yield api
    finally:
        api.shutdown()
        api.server_close()
