import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.great_circle import EARTH_RADIUS_KM, distance_km

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)
points = st.tuples(latitudes, longitudes)

HALF_WAY_ROUND_KM = 3.14159266 * EARTH_RADIUS_KM


def test_london_is_344_km_from_paris():
    assert distance_km(51.5074, -0.1278, 48.8566, 2.3522) == pytest.approx(343.6, abs=0.5)


def test_a_degree_of_longitude_shrinks_towards_the_pole():
    assert distance_km(60, 0, 60, 1) == pytest.approx(distance_km(0, 0, 0, 1) / 2, rel=1e-3)


def test_the_date_line_is_no_border():
    assert distance_km(0, 179.9, 0, -179.9) == pytest.approx(22.2, abs=0.1)


@settings(deadline=None)
@given(points, points)
def test_distance_is_symmetric_and_at_most_half_way_round(a, b):
    there = distance_km(*a, *b)

    assert there == distance_km(*b, *a)
    assert 0 <= there <= HALF_WAY_ROUND_KM


@settings(deadline=None)
@given(points, points, points)
def test_a_detour_is_never_shorter(a, b, c):
    assert distance_km(*a, *c) <= distance_km(*a, *b) + distance_km(*b, *c) + 1e-4


@settings(deadline=None)
@given(points)
def test_a_point_is_no_way_from_itself(a):
    assert distance_km(*a, *a) == 0
