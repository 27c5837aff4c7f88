"""The organisations that a page's structured data describes, in schema.org's words. Pure."""

import html
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

from shared.pages.page import Address, ContactPoint, Organisation
from shared.pages.parsing.structured_data import Item, types, values
from shared.pages.parsing.tree import plain

MOST = 20
"""Organisations of a page, and contact points of each."""

LONGEST = 300
"""Characters of one value."""

_ORGANISATIONS = frozenset((
    "Organization", "Corporation", "LocalBusiness", "Company", "Store", "OnlineStore",
    "OnlineBusiness", "ProfessionalService", "FinancialService", "BankOrCreditUnion", "NGO",
    "GovernmentOrganization", "EducationalOrganization", "NewsMediaOrganization", "Restaurant",
))  # fmt: skip

_OTHERS = frozenset((
    "Person", "Place", "Event", "PostalAddress", "ContactPoint", "JobPosting", "Product",
    "Offer", "WebSite", "WebPage", "Article", "BreadcrumbList", "ListItem", "Review", "Service",
))  # fmt: skip
"""Types with properties of the same names that are no organisation."""

_SIGNS = ("legalName", "vatID", "taxID", "contactPoint", "address", "telephone")
"""Schema.org knows 150 kinds of local business: one is known by a name and one of these."""


def organisations(items: Sequence[Item], base: str) -> tuple[Organisation, ...]:
    """Return the organisations among *items*; *base* is the address of the page."""
    named = {
        item["@id"]: item for item in items if isinstance(item.get("@id"), str) and len(item) > 1
    }
    found: dict[str, Organisation] = {}
    for item in items:
        name = _text(item, "name") or _text(item, "legalName")
        if not name or not is_organisation(item):
            continue
        one = organisation(name, item, named, base)
        known = found.get(name.casefold())
        if known or len(found) < MOST:
            found[name.casefold()] = _merged(known, one) if known else one
    return tuple(found.values())


def links(items: Sequence[Item]) -> Iterator[str]:
    """Yield the addresses under which the organisations among *items* are found elsewhere."""
    for item in items:
        if is_organisation(item):
            yield from (link for link in values(item, "sameAs") if isinstance(link, str))


def is_organisation(item: Item) -> bool:
    """True for a thing that is an organisation by its type or by what is said of it."""
    kinds = types(item)
    if kinds & _ORGANISATIONS:
        return True
    return bool(kinds) and not kinds & _OTHERS and any(sign in item for sign in _SIGNS)


def organisation(name: str, item: Item, named: dict[str, Item], base: str) -> Organisation:
    """Return *item* as an organisation called *name*; *named* are the page's things by `@id`."""
    points = [_point(one) for one in _things(item, "contactPoint", named)]
    own = ContactPoint("", _email(item), _text(item, "telephone"))
    reachable = [point for point in (own, *points) if point.email or point.phone]
    address = next((_address(one) for one in _things(item, "address", named)), Address())
    street = _text(item, "address")
    return Organisation(
        name,
        _url(_text(item, "url"), base),
        address if address != Address() else Address(street) if street else None,
        tuple(dict.fromkeys(reachable))[:MOST],
    )


def _merged(known: Organisation, other: Organisation) -> Organisation:
    """Return one organisation for two descriptions under one name; the first one's words win."""
    return Organisation(
        known.name,
        known.url or other.url,
        known.address or other.address,
        tuple(dict.fromkeys((*known.contact_points, *other.contact_points)))[:MOST],
    )


def _point(item: Item) -> ContactPoint:
    return ContactPoint(_text(item, "contactType"), _email(item), _text(item, "telephone"))


def _address(item: Item) -> Address:
    country = next((_text(one, "name") for one in _things(item, "addressCountry", {})), "")
    return Address(
        _text(item, "streetAddress"),
        _text(item, "addressLocality"),
        _text(item, "addressRegion"),
        _text(item, "postalCode"),
        country or _text(item, "addressCountry"),
    )


def _things(item: Item, name: str, named: dict[str, Item]) -> list[Item]:
    """Return the objects that are values of a property; a bare `@id` stands for what it names."""
    found = [value for value in values(item, name)[:MOST] if isinstance(value, dict)]
    return [named.get(str(one.get("@id")), one) if len(one) == 1 else one for one in found]


def _email(item: Item) -> str:
    return _text(item, "email").removeprefix("mailto:")


def _text(item: Item, name: str) -> str:
    """Return the first value of a property that is a text; what says its language says `@value`."""
    for value in values(item, name):
        said: Any = value.get("@value") if isinstance(value, dict) else value
        if isinstance(said, (str, int)) and not isinstance(said, bool):
            return plain(html.unescape(str(said)[: LONGEST * 8]), LONGEST)
    return ""


def _url(text: str, base: str) -> str:
    try:
        url = urljoin(base, text) if text else ""
        return url if urlsplit(url).scheme in ("http", "https") else ""
    except ValueError:
        return ""
