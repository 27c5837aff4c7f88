"""A web site on this machine that says what a test wants, and remembers who asked for what."""

import socket
import ssl
import threading
from contextlib import contextmanager

PAGE = b"<title>Acme</title><main><h1>Acme</h1><p>We build bridges.</p></main>"


def answer(status=200, body=PAGE, kind="text/html; charset=utf-8", **headers):
    """Return an answer as it goes over the wire; in *headers* `_` stands for `-`."""
    fields = {"Content-Length": len(body), **{n.replace("_", "-"): v for n, v in headers.items()}}
    if kind:
        fields["Content-Type"] = kind
    lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def moved(to, status=302):
    return answer(status, b"", Location=to)


class Site:
    """Listens on *address*; *pages* holds by path what is said, as bytes or a function of a socket.

    What it does not hold is answered with 404.
    """

    def __init__(self, pages=None, address="127.0.0.1", port=0, context=None):
        self.pages, self.context = dict(pages or {}), context
        self.asked, self.heads, self.hits = [], [], 0
        self.sock = socket.create_server((address, port))
        self.port = self.sock.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def url(self, path="/", host="127.0.0.1"):
        return f"http://{host}:{self.port}{path}"

    def close(self):
        self.sock.close()

    def _listen(self):
        while True:
            try:
                conn, _ = self.sock.accept()
            except OSError:
                return
            self.hits += 1
            threading.Thread(target=self._serve, args=(conn,), daemon=True).start()

    def _serve(self, conn):
        try:
            conn.settimeout(10)
            with self.context.wrap_socket(conn, server_side=True) if self.context else conn as wire:
                head = b""
                while not head.endswith(b"\r\n\r\n"):
                    more = wire.recv(65536)
                    head += more
                    if not more:
                        return
                path = head.split(b" ")[1].decode()
                self.asked.append(path)
                self.heads.append(head.decode())
                said = self.pages.get(path, answer(404, b"no"))
                if callable(said):
                    said(wire)
                else:
                    wire.sendall(said)
        except (OSError, ssl.SSLError):
            pass


@contextmanager
def standing(*arguments, **options):
    site = Site(*arguments, **options)
    try:
        yield site
    finally:
        site.close()


class Clock:
    """A clock that only sleeping moves on."""

    def __init__(self):
        self.now, self.slept = 1000.0, []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds
