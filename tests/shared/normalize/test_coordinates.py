import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.normalize.coordinates import coordinates
from shared.normalize.place import NOTHING, places

SYDNEY = (-33.8688, 151.2093)


@pytest.mark.parametrize(
    "text",
    [
        "-33.8688, 151.2093",
        "S 33.8688 E 151.2093",
        "33.8688 S, 151.2093 E",
        "33.8688S151.2093E",
        "E 151.2093 S 33.8688",
        "151.2093° E, 33.8688° S",
        "33,8688° S, 151,2093° O",
        "-33,8688; 151,2093",
        "-33,8688 151,2093",
        "33°52'07.68\"S 151°12'33.48\"E",
        "S 33°52′07.68″ E 151°12′33.48″",
        "S33 52.128 E151 12.558",
        "33 52 07.68 S, 151 12 33.48 E",
        "lat: -33.8688, lng: 151.2093",
        "latitude=-33.8688 longitude=151.2093",
        "GPS: -33.8688, 151.2093",
        "geo:-33.8688,151.2093",
        "geo:-33.8688,151.2093,12;u=35",
        "geo:-33.8688,151.2093?z=11",
        "POINT(151.2093 -33.8688)",
        "SRID=4326;point (151.2093 -33.8688)",
        "POINT Z(151.2093 -33.8688 12)",
        "-33.8688+151.2093/",
        "@-33.8688,151.2093,15z",
        "https://maps.example/maps/place/Harbour/@-33.8688,151.2093,17z/data=!3m1",
        "https://maps.example/?q=-33.8688,151.2093",
        "https://maps.example/#map=12/-33.8688/151.2093",
        "[-33.8688, 151.2093]",
    ],
)
def test_a_point_is_read_in_every_notation(text):
    assert coordinates(text) == pytest.approx(SYDNEY, abs=1e-4)


@pytest.mark.parametrize("text", ["-17,178", "-17, 178", "-17;178"])
def test_whole_numbers_with_a_comma_between_are_a_point(text):
    assert coordinates(text) == (-17.0, 178.0)


@pytest.mark.parametrize(
    "text",
    [
        "40 70",
        "1200 Main Street",
        "POINT(52.1)",
        "POINT(10.5 95.2)",
        "geo:95,10",
        "N 40.1 N 50.2",
        "12.5",
        "40.71",
        "10-12-2024",
        "+1 212 555 0100",
        "mail@host.example",
    ],
)
def test_what_is_no_point_on_earth_is_none(text):
    assert coordinates(text) is None


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_decimal_pair_is_read_back(latitude, longitude):
    text = f"{latitude:.6f}, {longitude:.6f}"

    assert coordinates(text) == pytest.approx((latitude, longitude), abs=1e-6)


@given(st.text("0123456789 ,.;-+°'\"NSEWOgeo:@POINT()", max_size=120))
def test_no_text_raises_and_all_points_are_on_earth(text):
    point = coordinates(text)

    assert point is None or (abs(point[0]) <= 90 and abs(point[1]) <= 180)


@pytest.mark.parametrize(
    "text", ["91,200", "95.2,-74.0", "95°N 30°E", "geo:95,10", "POINT(200 10)"]
)
def test_a_pair_that_is_not_on_earth_is_no_place(text):
    assert places(text) == NOTHING


def test_two_postal_codes_are_no_pair():
    assert places("10115, 20095").places
