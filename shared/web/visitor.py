"""The address of the person in front of the browser, where a browser posted here directly."""

from flask import request

from shared.settings import is_loopback
from shared.web.auth import FORWARDING_HEADERS
from shared.web.context import settings
from shared.web.peer import forwarded


def visitor() -> str | None:
    """Return the visitor's IP address, or None where there is no telling.

    Only a browser has a visitor: it sends Origin or Sec-Fetch-Site (Fetch Metadata). A server
    that calls us is a trusted caller, and its own address says nothing about the lead. Behind
    TRUSTED_PROXIES proxies the address is the one the outermost of them saw; headers of more
    or fewer proxies than that are not believed.
    """
    if not from_browser():
        return None
    proxies = settings().trusted_proxies
    address = forwarded(proxies) if proxies else _peer()
    return None if address is None or is_loopback(address) else address


def from_browser() -> bool:
    """True if a browser sent the running request: it says from which page."""
    return "Origin" in request.headers or "Sec-Fetch-Site" in request.headers


def _peer() -> str | None:
    if any(name in request.environ for name in FORWARDING_HEADERS):
        return None  # an unannounced proxy: the peer is the proxy
    return request.remote_addr
