"""Distance along the surface of the earth, taken as a sphere."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088
"""Mean radius in km (WGS 84, Moritz 1980). A sphere is within 0.6 % of the ellipsoid."""


def distance_km(
    latitude_a: float, longitude_a: float, latitude_b: float, longitude_b: float
) -> float:
    """Return the great-circle distance of two points in km, 0 to half the circumference.

    Degrees, north and east positive. The haversine formula, exact for near points too.
    """
    north_a, north_b = radians(latitude_a), radians(latitude_b)
    across = sin((north_b - north_a) / 2)
    along = sin(radians(longitude_b - longitude_a) / 2)
    half_chord = across * across + cos(north_a) * cos(north_b) * along * along
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, half_chord)))
