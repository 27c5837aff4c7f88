"""An element of OpenStreetMap as a lead's fields. Pure.

Source: wiki.openstreetmap.org, keys `contact:*`, `addr:*`, `brand`, `operator`. What is about no
contact, opening hours say, is not read.
"""

from collections.abc import Mapping
from typing import Any

from services.discovery.sources.map_tags import trade_of

NUMBER_FIRST = frozenset(("US", "CA", "GB", "IE", "AU", "NZ", "FR", "LU", "IN", "ZA", "PH", "SG"))
"""Countries that write the house number before the street."""

KINDS = ("node", "way", "relation")

MOST_TAGS = 200
"""Of one element that are read."""

MOST_VALUES = 5
"""Addresses or numbers of one element; several stand between semicolons."""


def key(element: Any) -> str:
    """Return what the map calls *element*, as `node/123`; empty for what is none."""
    kind, number = (element.get("type"), element.get("id")) if isinstance(element, dict) else (0, 0)
    fit = kind in KINDS and isinstance(number, int) and not isinstance(number, bool)
    return f"{kind}/{number}" if fit else ""


def fields(element: Mapping[str, Any], country: str) -> dict[str, str]:
    """Return what *element* says by `shared.lead_fields.FIELDS`; *country* is the area's."""
    said = _tags(element)
    emails, phones = _reached(said, "email"), _reached(said, "phone", "mobile")
    return {
        "company": _first(said, "name", "official_name", "brand", "operator"),
        "website": _first(said, "contact:website", "website", "contact:url", "url"),
        "email": emails[0] if emails else "",
        "other_email": "; ".join(emails[1:]),
        "phone": phones[0] if phones else "",
        "other_phone": "; ".join(phones[1:]),
        "industry": trade_of(said),
        **_address(said, country),
        "location": "" if said.get("addr:city") else _point(element),
    }


def _address(said: Mapping[str, str], country: str) -> dict[str, str]:
    home = said.get("addr:country", country)
    street = _first(said, "addr:street", "addr:place")
    parts = [street, said.get("addr:housenumber", "")]
    ordered = reversed(parts) if home.upper() in NUMBER_FIRST else parts
    return {
        "street": " ".join(filter(None, ordered)) if street else "",
        "city": said.get("addr:city", ""),
        "state": _first(said, "addr:state", "addr:province"),
        "postal_code": said.get("addr:postcode", ""),
        "country": home,
    }


def _tags(element: Mapping[str, Any]) -> dict[str, str]:
    tags = element.get("tags")
    items = list(tags.items())[:MOST_TAGS] if isinstance(tags, dict) else []
    return {name: value.strip() for name, value in items if isinstance(value, str)}


def _reached(said: Mapping[str, str], *names: str) -> list[str]:
    """Return the values of the first of *names* in each spelling, apart and each once."""
    written = [said.get(f"{before}{name}", "") for name in names for before in ("contact:", "")]
    apart = (one.strip() for text in written for one in text.split(";"))
    return list(dict.fromkeys(filter(None, apart)))[:MOST_VALUES]


def _first(said: Mapping[str, str], *names: str) -> str:
    return next((said[name] for name in names if said.get(name)), "")


def _point(element: Mapping[str, Any]) -> str:
    """Return where it is in degrees: its own point, or the middle of a way or relation."""
    middle = element.get("center")
    at = middle if isinstance(middle, dict) else element
    latitude, longitude = at.get("lat"), at.get("lon")
    if isinstance(latitude, int | float) and isinstance(longitude, int | float):
        return f"{latitude:.5f}, {longitude:.5f}"
    return ""
