"""The one door for requests that leave: no caller of ours reaches into the operator's network.

Server-side request forgery (OWASP API7:2023): whoever may name a URL makes us the one who asks.
So a URL has one strict reading (`shared.destination`), every address of its host must be public,
the connection goes to the very address that was checked, and nothing is followed: no redirect, no
proxy of the environment. An answer is bounded in bytes and in time, and never unpacked.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from http.client import HTTPException
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Thread

from shared.destination import Destination, Refused, read
from shared.errors import ServiceError
from shared.http_exchange import MOST_BYTES, Answer, exchange, left
from shared.public_address import Address, is_public, may_be_private

SECONDS = 10.0
"""From the lookup to the end of the answer, all together."""

LOOKUP_SECONDS = 4.0
"""What a lookup may take of it: a name server under a stranger's control may keep us waiting."""

MOST_LOOKUPS = 128
"""Lookups under way in one process: the system's resolver cannot be interrupted, and may keep a
thread for half a minute."""

MOST_ADDRESSES = 3
"""Addresses of one host that are tried."""

Resolve = Callable[[str, int], Sequence[str]]
"""Returns the addresses of a host name, as text; raises OSError."""

Check = Callable[[Address], bool]


class Unreachable(ServiceError):
    """The host did not take the request."""


class Forbidding(Unreachable):
    """The host has an address that is not public."""


class TooSlow(Unreachable):
    """The host took too long to answer."""


def system_addresses(host: str, port: int) -> list[str]:
    """Return the addresses that this machine's resolver finds. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Door:
    """Sends requests to public hosts, and to those private ones that the operator allowed."""

    def __init__(
        self,
        allowed: frozenset[str] = frozenset(),
        resolve: Resolve = system_addresses,
        trust: ssl.SSLContext | None = None,
        public: Check = is_public,
    ):
        """*allowed* is LEADFLY_ALLOWED_PRIVATE_HOSTS; *trust* the certificates, else the system's.

        *resolve* is the only lookup there is, and *public* the only judge of addresses.
        """
        self.allowed = allowed
        self._resolve, self._trust, self._public = resolve, trust, public
        self._lookups = BoundedSemaphore(MOST_LOOKUPS)

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes = b"",
        seconds: float = SECONDS,
        most_bytes: int = MOST_BYTES,
    ) -> Answer:
        """Send a request and return the answer, whatever its status; a redirect is one, too.

        Raises Refused for a URL that may not be asked, Unreachable, Forbidding or TooSlow. All of
        it takes *seconds* at most, and *most_bytes* of the body are read.
        """
        ends_at = time.monotonic() + seconds
        destination = read(url, self.allowed)
        try:
            addresses = self._addresses(destination, ends_at)
            with closing(self._connected(destination, addresses, ends_at)) as sock:
                return exchange(sock, ends_at, destination, method, headers, body, most_bytes)
        except TimeoutError:
            raise TooSlow from None
        except ssl.SSLCertVerificationError:
            raise Unreachable("The host's certificate is not valid for it.") from None
        except (OSError, HTTPException, ValueError) as error:
            raise Unreachable(_words(error)) from None

    def _addresses(self, destination: Destination, ends_at: float) -> list[str]:
        """Return the addresses to try. Raises Forbidding if any one of them may not be."""
        literal = destination.address
        found = [str(literal)] if literal else self._looked_up(destination, ends_at)
        if not found:
            raise Unreachable("The host's name has no address.")
        for text in found:
            if not self._permitted(destination, ipaddress.ip_address(text)):
                raise Forbidding
        return found[:MOST_ADDRESSES]

    def _permitted(self, destination: Destination, address: Address) -> bool:
        at_address = Destination(destination.scheme, str(address), destination.port, "/")
        if self._public(address) or at_address.spellings & self.allowed:
            return True
        return bool(destination.spellings & self.allowed) and may_be_private(address)

    def _looked_up(self, destination: Destination, ends_at: float) -> list[str]:
        """Ask the resolver in a thread of its own, which may outlive our patience."""
        answers: SimpleQueue[Sequence[str] | Exception] = SimpleQueue()
        if not self._lookups.acquire(timeout=left(ends_at)):
            raise TooSlow

        def ask() -> None:
            try:
                answers.put(self._resolve(destination.host, destination.port))
            except Exception as error:
                answers.put(error)
            finally:
                self._lookups.release()

        Thread(target=ask, daemon=True).start()
        try:
            answer = answers.get(timeout=min(LOOKUP_SECONDS, left(ends_at)))
        except Empty:
            raise TooSlow("The host's name could not be looked up in time.") from None
        if isinstance(answer, Exception):
            raise Unreachable("The host's name cannot be looked up.")
        return list(answer)

    def _connected(
        self, destination: Destination, addresses: Sequence[str], ends_at: float
    ) -> socket.socket:
        """Return a connection to the first of *addresses* that takes one, under TLS if asked."""
        for position, address in enumerate(addresses, 1):
            patience = left(ends_at) / (len(addresses) - position + 1)
            try:
                sock = _plain_connection(address, destination.port, patience)
            except OSError:
                if position == len(addresses):
                    raise
                continue
            return self._wrapped(sock, destination, ends_at)
        raise Unreachable

    def _wrapped(
        self, sock: socket.socket, destination: Destination, ends_at: float
    ) -> socket.socket:
        if destination.scheme == "http":
            return sock
        try:
            sock.settimeout(left(ends_at))
            context = self._trust or _system_trust()
            return context.wrap_socket(sock, server_hostname=destination.host)
        except BaseException:
            sock.close()
            raise


def _plain_connection(address: str, port: int, patience: float) -> socket.socket:
    """Connect to *address*, which is no name: nothing is looked up here."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(patience)
        sock.connect((address, port))
        # Head and body are written one after the other; neither waits for the other's receipt.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        sock.close()
        raise
    return sock


def _words(error: Exception) -> str:
    """Return what happened in words that quote nothing of the answer."""
    if isinstance(error, ConnectionRefusedError):
        return "The host refused the connection."
    if isinstance(error, ssl.SSLError):
        return "The host does not speak TLS as it should."
    if isinstance(error, HTTPException):
        return "The host did not answer in HTTP."
    return "The connection to the host failed."


@lru_cache(1)
def _system_trust() -> ssl.SSLContext:
    return ssl.create_default_context()


__all__ = ["Answer", "Door", "Forbidding", "Refused", "TooSlow", "Unreachable", "system_addresses"]
