"""How far a town reaches: where what lies in it is asked for, though it is known by its middle.

Pure.
"""

from math import pi, sqrt

from shared.normalize.place import Place

LEAST_KM = 10.0
"""The least reach: what is in a town stands at its middle, its suburbs' a few km away."""

PEOPLE_A_KM2 = 1500.0
"""Of a city with its suburbs; OECD and EU count as an urban centre what has as many."""


def reach_km(place: Place) -> float:
    """Return how far a town reaches from its middle, in km: as a circle of PEOPLE_A_KM2."""
    return max(LEAST_KM, sqrt(place.population / PEOPLE_A_KM2 / pi))
