"""A load generator: one process, one loop, kept-alive connections, bounded in time.

*Closed loop*: each connection sends as soon as its answer came; measures throughput.
*Open loop*: requests leave on a fixed schedule whatever the server does, and latency
counts from when a request was due, so that a queue before a slow server counts as the
server's (Tene: coordinated omission).
"""

import random
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import orjson

from bench.people import Lead, population

TENANT = "bench"
"""The account that owns every lead of the benchmark."""

REPEATED = 0.1
"""Share of the requests that repeat a stored lead in another spelling."""

REQUESTS_A_CONNECTION = 50
"""Then a connection is opened anew. Whichever worker is idle accepts it; connections that stay for
ever stay where they landed in the first millisecond, four on one worker to one on the other."""

ANSWER_SECONDS = 30.0
"""How long an answer may take before it counts as failed."""


@dataclass(frozen=True, slots=True)
class Workload:
    """Which requests to send: made in the process that sends them, before the clock starts."""

    path: str
    seed: int
    size: int
    """Leads stored; repeats are drawn from these."""
    first: int
    """Number of the first unseen lead."""
    count: int

    def requests(self) -> list[bytes]:
        """Return the ready HTTP requests."""
        people, rng = population(self.seed, self.size), random.Random(self.first)
        return [
            request(
                self.path,
                people.again(rng.randrange(self.size))
                if rng.random() < REPEATED
                else people.lead(number),
            )
            for number in range(self.first, self.first + self.count)
        ]


@dataclass(slots=True)
class Timings:
    """What a run measured."""

    latencies_ms: list[float] = field(default_factory=list)
    """Of the requests answered with 200."""
    failures: int = 0
    """Every other outcome: another status, a broken connection, no answer in time."""
    duplicates: int = 0
    """Answers that found a duplicate."""
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Return requests answered with 200 a second."""
        return len(self.latencies_ms) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Return the latency in ms that *share* (0 to 1) of the requests stayed under."""
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0

    def count(self, answer: bytes | None, latency_ms: float) -> None:
        """Count one outcome; None is a connection that broke."""
        if answer is not None and answer.startswith(b"HTTP/1.1 200"):
            self.latencies_ms.append(latency_ms)
            self.duplicates += b'"duplicate_found":true' in answer
        else:
            self.failures += 1


def closed_loop(port: int, work: Workload, connections: int, seconds: float) -> Timings:
    """Send as fast as answers come, over *connections*, for *seconds* or until all is sent."""
    return as_answered(port, work.requests(), connections, seconds)


def open_loop(port: int, work: Workload, rate: float) -> Timings:
    """Send *rate* requests a second until all are sent."""
    return on_schedule(port, work.requests(), rate)


def as_answered(
    port: int,
    ready: Iterable[bytes],
    connections: int,
    seconds: float,
    each: int = REQUESTS_A_CONNECTION,
) -> Timings:
    """Drive *connections* in a closed loop with requests that are ready to send, *each* so many."""
    timings, queue = Timings(), iter(ready)
    began = time.perf_counter()

    def follow(line: "_Line") -> None:
        raw = next(queue, None) if time.perf_counter() - began < seconds else None
        if raw is not None:
            line.send(raw, time.perf_counter())

    with selectors.DefaultSelector() as selector:
        lines = [_Line(port, selector, each) for _ in range(connections)]
        for line in lines:
            follow(line)
        while any(line.busy for line in lines):
            _gather(selector, lines, timings, ANSWER_SECONDS, follow)
        timings.seconds = time.perf_counter() - began
        for line in lines:
            line.close()
    return timings


def on_schedule(port: int, ready: Iterable[bytes], rate: float) -> Timings:
    """Send one request each 1/*rate* s over as many connections as that takes."""
    timings, queue, lines = Timings(), deque(ready), list["_Line"]()
    began = time.perf_counter()
    due = began
    with selectors.DefaultSelector() as selector:
        while queue or any(line.busy for line in lines):
            now = time.perf_counter()
            if queue and now >= due:
                _idle(lines, port, selector).send(queue.popleft(), due)
                due += 1 / rate
                continue
            _gather(selector, lines, timings, due - now if queue else ANSWER_SECONDS)
        timings.seconds = time.perf_counter() - began
        for line in lines:
            line.close()
    return timings


def request(path: str, lead: Lead) -> bytes:
    """Return the HTTP request that posts *lead*."""
    return posted(path, body(lead))


def posted(path: str, whole: dict[str, object]) -> bytes:
    """Return the HTTP request that posts *whole* as JSON."""
    content = orjson.dumps(whole)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def body(lead: Lead) -> dict[str, object]:
    """Return what a form sends about *lead*."""
    return {"user_id": TENANT, "source_id": "bench", "lead_data": lead}


class _Line:
    """One connection with at most one request under way."""

    def __init__(
        self, port: int, selector: selectors.BaseSelector, most: int = REQUESTS_A_CONNECTION
    ):
        """After *most* requests it connects anew."""
        self._port, self._selector, self._most = port, selector, most
        self._socket: socket.socket | None = None
        self._received = b""
        self._sent = 0
        self.busy = False
        self.since = 0.0
        """When the request under way was due, on perf_counter's clock."""

    def send(self, raw: bytes, since: float) -> None:
        self.busy, self.since, self._received = True, since, b""
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), ANSWER_SECONDS)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._selector.register(self._socket, selectors.EVENT_READ, self)
        try:
            self._socket.sendall(raw)
        except OSError:
            # The peer has closed: reading says so next, and counts it.
            self._received = b""

    def receive(self) -> bool:
        """Read what is there; True once the answer is whole or the connection broke."""
        assert self._socket is not None  # the selector knows open sockets alone
        try:
            part = self._socket.recv(65536)
        except OSError:
            part = b""
        if not part:
            self.close()
            self._received = b""
            return True
        self._received += part
        return _whole(self._received)

    def answer(self) -> bytes | None:
        """Return the answer and be free for the next; None if the connection broke."""
        self.busy = False
        self._sent += 1
        if self._sent % self._most == 0:
            self.close()
        return self._received or None

    def close(self) -> None:
        if self._socket is not None:
            self._selector.unregister(self._socket)
            self._socket.close()
            self._socket = None


def _gather(
    selector: selectors.BaseSelector,
    lines: list[_Line],
    timings: Timings,
    seconds: float,
    follow: Callable[[_Line], None] = lambda line: None,
) -> None:
    """Take the answers that come within *seconds*; give up on those that took too long."""
    for key, _ in selector.select(max(0.0, seconds)):
        line: _Line = key.data
        was_busy = line.busy
        if line.receive() and was_busy:
            timings.count(line.answer(), (time.perf_counter() - line.since) * 1000)
            follow(line)
    for line in lines:
        if line.busy and time.perf_counter() - line.since > ANSWER_SECONDS:
            line.close()
            line.busy = False
            timings.count(None, 0.0)


def _idle(lines: list[_Line], port: int, selector: selectors.BaseSelector) -> _Line:
    """Return a connection without a request under way, opening one if there is none."""
    for line in lines:
        if not line.busy:
            return line
    lines.append(_Line(port, selector))
    return lines[-1]


def _whole(received: bytes) -> bool:
    head, end, body = received.partition(b"\r\n\r\n")
    if not end:
        return False
    length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
    return len(body) >= int(length or 0)
