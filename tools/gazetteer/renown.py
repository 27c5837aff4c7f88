"""How well a city is known beyond what its people tell, from what GeoNames has of it.

People who write where they are mean Valencia in Spain, though Venezuela's has twice as many.
The weights are by judgement, tried on the namesakes of some hundred cities.
"""

from math import log10

NAMES_WEIGHT = 0.4
"""A city with ten times the names, in other languages and scripts, is meant as often as one of
two and a half times the people."""

CAPITAL = 0.5

AT_HOME = 0.3
"""What a city has more where English, Spanish, French, German, Italian or Dutch is at home:
most of those who fill in a form in these languages live there, and mean the town their
emigrants named others after."""

_HOMES_TEXT = "US CA GB IE AU NZ ES FR BE CH DE AT IT NL LU PT"
HOMES = frozenset(_HOMES_TEXT.split())

STEPS = 100
"""Renown is kept in hundredths of a power of ten, in one byte."""


def renown(names: int, capital: bool, country: str) -> int:
    """Return the renown of a city with so many other *names*, in [0, 255]."""
    known = NAMES_WEIGHT * log10(1 + names) + CAPITAL * capital + AT_HOME * (country in HOMES)
    return min(255, round(known * STEPS))
