"""The address of the person in front of the browser, where a browser posted here directly."""

import ipaddress

from flask import request

from shared.settings import is_loopback
from shared.web.auth import FORWARDING_HEADERS
from shared.web.context import settings


def visitor() -> str | None:
    """Return the visitor's IP address, or None where there is no telling.

    Only a browser has a visitor: it sends Origin or Sec-Fetch-Site (Fetch Metadata). A server
    that calls us is a trusted caller, and its own address says nothing about the lead. Behind
    TRUSTED_PROXIES proxies the address is the one the outermost of them saw; headers of more
    or fewer proxies than that are not believed.
    """
    if "Origin" not in request.headers and "Sec-Fetch-Site" not in request.headers:
        return None
    address = _forwarded() if settings().trusted_proxies else _peer()
    return None if address is None or is_loopback(address) else address


def _peer() -> str | None:
    if any(name in request.environ for name in FORWARDING_HEADERS):
        return None  # an unannounced proxy: the peer is the proxy
    return request.remote_addr


def _forwarded() -> str | None:
    """Return what the outermost trusted proxy wrote: each appends its peer on the right."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    proxies = settings().trusted_proxies
    if len(hops) < proxies:
        return None
    try:
        return str(ipaddress.ip_address(hops[-proxies]))
    except ValueError:
        return None
