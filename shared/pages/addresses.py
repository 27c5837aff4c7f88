"""Addresses of pages: what people and redirects write, in the one strict form that is asked. Pure.

Only what cannot be misunderstood is mended here; `shared.destination` still reads the outcome, and
what it reads is what is connected to.
"""

import re
from urllib.parse import quote, urljoin

import idna

from shared.pages.faults import BadRedirect, BadUrl, Downgraded

LONGEST = 2000
"""Characters of an address (`shared.destination`)."""

_PARTS = re.compile(r"(https?)://([^/?#\\@\s]+)([/?][^#\s\\]*)?(?:#\S*)?", re.IGNORECASE)
_ASCII = "".join(chr(point) for point in range(33, 127))


def mended(url: str, allowed: frozenset[str]) -> str:
    """Return *url* in ASCII and without its fragment; by https unless its host is in *allowed*.

    A plain http address is asked by https: what passes readable can be changed by whoever carries
    it. Raises BadUrl for what is no such address.
    """
    found = _PARTS.fullmatch(url.strip()) if len(url) <= LONGEST else None
    if found is None:
        raise BadUrl("must be https://host/path, without user or password")
    scheme, host, target = found[1].lower(), _ascii_host(found[2]), found[3] or "/"
    if scheme == "http" and not _is_listed(host, allowed) and ":" not in host:
        scheme = "https"
    return f"{scheme}://{host}{quote(target, safe=_ASCII, errors='replace')}"


def redirected(url: str, location: str | None, allowed: frozenset[str]) -> str:
    """Return where *location*, a header's value, leads from *url*.

    Raises Downgraded where that is from https to http, BadRedirect where it is no address.
    """
    if not location:
        raise BadRedirect("redirects without saying where to")
    try:
        # http.client reads header bytes as Latin-1; addresses in them are UTF-8.
        written = location.encode("latin-1", "replace").decode("utf-8", "replace").strip()
        target = urljoin(url, written.replace(" ", "%20"))
    except ValueError:
        raise BadRedirect from None
    if url.startswith("https:") and target[:5].lower() == "http:":
        raise Downgraded
    try:
        return mended(target, allowed)
    except BadUrl:
        raise BadRedirect from None


def site(url: str) -> str:
    """Return scheme, host and port of a mended *url*: what one robots.txt speaks for."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{re.split('[/?]', rest, maxsplit=1)[0].lower()}"


def host(url: str) -> str:
    """Return the host of a mended *url* without its port: whose patience is asked for."""
    return re.sub(r":\d+$", "", site(url).partition("://")[2])


def _ascii_host(written: str) -> str:
    """Return a host in ASCII (IDNA 2008 with UTS 46); what has another form stays as it is."""
    if written.isascii():
        return written
    try:
        return idna.encode(written, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise BadUrl("names a host that cannot be read") from None


def _is_listed(named: str, allowed: frozenset[str]) -> bool:
    bare = named.lower().removeprefix("[").removesuffix("]")
    return bare in allowed or re.sub(r"\]?:\d+$", "", bare) in allowed or named.lower() in allowed
