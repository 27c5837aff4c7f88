"""What is expected of a table before it says anything: shares of levels by judgement.

Practice of record linkage, in round figures: a cell is right in three of four records of one thing
(`levels` has those shares), and two things share a telephone number once in a hundred pairs of a
short list. They count as so many pairs beside those of the table. A table of hundreds of rows
outvotes them; one of ten rows says nothing but them, for there a chance looks like a rule.
"""

import numpy as np
from numpy.typing import NDArray

from services.dedup.tables.kinds import Kind
from services.dedup.tables.levels import Scale

Shares = NDArray[np.float64]
"""By state (what it follows from agrees: 1, else 0) and level."""

CHANCE: dict[Kind, tuple[float, ...]] = {
    Kind.GIVEN: (0.01, 0.01, 0.03, 0.05, 0.90),
    Kind.FAMILY: (0.01, 0.01, 0.03, 0.05, 0.90),
    Kind.PERSON: (0.01, 0.01, 0.02, 0.02, 0.06, 0.10, 0.01, 0.77),
    Kind.ORGANISATION: (0.01, 0.01, 0.03, 0.03, 0.07, 0.15, 0.02, 0.68),
    Kind.TEXT: (0.03, 0.01, 0.05, 0.05, 0.10, 0.14, 0.05, 0.57),
    Kind.STREET: (0.05, 0.01, 0.04, 0.05, 0.20, 0.65),
    Kind.LOCALITY: (0.25, 0.01, 0.02, 0.02, 0.10, 0.60),
    Kind.REGION: (0.40, 0.02, 0.03, 0.02, 0.03, 0.50),
    Kind.CATEGORY: (0.30, 0.01, 0.04, 0.05, 0.10, 0.50),
    Kind.NUMBER: (0.04, 0.30, 0.36, 0.30),
    Kind.POSTCODE: (0.10, 0.20, 0.20, 0.50),
    Kind.CODE: (0.01, 0.05, 0.14, 0.80),
    Kind.PHONE: (0.01, 0.02, 0.03, 0.14, 0.80),
    Kind.DATE: (0.005, 0.01, 0.01, 0.05, 0.05, 0.30, 0.575),
    Kind.EMAIL: (0.005, 0.005, 0.01, 0.02, 0.16, 0.80),
}
"""How often two things agree at each level, in a list of neighbours rather than of a country."""

FOLLOWING = {Kind.REGION: 0.95, Kind.LOCALITY: 0.9, Kind.EMAIL: 0.02}
"""How often they agree where what the kind follows from agrees: the share of the first level."""

PAIRS = 50.0
"""Pairs of two things that these shares count as: one chance agreement in a hundred is then the
half pair that a value never seen twice in a large table is taken for."""

PAIRS_OF_PLACES = 10.0
"""The same where lists differ most: all of one street, or none."""

VARIES = {
    *(Kind.STREET, Kind.NUMBER, Kind.POSTCODE, Kind.LOCALITY, Kind.REGION),
    *(Kind.CATEGORY, Kind.TEXT),
}
"""Kinds in which they do."""

EXCHANGED = 0.02, 0.005
"""Share of values under the wrong heading, among pairs of one thing and of two."""


def of_one(scale: Scale, size: int) -> NDArray[np.float64]:
    """Return the shares of *size* levels among pairs of one thing."""
    return _shares(scale.usual, size, EXCHANGED[0])


def of_two(kind: Kind, size: int) -> Shares:
    """Return how many pairs of two things are expected at each of *size* levels, by state."""
    free = _shares(CHANCE[kind], size, EXCHANGED[1])
    following = free.copy()
    if kind in FOLLOWING:
        same = FOLLOWING[kind]
        following *= (1 - same) / (1 - free[0])
        following[0] = same
    return np.vstack((free, following)) * (PAIRS_OF_PLACES if kind in VARIES else PAIRS)


def _shares(shares: tuple[float, ...], size: int, exchanged: float) -> NDArray[np.float64]:
    found = np.array(shares) / sum(shares)
    if len(found) < size:  # the last level of all: exchanged
        found = np.append(found * (1 - exchanged), exchanged)
    return found
