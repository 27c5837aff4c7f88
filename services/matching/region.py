"""Where a state, province or land lies, for leads of whom no more is known.

Pure; from the gazetteer. A region is taken as a circle, wide enough to hold nearly all of it.
"""

from functools import cache, lru_cache
from typing import NamedTuple

from shared.great_circle import distance_km
from shared.normalize.gazetteer import gazetteer

BEYOND_NEIGHBOUR = 1.75
"""How far a region reaches from its middle, by the way to the nearest middle of another of its
country: California 1.75 times the 350 km to Nevada's, which holds San Diego at 536."""

LEAST_KM, MOST_KM = 50.0, 1000.0
"""A city state; and regions that have no neighbour, or a far one."""


class Circle(NamedTuple):
    """A circle on the earth: degrees and km."""

    latitude: float
    longitude: float
    km: float


@lru_cache(4096)
def circle(country: str, admin1: str) -> Circle | None:
    """Return the circle around a region by ISO 3166-1 alpha-2 and its own code; None: unknown."""
    middles = _middles().get(country, {})
    if admin1 not in middles:
        return None
    here = middles[admin1]
    near = min(
        (distance_km(*here, *there) for code, there in middles.items() if code != admin1),
        default=MOST_KM,
    )
    return Circle(*here, min(max(BEYOND_NEIGHBOUR * near, LEAST_KM), MOST_KM))


@cache
def _middles() -> dict[str, dict[str, tuple[float, float]]]:
    atlas = gazetteer()
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for row in range(len(atlas.countries), atlas.first_city):
        place = atlas.place(row)
        if place.admin1:
            point = (place.latitude, place.longitude)
            found.setdefault(place.country, {})[place.admin1] = point
    return found
