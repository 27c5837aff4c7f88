"""A proxy before PostgreSQL that ends a conversation where it is told to.

It understands the framing of protocol version 3 and nothing of its meaning: a message is a type
byte, a length that counts itself, and a body; a frontend's first one has no type byte.
https://www.postgresql.org/docs/current/protocol-message-formats.html
"""

import socket
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

SOCKET = ".s.PGSQL.5432"

STARTUP_PARAMETERS = 196608
"""Protocol 3.0 and above: a real start. What is below is a request for TLS, GSS or a cancel."""

READY_FOR_QUERY = b"Z"
"""Type of the message that ends PostgreSQL's answer to a flight."""

SSL_REQUEST, GSS_REQUEST = 80877103, 80877104


class Framer:
    """Puts a stream of bytes, in whatever pieces it comes, back into whole messages."""

    def __init__(self, typed: bool):
        """*typed*: the first message has a type byte, as all of a backend's have."""
        self._typed, self._rest = typed, b""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the messages that *data* completes."""
        self._rest += data
        messages: list[bytes] = []
        while True:
            head = 1 if self._typed else 0
            if len(self._rest) < head + 4:
                return messages
            (length,) = struct.unpack_from("!i", self._rest, head)
            if len(self._rest) < head + length:
                return messages
            message, self._rest = self._rest[: head + length], self._rest[head + length :]
            messages.append(message)
            if not self._typed:
                (code,) = struct.unpack_from("!i", message, 4)
                self._typed = code not in (SSL_REQUEST, GSS_REQUEST)


@dataclass
class Cut:
    """Where the conversation about one tenant ends: after so much of one direction has passed.

    Counting begins with the flight of frontend messages in which the tenant is first named.
    """

    tenant: str
    direction: str
    """`frontend` (what the service says) or `backend` (what PostgreSQL answers)."""
    after: int
    unit: str = "messages"
    """`messages` or `bytes`."""
    then: str = "cut"
    """`cut` closes both sides; `hang` swallows everything from here on."""
    at: bytes = b""
    """Instead of counting: before the statement with these words (frontend), or after it was
    carried out and before PostgreSQL says so (backend: its next ReadyForQuery)."""
    passed: dict[tuple[str, str], int] = field(default_factory=dict)
    """How much has passed, by direction and unit."""
    fired: bool = False
    reached: bool = False
    """True once the statement `at` has passed."""
    conversation: object = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def admit(self, who: object, direction: str, messages: list[bytes]) -> tuple[bytes, bool]:
        """Return what of *messages* may pass, and True if this is the end of the conversation."""
        with self._lock:
            spoken = self.conversation is None and direction == "frontend"
            if spoken and any(self.tenant.encode() in message for message in messages):
                self.conversation = who
            if self.conversation is not who or self.fired:
                return b"".join(messages), False
            return self._counted(direction, messages)

    def _counted(self, direction: str, messages: list[bytes]) -> tuple[bytes, bool]:
        counted = {"messages": len(messages), "bytes": len(b"".join(messages))}
        before = self.passed.get((direction, self.unit), 0)
        for unit, count in counted.items():
            self.passed[direction, unit] = self.passed.get((direction, unit), 0) + count
        if self.at:
            return self._at_statement(direction, messages)
        if direction != self.direction or before + counted[self.unit] <= self.after:
            return b"".join(messages), False
        self.fired = True
        left = self.after - before
        if self.unit == "messages":
            return b"".join(messages[:left]), True
        return b"".join(messages)[:left], True

    def _at_statement(self, direction: str, messages: list[bytes]) -> tuple[bytes, bool]:
        for number, message in enumerate(messages):
            here = direction == "frontend" and self.at in message
            ready = direction == "backend" and message[:1] == READY_FOR_QUERY and self.reached
            if here if self.direction == "frontend" else ready:
                self.fired = True
                return b"".join(messages[:number]), True
            self.reached = self.reached or here
        return b"".join(messages), False


class Proxy:
    """Listens on a Unix socket in *folder* and forwards to the one in *upstream*."""

    def __init__(self, folder: Path, upstream: Path, hang_seconds: float = 5.0):
        """*hang_seconds* is how long a swallowed conversation stays open."""
        self.folder, self.upstream, self.hang_seconds = folder, upstream, hang_seconds
        self.cut: Cut | None = None
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / SOCKET))
        self._listener.listen(64)
        self._open: set[_Conversation] = set()
        self._thread = threading.Thread(target=self._accept, name="proxy")
        self._thread.start()

    @property
    def url(self) -> str:
        """DATABASE_URL of a service that goes through here."""
        return f"host='{self.folder}' port=5432 user=leadfly dbname=leadfly"

    def arm(self, cut: Cut) -> Cut:
        """Let *cut* be the next one; there is one at a time."""
        self.cut = cut
        return cut

    def close(self) -> None:
        """Listen no more, and end every conversation."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        for conversation in list(self._open):
            conversation.end()
        for conversation in list(self._open):
            conversation.join()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:  # closed
                return
            self._open = {one for one in self._open if one.alive}
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(str(self.upstream / SOCKET))
            except OSError:  # PostgreSQL is down
                client.close()
                server.close()
                continue
            self._open.add(_Conversation(self, client, server))


class _Conversation:
    """One connection of the service, and ours to PostgreSQL behind it."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket):
        self._proxy, self._sides = proxy, {"frontend": client, "backend": server}
        self._silent_until: float | None = None
        self._pumping = threading.Semaphore(len(self._sides) - 1)
        self._threads = [threading.Thread(target=self._pump, args=[side]) for side in self._sides]
        for thread in self._threads:
            thread.start()

    @property
    def alive(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def end(self) -> None:
        """Close both sides; the pumps notice."""
        self._silent_until = None
        for side in self._sides.values():
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def _pump(self, direction: str) -> None:
        source = self._sides[direction]
        sink = self._sides["backend" if direction == "frontend" else "frontend"]
        framer = Framer(typed=direction == "backend")
        with suppress(OSError):
            while data := source.recv(65536):
                if self._silent_until is None:
                    self._forward(sink, direction, framer.feed(data))
        while self._silent_until is not None and time.monotonic() < self._silent_until:
            time.sleep(0.05)  # a line that hangs does not tell that one side has gone
        self.end()
        if not self._pumping.acquire(blocking=False):  # the other pump is through, too
            for side in self._sides.values():
                side.close()

    def _forward(self, sink: socket.socket, direction: str, messages: list[bytes]) -> None:
        cut = self._proxy.cut
        passing, over = cut.admit(self, direction, messages) if cut else (b"".join(messages), False)
        if passing:
            sink.sendall(passing)
        if over and cut and cut.then == "hang":
            self._silent_until = time.monotonic() + self._proxy.hang_seconds
            threading.Timer(self._proxy.hang_seconds, self.end).start()
        elif over:
            self.end()
