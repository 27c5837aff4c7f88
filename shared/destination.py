"""Where an outgoing request may go, as far as its address alone says: no lookup, no connection.

One strict reading of a URL, narrower than RFC 3986 and the WHATWG URL standard, so that no two
readers can understand it differently: what is checked here is what `shared.outbound` connects to.
"""

import ipaddress
import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import urlsplit

from shared.errors import Malformed
from shared.public_address import Address, is_public

LONGEST_URL = 2000
"""Characters; longer ones are cut by proxies and servers (RFC 9110, section 4.1, asks for 8000)."""

DEFAULT_PORTS = {"https": 443, "http": 80}

LOWEST_FREE_PORT = 1024
"""Below it, only the default ports: the others are mail, names and other protocols that a request
of ours could be made to speak (the WHATWG's bad ports)."""


class Refused(Malformed):
    """Requests may not be sent to this address; see details."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A URL taken apart."""

    scheme: str
    host: str
    """In small letters: a name, or an address without brackets."""
    port: int
    target: str
    """Path and query, as they stand in the request."""

    @property
    def address(self) -> Address | None:
        """The address, where the URL holds one in place of a name."""
        return _address(self.host)

    @property
    def spellings(self) -> frozenset[str]:
        """How LEADFLY_ALLOWED_PRIVATE_HOSTS may name it: the host, or host and port."""
        return frozenset((self.host, spelling(self.host, self.port)))


def read(url: str, allowed: frozenset[str] = frozenset()) -> Destination:
    """Return what *url* names. Raises Refused for whatever is no plain https URL of a public host.

    Hosts in *allowed* (`hosts`) may also be private, asked by http and on any port.
    """
    destination = _taken_apart(url)
    if destination.spellings & allowed:
        return destination
    if destination.scheme != "https":
        raise _refused("must begin with https://")
    if destination.port != 443 and destination.port < LOWEST_FREE_PORT:
        raise _refused("names a port that is not for the web")
    address = destination.address
    if address is not None and not is_public(address):
        raise _refused("names an address that is not public")
    if address is None and _is_local_name(destination.host):
        raise _refused("names a host that is not public")
    return destination


def hosts(text: str) -> frozenset[str]:
    """Return the hosts that *text* lists, comma-separated: names or addresses, perhaps with a port.

    Raises ValueError for one that is no host.
    """
    return frozenset(_host(part.strip().lower()) for part in text.split(",") if part.strip())


def spelling(host: str, port: int) -> str:
    """Return host and port as a URL has them."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _taken_apart(url: str) -> Destination:
    if not isinstance(url, str) or not 1 <= len(url) <= LONGEST_URL:
        raise _refused(f"must have 1 to {LONGEST_URL} characters")
    if not _PLAIN.fullmatch(url):
        raise _refused("may hold printable ASCII characters without spaces and backslashes alone")
    found = _URL.fullmatch(url)
    if not found:
        raise _refused("must be https://host/path, without user, password or #fragment")
    scheme = found["scheme"].lower()
    host = _checked_host((found["v6"] or found["host"]).lower(), bracketed=bool(found["v6"]))
    port = int(found["port"]) if found["port"] else DEFAULT_PORTS[scheme]
    if not 1 <= port <= 65535:
        raise _refused("names a port that does not exist")
    _agree(url, host)
    target = found["target"] or "/"
    return Destination(scheme, host, port, target if target.startswith("/") else f"/{target}")


def _agree(url: str, host: str) -> None:
    """Raise Refused unless the standard library reads the same host: a belt beside the braces."""
    try:
        other = urlsplit(url).hostname
    except ValueError:
        other = None
    if other is None or (_address(other) or other) != (_address(host) or host):
        raise _refused("can be read in two ways")


def _checked_host(host: str, bracketed: bool) -> str:
    """Return *host* if it is a domain name or an address in its one plain form."""
    address = _address(host)
    if bracketed:
        if not isinstance(address, IPv6Address) or address.scope_id:
            raise _refused("names an address that cannot be read")
        return str(address)
    if address is not None:
        return str(address)
    labels = host.split(".")
    if len(host) > _LONGEST_NAME or not all(_LABEL.fullmatch(label) for label in labels):
        raise _refused("must name a host by its domain name (xn--… if it is not ASCII)")
    if _NUMBER.fullmatch(labels[-1]):
        # `127.1`, `0x7f000001`: the C library reads these as addresses (inet_aton).
        raise _refused("names an address that cannot be read")
    return host


def _host(text: str) -> str:
    """Return one entry of LEADFLY_ALLOWED_PRIVATE_HOSTS in the form of `Destination.spellings`."""
    bare = text.removeprefix("[").removesuffix("]")
    address = _address(bare)
    if address is not None:
        return str(address)
    try:
        found = _taken_apart(f"http://{text}/")
    except Refused:
        raise ValueError(
            "must list hosts, comma-separated: 10.0.0.5, sink.internal or sink.internal:8080"
        ) from None
    if found.target != "/":
        raise ValueError("must list hosts without a path")
    return spelling(found.host, found.port) if _has_port(text) else found.host


def _has_port(text: str) -> bool:
    return ":" in text.rpartition("]")[2]


def _address(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_local_name(host: str) -> bool:
    return "." not in host or host.endswith(_LOCAL_ENDINGS)


def _refused(problem: str) -> Refused:
    return Refused(details={"url": problem})


_PLAIN = re.compile(r"[!-\[\]-~]+")
_URL = re.compile(
    r"(?P<scheme>https?)://(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<host>[a-z0-9._-]+))(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<target>[/?][^#]*)?",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_LONGEST_NAME = 253

_LOCAL_ENDINGS = (
    ".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa", ".localdomain",
)  # fmt: skip
"""Names that no public server answers to (RFC 6761, 6762, 8375; ICANN's `internal`)."""
