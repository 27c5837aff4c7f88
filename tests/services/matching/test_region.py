"""Regions as circles: wide enough for what lies in them, and no wider than that by far."""

import pytest

from services.matching.region import MOST_KM, circle
from shared.great_circle import distance_km


@pytest.mark.parametrize(
    ("region", "place"),
    [
        (("US", "CA"), (32.72, -117.16)),  # San Diego
        (("US", "TX"), (31.76, -106.49)),  # El Paso
        (("US", "IL"), (37.00, -89.18)),  # Cairo
        (("DE", "BY"), (47.55, 9.69)),  # Lindau
        (("CA", "ON"), (43.71, -79.40)),  # Toronto
    ],
)
def test_a_far_town_of_a_region_lies_in_its_circle(region, place):
    north, east, km = circle(*region)

    assert distance_km(north, east, *place) < km <= MOST_KM


def test_a_small_region_is_a_small_circle():
    assert circle("DE", "BE").km < 100


@pytest.mark.parametrize("region", [("US", "??"), ("ZZ", "CA"), ("", "")])
def test_no_region_is_no_circle(region):
    assert circle(*region) is None
