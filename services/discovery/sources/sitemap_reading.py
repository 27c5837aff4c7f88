"""Site maps: the addresses that a site names of its own pages (sitemaps.org 0.9). Pure.

An XML list of pages, an XML index of further maps, or a text with an address a line; each perhaps
packed with gzip. XML is read without DTD and entities, unpacking is bounded.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]

MOST_ADDRESSES = 50_000
"""Of one map (sitemaps.org)."""

MOST_UNPACKED_BYTES = 50 * 1024 * 1024
"""Of one map (sitemaps.org: 50 MB)."""

LONGEST = 2048
"""Characters of an address (sitemaps.org)."""

_GZIP = b"\x1f\x8b"
_SITEMAP_LINE = re.compile(r"(?im)^[ \t]*sitemap[ \t]*:[ \t]*(\S{1,2048})[ \t]*\r?$")


class NoSitemap(ValueError):
    """What this is not: a site map."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a map names; either may be empty."""

    pages: tuple[str, ...] = ()
    maps: tuple[str, ...] = ()


def sitemap(body: bytes) -> Sitemap:
    """Return what the map *body* names. Raises NoSitemap, with why."""
    plain = unpacked(body) if body.startswith(_GZIP) else body
    start = plain[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        return _xml(plain)
    if start.startswith((b"http://", b"https://")):
        lines = plain.decode("utf-8", "replace").splitlines()[:MOST_ADDRESSES]
        return Sitemap(pages=tuple(one for line in lines if (one := _address(line))))
    raise NoSitemap("is no site map")


def unpacked(body: bytes) -> bytes:
    """Return the content of a gzip file. Raises NoSitemap beyond MOST_UNPACKED_BYTES."""
    gzip = zlib.decompressobj(wbits=31)
    try:
        plain = gzip.decompress(body, MOST_UNPACKED_BYTES + 1)
    except zlib.error:
        raise NoSitemap("is packed in a way that cannot be read") from None
    if len(plain) > MOST_UNPACKED_BYTES:
        raise NoSitemap("is larger than 50 MB unpacked")
    return plain


def named_in_robots(text: str) -> tuple[str, ...]:
    """Return the maps that a robots.txt names (sitemaps.org, "Submitting your Sitemap")."""
    return tuple(dict.fromkeys(_SITEMAP_LINE.findall(text)))[:100]


def _xml(plain: bytes) -> Sitemap:
    pages: dict[str, None] = {}
    maps: dict[str, None] = {}
    try:
        for kind, url in _locations(plain):
            (maps if kind == "sitemap" else pages)[url] = None
            if len(pages) + len(maps) >= MOST_ADDRESSES:
                break
    except DefusedXmlException:
        raise NoSitemap("declares entities or a document type") from None
    except (ParseError, ValueError, LookupError, RecursionError):
        if not pages and not maps:
            raise NoSitemap("is no site map") from None
    return Sitemap(tuple(pages), tuple(maps))


def _locations(plain: bytes) -> Iterator[tuple[str, str]]:
    """Yield whether an entry is a `url` or a `sitemap`, and its address."""
    depth, root = 0, None
    for event, element in iterparse(BytesIO(plain), events=("start", "end"), forbid_dtd=True):
        if event == "start":
            root = element if root is None else root
            depth += 1
            if depth > _DEEPEST:
                raise ValueError("too deep")
            continue
        depth -= 1
        name = element.tag.rpartition("}")[2].lower()
        if depth == 1 and name in ("url", "sitemap"):
            found = next((one for one in element if one.tag.rpartition("}")[2] == "loc"), None)
            if found is not None and (url := _address(found.text or "")):
                yield name, url
        if depth <= 1 and root is not None:
            root.clear()


def _address(text: str) -> str:
    url = text.strip()
    return url if url.startswith(("http://", "https://")) and len(url) <= LONGEST else ""


_DEEPEST = 50
"""Open elements; a map with pictures and translations has 5."""
