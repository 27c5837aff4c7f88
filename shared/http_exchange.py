"""One HTTP request over a connection that is there already, and never for longer than agreed.

The standard library's client speaks; what it reads from is a socket whose every wait ends at one
moment, however slowly the other end drips. Nothing is followed, unpacked or kept.
"""

import io
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any

from shared.destination import Destination

MOST_BYTES = 64 * 1024
"""What is read of an answer's body, unless its caller has room for more."""

USER_AGENT = "LeadFly-Webhooks/1"

EACH_COUNTS = frozenset(("x-robots-tag",))
"""Headers of which a host sends several, each with something of its own to say."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host said."""

    status: int
    body: bytes
    """The first bytes of it, as they were sent; never more than asked for."""
    whole: bool
    """False if there was, or may have been, more of it."""
    retry_after: str | None = None
    """When the host wants to be asked again, in its own words."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """All header fields by their names in small letters; of repeated ones the first, but of those
    in EACH_COUNTS all, a line each."""


def exchange(
    sock: socket.socket,
    ends_at: float,
    destination: Destination,
    method: str,
    headers: Mapping[str, str],
    body: bytes,
    most_bytes: int = MOST_BYTES,
) -> Answer:
    """Send one request over *sock* and return the answer, before *ends_at* (`time.monotonic`).

    Of its body *most_bytes* are read. Raises TimeoutError, OSError, HTTPException, or ValueError
    for a header that cannot be.
    """
    talk = _Talk(destination, _Wire(sock, ends_at))
    own = {"User-Agent": USER_AGENT, "Connection": "close"}
    talk.request(method, destination.target, body or None, {**own, **headers})
    response = talk.getresponse()
    try:
        retry_after = response.getheader("Retry-After")
        fields = _fields(response)
        return Answer(response.status, *_body(response, most_bytes), retry_after, fields)
    finally:
        response.close()


def _fields(response: HTTPResponse) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in ((name.lower(), value) for name, value in response.getheaders()):
        if name in EACH_COUNTS and name in found:
            found[name] += f"\n{value}"
        else:
            found.setdefault(name, value)
    return found


def _body(response: HTTPResponse, most_bytes: int) -> tuple[bytes, bool]:
    """Return what comes of the body within bytes and time, and whether that is all of it.

    The status has been said by now, so a body that breaks off or drips takes nothing of it back.
    """
    body = bytearray()
    try:
        while len(body) < most_bytes:
            some = response.read1(most_bytes - len(body))
            if not some:
                return bytes(body), True
            body += some
    except (OSError, HTTPException):
        pass
    return bytes(body), False


class _Talk(HTTPConnection):
    """The standard library's HTTP over a connection that is there already."""

    def __init__(self, destination: Destination, wire: "_Wire"):
        super().__init__(destination.host, destination.port)
        # What the Host header leaves out (RFC 9110, section 7.2).
        self.default_port = 443 if destination.scheme == "https" else 80
        self.sock: Any = wire

    def connect(self) -> None:
        """Refuse: a second connection would be to an address that nobody checked."""
        raise HTTPException("the connection is gone")


class _Wire:
    """A socket whose every wait ends at one moment, however slowly the other end drips."""

    def __init__(self, sock: socket.socket, ends_at: float):
        self.sock, self.ends_at = sock, ends_at

    def sendall(self, data: Any) -> None:
        """Send *data*. Raises TimeoutError once the time is over."""
        self.sock.settimeout(left(self.ends_at))
        self.sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """Return what the other end says."""
        return io.BufferedReader(_Reader(self))

    def close(self) -> None:
        """Leave the closing to whoever opened the socket."""


class _Reader(io.RawIOBase):
    """What comes over a wire, for as long as there is time."""

    def __init__(self, wire: _Wire):
        self._wire = wire

    def readable(self) -> bool:
        """Say that it can be read, as `io.BufferedReader` wants to know."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read some bytes. Raises TimeoutError once the time is over."""
        self._wire.sock.settimeout(left(self._wire.ends_at))
        return self._wire.sock.recv_into(buffer)


def left(ends_at: float) -> float:
    """Return the seconds until *ends_at*. Raises TimeoutError if there are none."""
    left = ends_at - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
