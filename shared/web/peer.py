"""From which network does a request come? Of what a caller says itself nothing counts."""

import ipaddress
from functools import lru_cache

from shared.web.context import running, settings

NETWORK_BITS = 64
"""Of an IPv6 address: what one customer is given at the least (RFC 6177); the rest they choose
themselves, a new one for every request if they like."""

UNKNOWN = "unknown"
"""Everybody whose address nobody knows, on a Unix socket, say: one together, so that none is
without a limit."""


def network() -> str:
    """Return where the running request comes from: an IPv4 address, or the /64 of an IPv6 one.

    Behind TRUSTED_PROXIES proxies it is what the outermost of them saw; where the header does not
    reach that far, the peer itself.
    """
    proxies = settings().trusted_proxies
    seen = forwarded(proxies) if proxies else None
    return _network(seen or running().environ.get("REMOTE_ADDR") or "")


def forwarded(proxies: int) -> str | None:
    """Return the address that the outermost of so many proxies of ours wrote, None for none.

    Each appends its peer on the right of X-Forwarded-For; what stands further left is anybody's.
    """
    hops = running().environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return _address(hops[-proxies].strip()) if len(hops) >= proxies else None


@lru_cache(4096)  # 1 MB: peers send more than one request
def _network(text: str) -> str:
    address = _address(text)
    if address is None:
        return UNKNOWN
    read = ipaddress.ip_address(address)
    if read.version == 4:
        return address
    return str(ipaddress.ip_network((int(read), NETWORK_BITS), strict=False))


def _address(text: str) -> str | None:
    """Return the IP address in *text*, without port, brackets or zone; None if there is none.

    An IPv4 address that came over IPv6 (`::ffff:192.0.2.1`, RFC 4291, section 2.5.5.2) is itself.
    """
    bracketed = text.startswith("[")
    host = text[1:].partition("]")[0] if bracketed else text
    if not bracketed and host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        read = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return str(getattr(read, "ipv4_mapped", None) or read)
