"""A load generator: one process, threads with kept-alive connections, bounded in time."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

import orjson


@dataclass(frozen=True)
class Timings:
    """What a run measured."""

    requests: int
    seconds: float
    latencies_ms: list[float]
    failures: int

    @property
    def rate(self) -> float:
        """Return answered requests a second."""
        return self.requests / self.seconds

    def percentile(self, share: float) -> float:
        """Return the latency in ms that *share* (0 to 1) of the requests stayed under."""
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def requests(path: str, leads: Iterator[dict[str, str]], count: int) -> list[bytes]:
    """Return *count* ready HTTP requests, so that building them costs nothing while measuring."""
    return [_request(path, lead) for lead in islice(leads, count)]


def closed_loop(port: int, ready: list[bytes], connections: int, seconds: float) -> Timings:
    """Send as fast as answers come back, over *connections*, for *seconds* or until all are sent."""
    shares = [ready[i::connections] for i in range(connections)]
    stop_at = time.perf_counter() + seconds
    with ThreadPoolExecutor(connections) as pool:
        parts = list(pool.map(lambda share: _drive(port, share, 0.0, stop_at), shares))
    return _together(parts)


def open_loop(port: int, ready: list[bytes], rate: float, seconds: float) -> Timings:
    """Send *rate* requests a second on a fixed schedule; a late answer delays no other."""
    lanes = max(2, min(32, int(rate)))
    count = min(len(ready), int(rate * seconds))
    shares = [ready[i:count:lanes] for i in range(lanes)]
    with ThreadPoolExecutor(lanes) as pool:
        starts = [i / rate for i in range(lanes)]
        parts = pool.map(
            lambda s: _drive(port, s[0], lanes / rate, None, s[1]), zip(shares, starts, strict=True)
        )
        return _together(list(parts))


def _drive(
    port: int, ready: list[bytes], every: float, stop_at: float | None, delay: float = 0.0
) -> Timings:
    latencies: list[float] = []
    failures = 0
    began = time.perf_counter()
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    for number, raw in enumerate(ready):
        due = began + delay + number * every
        if every and (wait := due - time.perf_counter()) > 0:
            time.sleep(wait)
        if stop_at is not None and time.perf_counter() >= stop_at:
            break
        # From when it was due: a queue in front of a slow server counts as the server's.
        started = due if every else time.perf_counter()
        connection.sendall(raw)
        failures += not _answered(connection)
        latencies.append((time.perf_counter() - started) * 1000)
    connection.close()
    return Timings(len(latencies), time.perf_counter() - began, latencies, failures)


def _answered(connection: socket.socket) -> bool:
    """Read one answer whole; True for a 200."""
    received = connection.recv(65536)
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return head.startswith(b"HTTP/1.1 200")


def _request(path: str, lead: dict[str, str]) -> bytes:
    body = orjson.dumps({"user_id": "bench", "source_id": "bench", "lead_data": lead})
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _together(parts: list[Timings]) -> Timings:
    return Timings(
        sum(part.requests for part in parts),
        max(part.seconds for part in parts),
        [latency for part in parts for latency in part.latencies_ms],
        sum(part.failures for part in parts),
    )
