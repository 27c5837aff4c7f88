"""The questions to a JSON API: an address with places for what is looked for. Pure.

`{latitude}`, `{longitude}`, `{radius_km}`, `{geographic_area}`, `{country}`, `{industry}`,
`{keywords}`, and of the paging `{page}`, `{offset}`, `{limit}` and `{cursor}`.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from services.discovery.criteria import Criteria

PLACES = (
    *("latitude", "longitude", "radius_km", "geographic_area", "country", "industry", "keywords"),
    *("page", "offset", "limit", "cursor"),
)
"""What may stand between braces."""

CIRCULAR = ("latitude", "longitude", "radius_km")

DEEPEST = 20
"""Of a body's template."""

_PLACE = re.compile(r"\{([^{}]*)\}")
_START = re.compile(r"https?://[^/?#\s{}]+(?:[/?]|$)", re.IGNORECASE)


def places(template: Any) -> frozenset[str]:
    """Return what stands between braces in *template*: a text, or JSON with texts in it."""
    return frozenset(name for text in _texts(template, 0) for name in _PLACE.findall(text))


def faulty(url: str) -> str | None:
    """Return what is wrong with the template *url*, or None."""
    if not _START.match(url):
        return "must begin with https:// and a host, which holds no {…}"
    unknown = places(url) - set(PLACES)
    return f"may hold {', '.join(f'{{{one}}}' for one in PLACES)} alone" if unknown else None


def said(criteria: Criteria) -> dict[str, str]:
    """Return what *criteria* put in each place, as texts; what they do not say is empty."""
    circle = criteria.circle
    return {
        "latitude": f"{circle.latitude:.6f}" if circle else "",
        "longitude": f"{circle.longitude:.6f}" if circle else "",
        "radius_km": f"{circle.radius_km:g}" if circle else "",
        "geographic_area": criteria.geographic_area,
        "country": criteria.country,
        "industry": criteria.industry,
        "keywords": " ".join(criteria.keywords),
    }


def filled_url(template: str, values: Mapping[str, str]) -> str:
    """Return *template* with *values* in their places, each escaped."""
    return _PLACE.sub(lambda found: quote(values.get(found[1], ""), safe=""), template)


def filled(template: Any, values: Mapping[str, str]) -> Any:
    """Return a body's *template*, JSON, with *values* in the places of its texts."""
    if isinstance(template, str):
        return _PLACE.sub(lambda found: values.get(found[1], found[0]), template)
    if isinstance(template, list):
        return [filled(one, values) for one in template]
    if isinstance(template, dict):
        return {name: filled(one, values) for name, one in template.items()}
    return template


def _texts(template: Any, depth: int) -> list[str]:
    """Return the texts in *template*. Raises ValueError if it nests too deep."""
    if depth > DEEPEST:
        raise ValueError("nests too deep")
    if isinstance(template, str):
        return [template]
    inner = template.values() if isinstance(template, dict) else template
    if not isinstance(template, dict | list):
        return []
    return [text for one in inner for text in _texts(one, depth + 1)]
