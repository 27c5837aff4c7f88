"""The peer: whether the reader of a stream is still there, and still reads.

A server of WSGI tells neither: it sees that a connection ended when it writes twice, and waits for
ever for a reader that does not read.
"""

import select
import socket
from contextlib import suppress
from typing import Any

SEND_BUFFER_BYTES = 65_536
"""What the kernel keeps for a reader that is behind; by itself it would keep megabytes."""

SEND_SECONDS = 10.0
"""How long a reader may read nothing while something waits for it."""

SOCKETS = ("gunicorn.socket", "werkzeug.socket")
"""Where the servers that we run in put the connection into the environment."""


class Peer:
    """The other end of one connection."""

    def __init__(self, connection: socket.socket | None):
        """Without a *connection*, as in a test without a server, the reader is always there."""
        self._connection = connection
        if connection is not None:
            with suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
                connection.settimeout(SEND_SECONDS)

    @classmethod
    def of(cls, environ: dict[str, Any]) -> "Peer":
        """Return the peer of the request with that WSGI *environ*."""
        return cls(next((environ[name] for name in SOCKETS if name in environ), None))

    def gone(self) -> bool:
        """True once the reader has closed the connection; what else it sends is not for us."""
        if not self._polled(select.POLLIN, 0):
            return False
        try:
            assert self._connection
            return self._connection.recv(1, socket.MSG_PEEK) == b""
        except OSError:
            return True

    def reads(self, seconds: float) -> bool:
        """True as soon as there is room for more, False if there is none for so long."""
        return self._connection is None or self._polled(select.POLLOUT, seconds)

    def cut(self) -> None:
        """End the connection: what waits for the reader is lost, and whoever writes fails."""
        if self._connection is not None:
            with suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)

    def finish(self) -> None:
        """Let what was written arrive, and wait for nothing more: gunicorn's main thread would."""
        if self._connection is not None:
            with suppress(OSError):
                self._connection.shutdown(socket.SHUT_RD)

    def _polled(self, for_what: int, seconds: float) -> bool:
        if self._connection is None:
            return False
        with suppress(OSError, ValueError):
            watched = select.poll()
            watched.register(self._connection, for_what)
            return bool(watched.poll(seconds * 1000))
        return True
