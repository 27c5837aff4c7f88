"""How fast are honest callers answered while a thousand others send half a request and wait?

The proxy is deploy/nginx.conf in a real nginx, the service the image's own command with API keys.
A slow client's half is renewed as soon as the proxy gives up on it, so there are always as many.
"""

import contextlib
import selectors
import socket
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import orjson

from bench.load import Timings, on_schedule
from bench.proxied import Gunicorn, Nginx
from leadfly.migrate import migrate
from shared import keys, settings
from shared.db import ROLE, Database
from shared.embedded import OWNER, Server
from shared.keyfile import keyring

HALF_A_HEAD = b"POST /webhook/leadfly/duplicate-prevention HTTP/1.1\r\nHost: x\r\nX-Slow"

HALF_A_BODY = (
    b"POST /webhook/leadfly/duplicate-prevention HTTP/1.1\r\nHost: x\r\n"
    b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
)

SOURCES = tuple(f"127.0.0.{number}" for number in range(2, 12))
"""Addresses that slow clients come from, a tenth each: an address may hold 200 connections in
deploy/nginx.conf, and honest callers come from 127.0.0.1."""

RATE = 50.0
"""Requests a second of all honest callers together, as in the latency benchmark."""

PATH = "/webhook/leadfly/duplicate-prevention/check"


class Flood:
    """Slow clients: connections on which half a request was sent, and nothing follows."""

    def __init__(
        self,
        port: int,
        half: bytes,
        count: int,
        sources: Sequence[str] = SOURCES,
        renew: bool = True,
    ):
        """Half a request, *half*, is sent on *count* connections to *port* of this machine.

        They come from *sources* by turns; *renew* opens another where one was closed.
        """
        self._sources, self._again = sources, renew
        self._port, self._half, self._count = port, half, count
        self._selector = selectors.DefaultSelector()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True)
        self.sent = 0
        """Halves sent so far."""
        self.ended = 0
        """Connections that the other side has answered or closed so far."""

    def __enter__(self) -> "Flood":
        """Send the halves; from now on each that the other side gives up is sent anew."""
        for number in range(self._count):
            self._open(number)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Let go of all."""
        self._stop.set()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
        self._selector.close()

    @property
    def held(self) -> int:
        """How many connections are open, with half a request on each."""
        return len(self._selector.get_map())

    def wait_for_the_end(self, seconds: float) -> None:
        """Return once the other side answered or closed a connection, or after *seconds*."""
        give_up = time.monotonic() + seconds
        while not self.ended and time.monotonic() < give_up:
            time.sleep(0.05)

    def _open(self, number: int) -> None:
        source = self._sources[number % len(self._sources)]
        line = socket.create_connection(("127.0.0.1", self._port), 10, (source, 0))
        line.sendall(self._half)
        line.setblocking(False)
        self._selector.register(line, selectors.EVENT_READ, number)
        self.sent += 1

    def _renew(self) -> None:
        while not self._stop.is_set():
            for key, _ in self._selector.select(0.1):
                line: socket.socket = key.fileobj  # type: ignore[assignment]
                self._selector.unregister(line)
                line.close()
                self.ended += 1
                if self._again:
                    with contextlib.suppress(OSError):
                        self._open(key.data)


def honest(key: str, count: int) -> Sequence[bytes]:
    """Return *count* dry checks of different leads by the holder of *key*, ready to send."""
    return [_check(key, f"caller-{number}@honest.example") for number in range(count)]


def _check(key: str, email: str) -> bytes:
    content = orjson.dumps({"source_id": "honest", "lead_data": {"email": email}})
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nX-API-Key: {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def run(home: Path, sizes: Sequence[int], seconds: float) -> None:
    """Print how honest callers are answered without, and beside, *sizes* slow ones."""
    server = Server(home.absolute() / "slow-clients")
    server.start()
    try:
        migrate(server.conninfo(OWNER))
        with tempfile.TemporaryDirectory() as folder:
            _measure(server, Path(folder), sizes, seconds)
    finally:
        server.stop()


def _measure(server: Server, folder: Path, sizes: Sequence[int], seconds: float) -> None:
    ours = settings.load({"LEADFLY_HOME": str(server.home)})
    database = Database(server.conninfo(ROLE), keyring(ours).fingerprint)
    with contextlib.closing(database), database.transaction("honest") as conn:
        _, key = keys.create(conn, "honest", ["read:leads"])
    ready = honest(key, int(seconds * RATE))
    print(f"{RATE:.0f} dry checks a second for {seconds:.0f} s, through deploy/nginx.conf")
    print(f"{'half-sent requests':>28} {'held':>6} {'failed':>7} {'p50 ms':>7} {'p99 ms':>7}")
    gunicorn = Gunicorn(server.home, folder / "gunicorn.log")
    nginx = Nginx(gunicorn.port, folder)
    try:
        _line("none", 0, on_schedule(nginx.port, ready, RATE))
        for size in sizes:
            for name, half in (("heads", HALF_A_HEAD), ("bodies", HALF_A_BODY)):
                with Flood(nginx.port, half, size) as flood:
                    timings = on_schedule(nginx.port, ready, RATE)
                    _line(f"{size} {name}", flood.held, timings)
    finally:
        nginx.stop()
        gunicorn.stop()


def _line(name: str, held: int, timings: Timings) -> None:
    p50, p99 = timings.percentile(0.5), timings.percentile(0.99)
    print(f"{name:>28} {held:>6} {timings.failures:>7} {p50:>7.1f} {p99:>7.1f}")
