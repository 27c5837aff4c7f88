"""A profiler that keeps the contract of docs/profiler.md: an example to start from.

`python -m tests.services.enrichment.profiler_server 9000 a-key-of-yours` serves it.
"""

import hmac
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

KEY = "profiler-key-for-tests"

KNOWN = {
    "ada_l": [
        {
            "source": "codeforge",
            "kind": "social_profile",
            "value": "https://codeforge.example/ada_l",
            "url": "https://codeforge.example/ada_l",
            "confidence": 0.9,
            "found_at": "2026-01-02T03:04:05Z",
        },
        {"source": "codeforge", "kind": "company", "value": "Analytical Engines"},
        {"source": "gossip", "kind": "religion", "value": "said nowhere"},
    ],
    "ada@analytical.example": [
        {"source": "directory", "kind": "phone", "value": "+44 20 7946 0958", "confidence": 0.5}
    ],
}
"""What it knows, by username and by mail address."""


class Profiler(ThreadingHTTPServer):
    """Answers `POST /v1/profiles` of who knows the key; remembers what it was asked."""

    def __init__(self, port=0, key=KEY, known=KNOWN):
        super().__init__(("127.0.0.1", port), Question)
        self.key, self.known, self.asked = key, known, []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def serve_aside(self):
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self


class Question(BaseHTTPRequestHandler):
    """One question."""

    def do_POST(self):
        if self.path != "/v1/profiles":
            return self.answer(404, {"error": "no such address"})
        if not hmac.compare_digest(
            self.headers["Authorization"] or "", f"Bearer {self.server.key}"
        ):
            return self.answer(401, {"error": "unknown key"})
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(asked)
        names = [asked[name] for name in ("username", "email") if name in asked]
        found = [item for name in names for item in self.server.known.get(name, [])]
        return self.answer(200, {"findings": found})

    def answer(self, status, said):
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *said):
        """Say nothing: a question names a person."""


if __name__ == "__main__":
    Profiler(int(sys.argv[1]), sys.argv[2]).serve_forever()
