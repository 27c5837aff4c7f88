"""Cells on Hilbert's curve, and circles covered by stretches of it."""

from itertools import pairwise
from math import asin, atan2, cos, degrees, pi, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.leads.cell import MOST_STRETCHES, ORDER, _along, cell, covering
from shared.great_circle import EARTH_RADIUS_KM, distance_km

latitudes = st.floats(-90, 90) | st.sampled_from([-90.0, 0.0, 89.99, 90.0])
longitudes = st.floats(-180, 180) | st.sampled_from([-180.0, 0.0, 179.999, 180.0])
radii = st.floats(1, 500)


def away(latitude, longitude, km, bearing):
    """Return the point that lies so many km away in a direction (radians from the north)."""
    north, angle = radians(latitude), km / EARTH_RADIUS_KM
    there = asin(
        max(-1.0, min(1.0, sin(north) * cos(angle) + cos(north) * sin(angle) * cos(bearing)))
    )
    across = atan2(sin(bearing) * sin(angle) * cos(north), cos(angle) - sin(north) * sin(there))
    return degrees(there), (longitude + degrees(across) + 540) % 360 - 180


@given(latitudes, longitudes)
def test_every_point_has_a_cell(latitude, longitude):
    assert 0 <= cell(latitude, longitude) < 4**ORDER


@pytest.mark.parametrize("level", [1, 2, 3, 6])
def test_the_curve_goes_from_square_to_neighbouring_square(level):
    side = range(1 << level)
    order = sorted((_along(level, east, north), east, north) for east in side for north in side)

    assert [at for at, _, _ in order] == list(range(4**level))
    assert all(abs(a[1] - b[1]) + abs(a[2] - b[2]) == 1 for a, b in pairwise(order))


@given(latitudes, longitudes, radii, st.floats(0, 1.2), st.floats(0, 2 * pi))
def test_no_point_within_the_radius_is_missed(latitude, longitude, radius_km, share, bearing):
    point = away(latitude, longitude, radius_km * share, bearing)
    apart, at = distance_km(latitude, longitude, *point), cell(*point)
    stretches = covering(latitude, longitude, radius_km)

    assert apart > radius_km or any(first <= at <= last for first, last, _ in stretches)


@given(latitudes, longitudes, radii, st.floats(0, 1.2), st.floats(0, 2 * pi))
def test_whatever_is_called_inside_is(latitude, longitude, radius_km, share, bearing):
    point = away(latitude, longitude, radius_km * share, bearing)
    at = cell(*point)
    stretches = covering(latitude, longitude, radius_km)

    if any(first <= at <= last and inside for first, last, inside in stretches):
        assert distance_km(latitude, longitude, *point) <= radius_km


@given(latitudes, longitudes, radii)
def test_a_circle_takes_few_stretches_that_do_not_overlap(latitude, longitude, radius_km):
    stretches = covering(latitude, longitude, radius_km)

    assert 1 <= len(stretches) <= MOST_STRETCHES
    assert all(one.last < other.first for one, other in pairwise(stretches))


def test_a_circle_across_the_date_line_reaches_both_sides():
    stretches = covering(-17.0, 179.9, 100.0)

    for longitude in (179.5, -179.5):
        at = cell(-17.0, longitude)
        assert any(first <= at <= last for first, last, _ in stretches)


def test_little_beside_the_circle_is_looked_at():
    """Twice the circle's area at most, so that few leads are measured in vain."""
    looked_at = sum(last - first + 1 for first, last, _ in covering(40.7, -74.0, 50.0))
    square_km = 40_030 / 2**ORDER * 20_015 / 2**ORDER * cos(radians(40.7))

    assert looked_at * square_km < 2 * pi * 50**2
