"""Companies on cards, in lists and in tables without structured data: a name beside a way to write
or to call. Pure.

A card is the innermost row, list item, article or so-called card that shows an address or number;
what frames every page of the site (header, footer, navigation) is none.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from shared.pages.page import Contacts
from shared.pages.parsing.contacts import at_platform, contacts
from shared.pages.parsing.links import in_frame, off_site, on_site
from shared.pages.parsing.tree import Node, plain, seen_text
from shared.pages.survey import Company

MOST = 3000
"""Elements of a page that are looked at."""

LONGEST_CARD = 3000
"""Characters of a card; what is longer is a list of them, or an article."""

LONGEST = 200
"""Characters of one value."""

_CARDS = (
    "tr, li, article, [class*=card], [class*=listing], [class*=result], [class*=company],"
    "[class*=business], [class*=entry], [class*=member], [class*=item], [class*=vendor]"
)
_NAMES = (
    "[itemprop=name], [class*=name], [class*=title]", "h1, h2, h3, h4, h5, h6", "th",
    "strong, b", "dt", "a[href]", "td",
)  # fmt: skip
"""Where a card's name stands, the surest place first."""

_NO_NAME = re.compile(
    r"[\d\s()+./-]*|[^@]*@[^@]*|https?:.*|www\..*|contact(?: us)?|kontakt|contacto?|about(?: us)?"
    r"|impressum|imprint|legal notice|privacy(?: policy)?|datenschutz|help|log ?in|details?"
    r"|sign ?in|(?:e-?)?mail|phone|telephone|call(?: us)?|web ?site|more(?: info)?|name|company",
    re.IGNORECASE,
)
"""What is no company's name: numbers, addresses, and the titles of other pages and columns."""

_NO_SITE = re.compile(r"(?:^|\.)(?:google|goo|openstreetmap|bing|apple)\.", re.IGNORECASE)
"""Hosts of maps."""


def cards(tree: LexborHTMLParser, base: str) -> Iterator[Company]:
    """Yield the companies on the cards of the page *tree* at *base*, as they come."""
    found: list[tuple[Node, Contacts]] = []
    around: set[int] = set()
    for node in reversed(tree.css(_CARDS)[:MOST]):
        if node.mem_id in around or in_frame(node):
            continue
        text = seen_text(node)
        reached = contacts(node, text) if len(text) <= LONGEST_CARD else Contacts()
        if reached.emails or reached.phones:
            found.append((node, reached))
            around |= set(_above(node))
    for node, reached in reversed(found):
        if name := _name(node):
            yield _company(name, node, reached, base)


def on_its_own(tree: LexborHTMLParser, base: str) -> Company | None:
    """Return the company that a page with one heading and a way to reach it is about."""
    headings = [node for node in tree.css("h1") if not in_frame(node)]
    links = [
        node for node in tree.css('a[href^="mailto:" i], a[href^="tel:" i]') if not in_frame(node)
    ]
    if len(headings) != 1 or not links or len(links) > _MOST_LINKS:
        return None
    name, holder = plain(headings[0].text(separator=" "), LONGEST), _main(tree)
    hrefs = [link.attributes.get("href") or "" for link in links]
    if holder is None or not name or _NO_NAME.fullmatch(name):
        return None
    return _company(name, holder, _reached(hrefs), base, page="")


def _reached(hrefs: list[str]) -> Contacts:
    links = "".join(f'<a href="{_escaped(href)}"></a>' for href in hrefs)
    return contacts(LexborHTMLParser(links), "")


def _escaped(href: str) -> str:
    return href.replace("&", "&amp;").replace('"', "&quot;")


def _company(
    name: str, node: Node, reached: Contacts, base: str, page: str | None = None
) -> Company:
    hrefs = [link.attributes.get("href") for link in node.css("a[href]")]
    sites = [url for href in hrefs if (url := off_site(href, base)) and _is_a_site(url)]
    details = [url for href in hrefs if (url := on_site(href, base)) and url != base]
    return Company(
        name=name,
        website=sites[0] if sites else "",
        email=next(iter(reached.emails), ""),
        phone=next(iter(reached.phones), ""),
        location=_address(node),
        page=(details[0] if details else "") if page is None else page,
    )


def _name(node: Node) -> str:
    for selector in _NAMES:
        for found in node.css(selector):
            text = plain(found.text(separator=" "), LONGEST)
            if len(text) > 1 and not _NO_NAME.fullmatch(text):
                return text
    return ""


def _address(node: Node) -> str:
    found = node.css_first("address, [class*=address], [class*=location]")
    return plain(found.text(separator=" "), LONGEST) if found is not None else ""


def _is_a_site(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return not at_platform(host) and not _NO_SITE.search(host)


def _main(tree: LexborHTMLParser) -> Node | None:
    return tree.css_first("main") or tree.css_first("article") or tree.body


def _above(node: Node) -> Iterator[int]:
    above = node.parent
    while above is not None:
        yield above.mem_id
        above = above.parent


_MOST_LINKS = 6
"""Addresses and numbers of a page about one company; more are a list."""
