"""A platform that gives leads out, on this machine; it answers as it is told."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson


class Platform:
    """Listens on 127.0.0.1; *answers* are (status, headers, JSON) of the next requests."""

    def __init__(self):
        self.asked, self.answers, self.seconds = [], [], 0.0
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}/v1"

    def says(self, answer, status=200, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append((status, named, answer))

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def _handler(self):
        platform = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                platform.asked.append((self.path, dict(self.headers)))
                time.sleep(platform.seconds)
                status, headers, answer = (
                    platform.answers.pop(0) if platform.answers else (404, {}, {})
                )
                body = answer if isinstance(answer, bytes) else orjson.dumps(answer)
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler
