"""What a caller names, a place or an industry, or a refusal that helps to name it right."""

from math import pi, sqrt

from services.leads.filter import Circle, Region
from shared.errors import Meaningless
from shared.normalize.industry import Industry, industries
from shared.normalize.place import Found, Place, places

LEAST_TOWN_KM = 10.0
"""The least radius of a town: its leads stand at its middle, its suburbs' a few km away."""

PEOPLE_A_KM2 = 1500.0
"""Of a city with its suburbs; OECD and EU count as an urban centre what has as many."""

REGIONS = ("country", "admin1")
"""Kinds of place that are more than a circle."""


class UnknownPlace(Meaningless):
    """This is no place we know; see details for names like it."""


class UnknownIndustry(Meaningless):
    """This is no industry we know; try a plainer word or a NAICS code."""


def named_places(field: str, text: str, country: str, most: int = 5) -> Found:
    """Return the places that *text* in *field* may mean, at least one. Raises UnknownPlace."""
    found = places(text, country, most)
    if not found.places:
        details: dict[str, object] = {field: "is no place we know"}
        if found.nearest_names:
            details["nearest_names"] = list(found.nearest_names)
        raise UnknownPlace(details=details)
    return found


def named_industries(field: str, text: str, most: int = 5) -> tuple[Industry, ...]:
    """Return the industries that *text* in *field* may mean, at least one.

    Raises UnknownIndustry.
    """
    found = industries(text, most)
    if not found:
        raise UnknownIndustry(details={field: "is no industry we know"})
    return found


def area(place: Place, radius_km: float | None = None) -> Circle | Region:
    """Return what *place* stands for where leads "in" it are asked for; a region has no radius."""
    if place.kind == "country":
        return Region(place.country)
    if place.kind == "admin1":
        return Region(place.country, place.admin1)
    return Circle(place.latitude, place.longitude, radius_km or town_km(place))


def town_km(place: Place) -> float:
    """Return how far a town reaches from its middle, in km: as a circle of PEOPLE_A_KM2."""
    return max(LEAST_TOWN_KM, sqrt(place.population / PEOPLE_A_KM2 / pi))
