"""A receiver of webhooks: answers as it is told, and keeps what it was sent."""

import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks.webhooks import Webhook


@dataclass
class Received:
    """One request as it came."""

    path: str
    headers: dict
    body: bytes
    at: float = field(default_factory=time.monotonic)

    def verified(self, secret):
        """Return the body if the library of Standard Webhooks itself accepts its signature."""
        return Webhook(secret).verify(self.body, self.headers)


class Sink:
    """Listens on 127.0.0.1; *answers* are statuses for the next requests, then 200 for ever."""

    def __init__(self):
        self.received, self.answers, self.seconds = [], [], 0.0
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def port(self):
        return self.server.server_address[1]

    def url(self, path="/hook"):
        return f"http://127.0.0.1:{self.port}{path}"

    def of(self, path):
        return [one for one in self.received if one.path == path]

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def _handler(self):
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                with sink.lock:
                    sink.received.append(Received(self.path, headers, body))
                    status = sink.answers.pop(0) if sink.answers else 200
                time.sleep(sink.seconds)
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", sink.url("/elsewhere"))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        return Handler
