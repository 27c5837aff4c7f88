"""Cells: places on a space-filling curve, so that an ordinary index finds what is near.

Hilbert's curve (1891) runs through a grid over latitude and longitude. What lies near each other
on it lies near each other on the ground, so a circle is covered by few stretches of the curve.
Distances are on the sphere of `shared/great_circle.py`.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from math import acos, asin, cos, degrees, log2, radians, sin
from typing import NamedTuple

from shared.great_circle import EARTH_RADIUS_KM

ORDER = 20
"""Bits of each coordinate: squares of 38 m from west to east at the equator, 19 m from south to
north; towns are known to some hundred metres."""

MOST_SQUARES = 256
"""Squares looked at for one circle: 0.3 ms, and a rim of a tenth of the radius."""

MOST_ROWS = 32
"""Rows of squares, from which on to look for few squares."""

MOST_STRETCHES = 32
"""Stretches that cover a circle: each is one descent in an index, some 5 microseconds."""

MOST_REMEMBERED = 256
"""Circles whose stretches are kept in memory, 10 kB each: the next page asks for the same."""

SLACK_KM = 1e-6
"""A millimetre, for what floating point may be wrong by."""


class Stretch(NamedTuple):
    """One stretch of the curve, both ends included."""

    first: int
    last: int
    inside: bool
    """True if all of it lies within the circle, so that no distance need be looked at."""


def cell(latitude: float, longitude: float) -> int:
    """Return where a point lies on the curve, from 0 to 4 ** ORDER - 1; degrees."""
    return _along(ORDER, _column(longitude, ORDER) % (1 << ORDER), _row(latitude, ORDER))


@lru_cache(MOST_REMEMBERED)
def covering(latitude: float, longitude: float, radius_km: float) -> tuple[Stretch, ...]:
    """Return stretches that hold every point within *radius_km* of a point, in order.

    At most MOST_STRETCHES; the radius is at most a quarter of the way around the earth.
    """
    level, rows = _fine_enough(latitude, longitude, radius_km)
    finer, side = 2 * (ORDER - level), 1 << level
    squares = []
    for row, columns, inner in rows:
        for column in columns:
            at = _along(level, column % side, row)
            squares.append(Stretch(at << finer, (at + 1 << finer) - 1, column in inner))
    return tuple(_joined(sorted(squares)))


def _fine_enough(
    latitude: float, longitude: float, radius_km: float
) -> tuple[int, list[tuple[int, range, range]]]:
    """Return the finest level at which a circle touches few squares, and `_rows` there."""
    across = 2 * degrees(radius_km / EARTH_RADIUS_KM)
    level = min(ORDER, int(log2(MOST_ROWS * 180.0 / across)))
    while True:
        rows = list(_rows(level, latitude, longitude, radius_km))
        if sum(len(columns) for _, columns, _ in rows) <= MOST_SQUARES:
            return level, rows
        level -= 1


def _rows(
    level: int, latitude: float, longitude: float, radius_km: float
) -> Iterator[tuple[int, range, range]]:
    """Yield each row of squares that a circle touches, from the south, and its columns there.

    First those that it touches, then those that lie wholly within it.
    """
    reach = (radius_km + SLACK_KM) / EARTH_RADIUS_KM
    high = 180.0 / (1 << level)
    off = degrees(reach)
    for row in range(_row(latitude - off, level), _row(latitude + off, level) + 1):
        south, north = row * high - 90.0, (row + 1) * high - 90.0
        widest = _half_width(latitude, min(north, max(south, _tangent(latitude, reach))), reach)
        inner = (radius_km - SLACK_KM) / EARTH_RADIUS_KM
        narrowest = min(_half_width(latitude, edge, inner) for edge in (south, north))
        yield row, _columns(longitude, widest, level), _within(longitude, narrowest, level)


def _half_width(latitude: float, parallel: float, reach: float) -> float:
    """Return how far, in degrees, a circle reaches to either side on a *parallel*; -1: nowhere."""
    middle, there = radians(latitude), radians(parallel)
    across = cos(middle) * cos(there)
    if across < 1e-12:  # a pole: every meridian is there
        return 180.0 if abs(middle - there) <= reach else -1.0
    part = (cos(reach) - sin(middle) * sin(there)) / across
    if part > 1.0:
        return -1.0
    return degrees(acos(max(-1.0, part)))


def _tangent(latitude: float, reach: float) -> float:
    """Return the parallel, in degrees, on which a circle is widest; a pole within it counts."""
    rising = sin(radians(latitude)) / cos(reach)
    return degrees(asin(max(-1.0, min(1.0, rising))))


def _columns(longitude: float, half_width: float, level: int) -> range:
    side = 1 << level
    if half_width < 0:
        # The row's edge lies on the circle: one square, as floating point may have it.
        half_width = 0.0
    west, east = (_column(longitude + off, level) for off in (-half_width, half_width))
    return range(west, west + side) if east - west >= side else range(west, east + 1)


def _within(longitude: float, half_width: float, level: int) -> range:
    if half_width < 0:
        return range(0)
    if half_width >= 180.0:
        west = _column(longitude - 180.0, level)
        return range(west, west + (1 << level) + 1)
    west, east = (_column(longitude + off, level) for off in (-half_width, half_width))
    return range(west + 1, east)


def _column(longitude: float, level: int) -> int:
    """Return the column of a longitude; less than 0 or beyond the last across the date line."""
    return int((longitude + 180.0) / 360.0 * (1 << level) // 1)


def _row(latitude: float, level: int) -> int:
    """Return the row of a latitude; what lies beyond a pole is in its row."""
    side = 1 << level
    return min(side - 1, max(0, int((latitude + 90.0) / 180.0 * side)))


def _along(level: int, column: int, row: int) -> int:
    """Return how far along a curve of 4 ** *level* squares a square lies."""
    at, turn = 0, 0
    for bit in range(level - 1, -1, -1):
        step, turn = _STEPS[turn][(column >> bit & 1) << 1 | (row >> bit & 1)]
        at = at << 2 | step
    return at


def _joined(squares: list[Stretch]) -> list[Stretch]:
    """Return *squares* as stretches, at most MOST_STRETCHES: the shortest gaps are covered too."""
    found: list[Stretch] = []
    for square in squares:
        if found and found[-1].last + 1 == square.first and found[-1].inside == square.inside:
            found[-1] = found[-1]._replace(last=square.last)
        else:
            found.append(square)
    gaps = sorted(range(1, len(found)), key=lambda n: found[n - 1].last - found[n].first)
    begins = [0, *sorted(gaps[: MOST_STRETCHES - 1]), len(found)]
    return [_together(found[a:b]) for a, b in pairwise(begins) if a < b]


def _together(stretches: list[Stretch]) -> Stretch:
    if len(stretches) == 1:
        return stretches[0]
    return Stretch(stretches[0].first, stretches[-1].last, False)


_STEPS = (
    # By the curve's turn and the quadrant (south-west, north-west, south-east, north-east):
    # which step of the curve passes there, and its turn inside.
    ((0, 1), (1, 0), (3, 3), (2, 0)),
    ((0, 0), (3, 2), (1, 1), (2, 1)),
    ((2, 2), (3, 1), (1, 2), (0, 3)),
    ((2, 3), (1, 3), (3, 0), (0, 2)),
)
"""The four turns of Hilbert's curve."""
