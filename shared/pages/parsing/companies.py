"""The companies that a page of a directory names: structured data, h-cards, then cards and tables.

The first of these that names any speaks for the page. Whoever publishes the directory is none of
them. Pure; sources: schema.org (LocalBusiness, ItemList), microformats.org (h-card, hCard 1.0).
"""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from shared.pages.page import Address
from shared.pages.parsing.cards import cards, on_its_own
from shared.pages.parsing.contacts import at_platform
from shared.pages.parsing.links import off_site, on_site
from shared.pages.parsing.organisations import is_organisation, organisation
from shared.pages.parsing.structured_data import Item, types, values
from shared.pages.parsing.tree import Node, plain
from shared.pages.survey import MOST_COMPANIES, Company

LONGEST = 200
"""Characters of one value."""

_OF_THE_PAGE = (
    "publisher", "author", "creator", "provider", "copyrightHolder", "sourceOrganization",
    "isPartOf", "parentOrganization", "memberOf", "hiringOrganization", "reviewedBy", "brand",
)  # fmt: skip
"""Properties whose organisations publish the page, or are behind what it describes."""

_GENERAL = frozenset((
    "Organization", "Corporation", "LocalBusiness", "Company", "Store", "OnlineBusiness", "Place",
    "Thing", "ProfessionalService",
))  # fmt: skip
"""Types that tell no trade."""

_WORDS = re.compile("(?<=[a-z])(?=[A-Z])")


def companies(tree: LexborHTMLParser, items: Sequence[Item], base: str) -> tuple[Company, ...]:
    """Return the companies that *tree*, the page at *base*, names; *items* is its data."""
    for kind in (_structured(items, base), _hcards(tree, base), cards(tree, base)):
        found = {one: None for one, _ in zip(kind, range(MOST_COMPANIES), strict=False)}
        if found:
            return tuple(found)
    alone = on_its_own(tree, base)
    return (alone,) if alone else ()


def listed(items: Sequence[Item], base: str) -> Iterator[str]:
    """Yield the pages of the same site that the page's ItemLists name."""
    for item in items:
        if "ListItem" in types(item):
            for value in (*values(item, "url"), *values(item, "item")):
                href = value.get("url") or value.get("@id") if isinstance(value, dict) else value
                if isinstance(href, str) and (url := on_site(href, base)):
                    yield url


def _structured(items: Sequence[Item], base: str) -> Iterator[Company]:
    named = {one["@id"]: one for one in items if isinstance(one.get("@id"), str) and len(one) > 1}
    behind = _behind(items)
    for item in items:
        name = _name(item)
        unfit = id(item) in behind or item.get("@id") in behind or not is_organisation(item)
        if not unfit and name and not _is_publisher(item, base):
            yield _company(name, item, named, base)


def _behind(items: Sequence[Item]) -> set[object]:
    """Return the identities of things, and their `@id`s, that stand behind a page."""
    found: set[object] = set()
    for item in items:
        for value in (value for name in _OF_THE_PAGE for value in values(item, name)):
            if isinstance(value, dict):
                found |= {id(value), value["@id"]} if _has_id(value) else {id(value)}
    return found


def _has_id(value: Item) -> bool:
    return isinstance(value.get("@id"), str)


def _is_publisher(item: Item, base: str) -> bool:
    """True for an organisation whose own address is the start page of this very site."""
    for url in values(item, "url"):
        here = on_site(url, base) if isinstance(url, str) else ""
        if here and urlsplit(here).path == "/" and not urlsplit(here).query:
            return True
    return False


def _company(name: str, item: Item, named: dict[str, Item], base: str) -> Company:
    one = organisation(name, item, named, base)
    address = one.address or Address()
    alone = address == Address(address.street)
    return Company(
        name=name,
        website=_website(one.url, base),
        email=next((point.email for point in one.contact_points if point.email), ""),
        phone=next((point.phone for point in one.contact_points if point.phone), ""),
        street="" if alone else address.street,
        city=address.locality,
        region=address.region,
        postal_code=address.postal_code,
        country=address.country,
        location=address.street if alone else "",
        industry=_trade(item),
        page=on_site(one.url, base) if one.url else "",
    )


def _name(item: Item) -> str:
    for value in (*values(item, "name"), *values(item, "legalName")):
        said = value.get("@value") if isinstance(value, dict) else value
        if isinstance(said, str) and plain(said, LONGEST):
            return plain(said, LONGEST)
    return ""


def _trade(item: Item) -> str:
    """Return the trade that the type of *item* names, as `hair salon`."""
    telling = sorted(types(item) - _GENERAL)
    return plain(_WORDS.sub(" ", telling[0]).lower(), 60) if telling else ""


def _website(url: str, base: str) -> str:
    found = off_site(url, base)
    return "" if not found or at_platform(urlsplit(found).hostname or "") else found


# h-cards -----------------------------------------------------------------------------------------


def _hcards(tree: LexborHTMLParser, base: str) -> Iterator[Company]:
    for node in tree.css(".h-card, .vcard")[: 2 * MOST_COMPANIES]:
        said = {field: _first(node, selector) for field, selector in _CLASSES}
        name = said.pop("org") or said["name"]
        email, phone = _link(node, ".u-email, a.email"), _link(node, "a.p-tel, a.tel")
        if name and (_is_company(node) or email or phone or said["email"] or said["phone"]):
            url = _href(node, ".u-url, a.url")
            said |= {"name": name, "email": email or said["email"], "phone": phone or said["phone"]}
            yield Company(website=_website(url, base), page=on_site(url, base), **said)


def _is_company(node: Node) -> bool:
    return node.css_first(".p-org, .org, .p-adr, .adr, .h-adr") is not None


def _first(node: Node, selector: str) -> str:
    found = node.css_first(selector)
    if found is None:
        return ""
    attributes = found.attributes
    said = attributes.get("value") or attributes.get("title") if found.tag in _VALUED else None
    return plain(said or found.text(separator=" "), LONGEST)


def _href(node: Node, selector: str) -> str:
    found = node.css_first(selector)
    return (found.attributes.get("href") or "") if found is not None else ""


def _link(node: Node, selector: str) -> str:
    """Return what a mailto: or tel: link reaches."""
    scheme, _, rest = _href(node, selector).partition(":")
    reached = rest.partition("?")[0].strip()
    return plain(reached, LONGEST) if scheme.lower() in ("mailto", "tel") else ""


_VALUED = ("data", "abbr")
"""Elements whose value is not their text (microformats2 parsing)."""

_CLASSES = (
    ("name", ".p-name, .fn"),
    ("org", ".p-org, .org"),
    ("email", ".u-email, .email"),
    ("phone", ".p-tel, .tel"),
    ("street", ".p-street-address, .street-address"),
    ("city", ".p-locality, .locality"),
    ("region", ".p-region, .region"),
    ("postal_code", ".p-postal-code, .postal-code"),
    ("country", ".p-country-name, .country-name"),
    ("industry", ".p-category, .category"),
)
"""Fields, and the classes of microformats2 and of hCard 1.0 that hold them."""
