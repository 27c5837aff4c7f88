import pytest

from tools.gazetteer.cities import City
from tools.gazetteer.shapes import shapes

SCALE = {"scale": [1, 1], "translate": [0, 0]}


def square(west, south, size):
    """An arc round a square, in the steps that TopoJSON stores."""
    return [[west, south], [size, 0], [0, size], [-size, 0], [0, -size]]


class Outlines:
    """The archives of one country, XX, whose areas are squares of their own."""

    def __init__(self, *squares):
        self._squares = squares

    def countries(self):
        return {"XX": {"iso3": "XXX"}}

    def outline(self, _iso3):
        areas = [{"type": "Polygon", "arcs": [[n]]} for n in range(len(self._squares))]
        arcs = [square(*each) for each in self._squares]
        return {"transform": SCALE, "objects": {"x": {"geometries": areas}}, "arcs": arcs}


def city(region, latitude, longitude):
    return City(1, "A", "XX", region, latitude, longitude, 1000, [])


def test_the_middle_of_a_country_is_that_of_its_regions_together():
    found = shapes(Outlines((0, 0, 2), (2, 0, 2)), [])

    assert found.countries["XX"] == pytest.approx((1.0, 2.0), abs=0.01)


def test_a_small_island_does_not_pull_the_middle():
    found = shapes(Outlines((0, 0, 8), (60, 0, 2)), [])

    assert found.countries["XX"][1] == pytest.approx(4.0, abs=0.01)


def test_an_area_is_the_regions_whose_cities_lie_in_it():
    found = shapes(Outlines((0, 0, 2), (2, 0, 2)), [city("A", 1, 1), city("B", 1, 3)])

    assert found.regions["XX", "A"] == pytest.approx((1.0, 1.0), abs=0.01)
    assert found.regions["XX", "B"] == pytest.approx((1.0, 3.0), abs=0.01)


def test_the_middle_of_a_country_at_the_date_line_is_not_on_the_other_side():
    found = shapes(Outlines((160, 60, 18), (-180, 60, 18)), [])

    _, longitude = found.countries["XX"]
    assert abs(longitude) > 160
