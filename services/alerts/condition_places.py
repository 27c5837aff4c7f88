"""Where conditions say that a lead is: towns, regions, countries and circles, looked up.

Pure. A place is looked up once, where the rule is made: what it means does not change with a better
gazetteer, and its owner sees at once which Austin was meant.
"""

from collections.abc import Mapping
from typing import Any

from services.alerts.condition_values import Fault, at, no_others, number, text
from shared.normalize.place import Place, places
from shared.normalize.town import reach_km

Leaf = dict[str, Any]

RADII_KM = (1.0, 500.0)
"""The least and the greatest radius, in kilometres (contract, section 3)."""

RADIUS_KM = 50.0
"""Where nobody says (contract, section 3)."""


def location(value: Any, country: str) -> Leaf:
    """Return the leaf that the lead is in a town, a region or a country, as *value* names it."""
    return _inside(_place(value, country))


def region(value: Any, country: str) -> Leaf:
    """Return the leaf that the lead is in a region, or a country."""
    said = text(value)
    for place in places(said, country).places:
        if place.kind == "admin1":
            return _inside(place)
    raise Fault("is no region we know" + _near_names(said, country), is_meaning=True)


def near(value: Any, country: str) -> Leaf:
    """Return the leaf that the lead is within `radius_km` of `place`, a text or an object."""
    said = value if isinstance(value, Mapping) else {"place": value}
    no_others(said, ("place", "radius_km"))
    radius = RADIUS_KM
    if said.get("radius_km") is not None:
        radius = at(".radius_km", number, said["radius_km"], *RADII_KM)
    return _circle(at(".place", _town, said.get("place"), country), radius)


def _town(value: Any, country: str) -> Place:
    place = _place(value, country)
    if place.kind in ("country", "admin1"):
        raise Fault("is no town; name a region or a country under location", is_meaning=True)
    return place


def _place(value: Any, country: str) -> Place:
    said = text(value)
    found = places(said, country, 1).places
    if not found:
        raise Fault("is no place we know" + _near_names(said, country), is_meaning=True)
    return found[0]


def _near_names(said: str, country: str) -> str:
    names = places(said, country, 1).nearest_names
    return f"; did you mean {' or '.join(names[:3])}?" if names else ""


def _inside(place: Place) -> Leaf:
    if place.kind == "country":
        return {"is": "area", "name": place.name, "country": place.country, "admin1": None}
    if place.kind == "admin1":
        name = f"{place.name}, {place.country}"
        return {"is": "area", "name": name, "country": place.country, "admin1": place.admin1}
    return _circle(place, reach_km(place))


def _circle(place: Place, radius_km: float) -> Leaf:
    where = ", ".join(part for part in (place.name, place.admin1, place.country) if part)
    return {
        "is": "near",
        "name": where,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "radius_km": round(radius_km, 1),
    }
