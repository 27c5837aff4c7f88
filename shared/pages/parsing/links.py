"""Where a page leads on its own site, and what it asks of those who read it. Pure.

`rel` after the HTML standard (4.6.6); `robots` and `X-Robots-Tag` as search engines document them.
"""

import re
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

from shared.pages.parsing.tree import Node, names, plain
from shared.pages.survey import MOST_LINKS

LONGEST = 1000
"""Characters of an address that is followed."""

_FILES = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|csv|zip|gz|rar|7z|exe|dmg|apk|png|jpe?g|gif|webp|svg|ico|mp[34]|avi"
    r"|mov|webm|css|js|json|xml|rss|atom|vcf|ics|woff2?|ttf)$",
    re.IGNORECASE,
)
"""Endings of what is no page."""

_NEXT = re.compile(
    r"(?:next(?: page)?|weiter|n[aä]chste(?: seite)?|suivante?|page suivante|siguiente"
    r"|pr[oó]xim[ao]|successiv[ao]|seguinte|volgende)?\s*[›»→>]*",
    re.IGNORECASE,
)
_FRAME = frozenset(("header", "footer", "nav"))
_FRAMES = frozenset(("footer", "site-footer", "page-footer", "site-header", "navbar"))
"""Elements, and classes and ids, of what frames every page of a site."""

_AGENTS = ("*", "robots", "leadfly")
_VALUED = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")
"""Directives with a colon of their own."""


def wishes(tree: LexborHTMLParser, asks: str) -> tuple[bool, bool]:
    """Return whether the page may be kept and its links followed.

    *asks* are its X-Robots-Tag headers, a line each.
    """
    said = [_meant_for_us(line) for line in asks.splitlines()]
    for node in tree.css('meta[name="robots" i], meta[name="leadfly" i]'):
        said.append(node.attributes.get("content") or "")
    words = set(re.split(r"[\s,]+", " ".join(said).lower()))
    return not words & {"noindex", "none"}, not words & {"nofollow", "none"}


def on_site(href: str | None, base: str) -> str:
    """Return the address that *href* on the page *base* leads to; empty if off its site.

    Without its fragment, and with the page's own scheme.
    """
    parts = parted(href, base)
    home = urlsplit(base)
    if parts is None or parts.netloc.lower() != home.netloc.lower() or _FILES.search(parts.path):
        return ""
    url = urlunsplit((home.scheme, home.netloc, parts.path or "/", parts.query, ""))
    return url if len(url) <= LONGEST else ""


def off_site(href: str | None, base: str) -> str:
    """Return the web address that *href* on the page *base* leads to; empty if on its site."""
    parts = parted(href, base)
    if parts is None or parts.netloc.lower() == urlsplit(base).netloc.lower():
        return ""
    url = parts.geturl()
    return url if len(url) <= LONGEST and url.isprintable() and " " not in url else ""


def parted(href: str | None, base: str) -> SplitResult | None:
    """Return the parts of an address of the web, None for any other."""
    try:
        parts = urlsplit(urljoin(base, (href or "").strip()[: 2 * LONGEST])) if href else None
        plain_host = parts is not None and parts.hostname and "@" not in parts.netloc
    except ValueError:
        return None
    return parts if parts and plain_host and parts.scheme in ("http", "https") else None


def links(tree: LexborHTMLParser, base: str) -> tuple[str, ...]:
    """Return the pages of the same site that the page links to, as they come.

    What frames every page of the site leads to imprints and logins, and to no company.
    """
    found: dict[str, None] = {}
    for node in tree.css("a[href]")[: 2 * MOST_LINKS]:
        attributes = node.attributes
        if "nofollow" in _rel(attributes) or len(found) >= MOST_LINKS or in_frame(node):
            continue
        if url := on_site(attributes.get("href"), base):
            found[url] = None
    return tuple(found)


def next_page(tree: LexborHTMLParser, base: str) -> str:
    """Return where the page's list goes on; empty if it does not say."""
    for node in tree.css("link[rel][href], a[rel][href]"):
        if "next" in _rel(node.attributes):
            return on_site(node.attributes.get("href"), base)
    for node in tree.css("a[href]")[: 2 * MOST_LINKS]:
        text = plain(node.text(), 40)
        if _is_next(node, text) and "nofollow" not in _rel(node.attributes):
            return on_site(node.attributes.get("href"), base)
    return ""


def canonical(tree: LexborHTMLParser, base: str) -> str:
    """Return the address that the page calls its own, on the same site; empty for none."""
    for node in tree.css("link[rel][href]"):
        if "canonical" in _rel(node.attributes):
            return on_site(node.attributes.get("href"), base)
    return ""


def in_frame(node: Node) -> bool:
    """True for what stands in the frame of a site: its header, footer or navigation."""
    above: Node | None = node
    while above is not None and above.tag != "body":
        if above.tag in _FRAME or names(above) & _FRAMES:
            return above.parent is None or above.parent.tag not in ("article", "li")
        above = above.parent
    return False


def _is_next(node: Node, text: str) -> bool:
    called = names(node) | (names(node.parent) if node.parent is not None else set())
    if called & {"next", "pagination-next", "next-page", "pager-next"}:
        return True
    return bool(re.search(r"[^\W\d_]", text)) and bool(_NEXT.fullmatch(text))


def _rel(attributes: dict[str, str | None]) -> set[str]:
    return set((attributes.get("rel") or "").lower().split())


def _meant_for_us(asks: str) -> str:
    agent, colon, said = asks.partition(":")
    name = agent.strip().lower()
    if not colon or "," in name or name in _VALUED:
        return asks
    return said if name in _AGENTS else ""
