"""Servers in the services' place, or in front of them, that a test tells how to fail."""

import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests


def serving(server):
    """Yield *server* while a thread of its own runs it."""
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class StandIn(ThreadingHTTPServer):
    """Gives the `answers` listed; says whether it is up with the status `health`.

    The body `refused` is answered with a 500. `seen` collects the posts' headers and bodies,
    `paths` what they were posted to.
    """

    answers = ()
    health = 200
    refused = None
    daemon_threads = True
    block_on_close = False

    def __init__(self, port):
        super().__init__(("127.0.0.1", port), _Answering)
        self.seen, self.paths = [], []


class _Answering(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        number = len(self.server.seen)
        self.server.seen.append((self.headers, body))
        self.server.paths.append(self.path)
        if body == self.server.refused:
            return self._answer(500, "application/json", "{}")
        answers = self.server.answers
        if not answers:  # never answers: the caller times out
            time.sleep(5)
            return
        self._answer(*answers[min(number, len(answers) - 1)])

    def do_GET(self):
        self._answer(self.server.health, "application/json", "{}")

    def _answer(self, status, content_type, text):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(text)))
        if status in (429, 503):
            self.send_header("Retry-After", "1")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *arguments):
        """Say nothing."""


class Passage(ThreadingHTTPServer):
    """Hands requests on to *services_url*, and the answers back unless `lossy`.

    What is posted to a path with one of the words `dead` in it reaches nobody.
    """

    lossy = False
    dead = ()
    daemon_threads = True
    block_on_close = False

    def __init__(self, services_url):
        super().__init__(("127.0.0.1", 0), _HandingOn)
        self.services_url, self.seen = services_url, []


class _HandingOn(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        if not any(word in self.path for word in self.server.dead):
            self._hand_on("POST", body)

    def do_GET(self):
        self._hand_on("GET", None)

    def _hand_on(self, method, body):
        kept = {name: self.headers[name] for name in ("Content-Type", "Idempotency-Key")}
        try:
            answer = requests.request(
                method, self.server.services_url + self.path, data=body, headers=kept, timeout=10
            )
        except requests.RequestException:
            return
        if method == "POST":
            self.server.seen.append((self.headers["Idempotency-Key"], answer))
        if self.server.lossy:  # the connection is closed without a word
            return
        self.send_response(answer.status_code)
        self.send_header("Content-Type", answer.headers["Content-Type"])
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        with suppress(ConnectionError):  # the caller may have timed out meanwhile
            self.wfile.write(answer.content)

    def log_message(self, *arguments):
        """Say nothing."""
