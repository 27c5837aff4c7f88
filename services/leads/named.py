"""What a caller names, a place or an industry, or a refusal that helps to name it right."""

from services.leads.filter import Circle, Region
from shared.errors import Meaningless
from shared.normalize.industry import Industry, industries
from shared.normalize.place import Found, Place, places
from shared.normalize.town import reach_km

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
    return Circle(place.latitude, place.longitude, radius_km or reach_km(place))
