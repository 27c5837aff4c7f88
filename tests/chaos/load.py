"""Senders as they are: they forget an answer, come again under the same key, and give up late.

Everything is bounded: the rate, the threads, the attempts and the patience for one lead.
"""

import http.client
import json
import random
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock

from tests.chaos.ledger import Answer, Ledger, Sent
from tests.chaos.running import PATH

FORGOTTEN = 0.1
"""Share of the leads whose sender forgets the first answer (the issue: 10 %)."""

ANSWER_SECONDS = 20.0
"""How long a sender waits for one answer; a service that hangs that long has not answered."""

PATIENCE_SECONDS = 120.0
"""How long a sender comes again with one lead: ten of the supervisor's longest pauses."""

LONGEST_PAUSE_SECONDS = 1.0
"""A sender heeds Retry-After up to this, so that a storm does not last for hours."""


def request(lead: Sent) -> tuple[bytes, dict[str, str]]:
    """Return body and headers that post *lead*."""
    body = {"user_id": lead.tenant, "source_id": "chaos", "lead_data": lead.fields}
    if lead.context:
        body["context"] = lead.context
    headers = {"Content-Type": "application/json"}
    if lead.key is not None:
        headers["Idempotency-Key"] = lead.key
    return json.dumps(body).encode(), headers


def post(port: int, lead: Sent, seconds: float = ANSWER_SECONDS) -> Answer | None:
    """Post *lead* once; None if the connection broke or *seconds* passed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request("POST", PATH, *request(lead))
        return _answer(connection.getresponse())
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def hang_up(port: int, lead: Sent, after_seconds: float) -> None:
    """Post *lead* and close the connection after a moment without reading."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
    with suppress(OSError, http.client.HTTPException):
        connection.request("POST", PATH, *request(lead))
        time.sleep(after_seconds)
    connection.close()


def post_until_answered(
    port: int,
    ledger: Ledger,
    lead: Sent,
    forget: str | None = None,
    patience: float = PATIENCE_SECONDS,
) -> Answer | None:
    """Post *lead* under its key until it has a 2xx; note every attempt in *ledger*.

    *forget* is how the first attempt is forgotten: `hung up` before the answer is read,
    `dropped` after (the ledger remembers it all the same). None if patience ran out, or at the
    first refusal that no repetition mends.
    """
    ledger.sent(lead)
    give_up = time.monotonic() + patience
    pause = 0.05
    if forget == "hung up":
        hang_up(port, lead, random.Random(lead.marker).uniform(0, 0.05))
        ledger.unanswered("forgotten")
    while time.monotonic() < give_up:
        answer = post(port, lead)
        if answer is None:
            ledger.unanswered("broken")
        else:
            ledger.answered(lead, answer)
            if forget == "dropped":
                forget = None
                continue
            if answer.acknowledges or answer.status < 500:
                return answer if answer.acknowledges else None
            if answer.retry_after and answer.retry_after.isdigit():
                pause = max(pause, float(answer.retry_after))
        pause = min(pause, LONGEST_PAUSE_SECONDS)
        time.sleep(pause)
        pause *= 2
    return None


@dataclass
class Load:
    """Senders at a fixed rate, each with one lead at a time."""

    port: int
    ledger: Ledger
    seed: int
    rate: float
    """Leads a second; a queue that built up in an outage is not made up for in one burst."""
    threads: int = 16
    count: int = 0
    """Leads begun so far."""
    _due: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def send(self, leads: Iterator[Sent], enough: Callable[[int], bool], seconds: float) -> None:
        """Send *leads* until there are *enough* of them, or *seconds* have passed."""
        give_up = time.monotonic() + seconds

        def sender() -> None:
            while time.monotonic() < give_up:
                with self._lock:
                    if enough(self.count):
                        return
                    lead = next(leads, None)
                    if lead is None:
                        return
                    self.count += 1
                    # At most a second's worth of leads in arrears.
                    self._due = max(self._due + 1 / self.rate, time.monotonic() - 1)
                    wait = self._due - time.monotonic()
                time.sleep(max(0.0, wait))
                post_until_answered(self.port, self.ledger, lead, self._forget(lead))

        with ThreadPoolExecutor(self.threads) as pool:
            for done in [pool.submit(sender) for _ in range(self.threads)]:
                done.result()

    def _forget(self, lead: Sent) -> str | None:
        rng = random.Random(f"{self.seed}/{lead.marker}")
        return rng.choice(("hung up", "dropped")) if rng.random() < FORGOTTEN else None


def together(port: int, leads: Iterable[Sent], seconds: float = 60.0) -> list[Answer | None]:
    """Post *leads* at once: all bytes but the last of each first, then all last bytes."""
    sockets: list[socket.socket] = []
    last: list[bytes] = []
    try:
        for lead in leads:
            one = socket.create_connection(("127.0.0.1", port), seconds)
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sockets.append(one)
            raw = _raw(lead)
            one.sendall(raw[:-1])
            last.append(raw[-1:])
        for one, byte in zip(sockets, last, strict=True):
            one.sendall(byte)
        return [_read(one) for one in sockets]
    finally:
        for one in sockets:
            one.close()


def _raw(lead: Sent) -> bytes:
    body, headers = request(lead)
    headers |= {"Host": "127.0.0.1", "Content-Length": str(len(body)), "Connection": "close"}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {PATH} HTTP/1.1\r\n{head}\r\n".encode() + body


def _read(one: socket.socket) -> Answer | None:
    response = http.client.HTTPResponse(one, method="POST")
    try:
        response.begin()
        return _answer(response)
    except (OSError, http.client.HTTPException):
        return None
    finally:
        response.close()


def _answer(response: http.client.HTTPResponse) -> Answer:
    body = response.read()
    return Answer(response.status, body, response.getheader("Retry-After"))
