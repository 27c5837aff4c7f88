import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.great_circle import distance_km
from shared.normalize.gazetteer import Gazetteer
from shared.normalize.place import lead_place, nearest_place, places


def best(text, country=None):
    return places(text, country).places[0]


def said(place):
    return place.name, place.admin1, place.country


@pytest.mark.parametrize("text", ["Austin, TX", "austin texas", "AUSTIN  ,, TX,", "🤠 Austin, TX"])
def test_a_city_with_its_state_is_found_however_it_is_typed(text):
    assert said(best(text)) == ("Austin", "TX", "US")


@pytest.mark.parametrize("text", ["Downtown Austin, Texas, USA", "Austin, Texas, United States"])
def test_words_around_a_city_do_not_hide_it(text):
    assert said(best(text)) == ("Austin", "TX", "US")


def test_a_region_beside_the_name_outweighs_the_larger_namesake():
    assert said(best("London, Ontario")) == ("London", "ON", "CA")
    assert said(best("Paris, TX")) == ("Paris", "TX", "US")


def test_the_city_at_the_capital_of_a_continent_is_plainly_meant():
    found = places("Paris")

    assert said(found.places[0]) == ("Paris", "IDF", "FR")
    assert not found.ambiguous


@pytest.mark.parametrize("text", ["München", "Munich", "Muenchen", "Munchen", "MÜNCHEN"])
def test_every_spelling_of_a_city_is_one_city(text):
    assert said(best(text)) == ("Munich", "BY", "DE")


@pytest.mark.parametrize("text", ["St. Louis, MO", "Saint Louis, Missouri", "St Louis MO"])
def test_saint_may_be_shortened(text):
    assert said(best(text)) == ("St. Louis", "MO", "US")


@pytest.mark.parametrize(
    ("text", "country"),
    [("Москва", "RU"), ("東京", "JP"), ("北京", "CN"), ("القاهرة", "EG"), ("København", "DK")],
)
def test_a_city_is_found_by_its_name_in_its_own_script(text, country):
    assert best(text).country == country


@pytest.mark.parametrize("text", ["Springfield", "Georgia", "Washington", "Cambridge"])
def test_names_of_several_places_of_like_standing_are_ambiguous(text):
    assert places(text).ambiguous


@pytest.mark.parametrize(
    "text", ["Austin, TX", "New York", "NYC", "Springfield, IL", "Tokyo", "Berlin"]
)
def test_what_is_plainly_meant_is_not_ambiguous(text):
    assert not places(text).ambiguous


def test_a_hint_settles_what_is_ambiguous_without():
    found = places("Georgia", "US")

    assert (found.places[0].kind, found.places[0].admin1) == ("admin1", "GA")
    assert not found.ambiguous


@pytest.mark.parametrize(
    "text", ["Deutschland", "Germany", "Allemagne", "Alemania", "Germania", "Alemanha"]
)
def test_a_country_is_known_in_six_languages(text):
    assert (best(text).kind, best(text).country) == ("country", "DE")


@pytest.mark.parametrize("text", ["Bavaria", "Bayern", "Bavière", "Baviera"])
def test_a_region_is_known_in_five_languages(text):
    assert (best(text).kind, best(text).admin1_name) == ("admin1", "Bavaria")


def test_a_state_is_known_by_its_code():
    assert (best("TX").kind, best("TX").name) == ("admin1", "Texas")


def test_the_word_state_tells_the_state_from_the_city():
    assert best("Washington state").kind == "admin1"
    assert best("Washington, DC").kind == "city"


@pytest.mark.parametrize("text", ["78701-1234", "Austin 78701", "78701, TX", "78701"])
def test_a_zip_code_is_found_with_or_without_its_city(text):
    place = best(text, "US")

    assert (place.kind, *said(place)) == ("postal_code", "Austin", "TX", "US")


@pytest.mark.parametrize(
    ("text", "north", "east"),
    [
        ("75001 Paris", 48.86, 2.34),
        ("10115 Berlin", 52.53, 13.39),
        ("SW1A 1AA", 51.50, -0.13),
        ("M5V 2T6", 43.64, -79.39),
        ("1012 AB Amsterdam", 52.37, 4.89),
        ("411 03 Göteborg", 57.71, 11.98),
        ("100-0001", 35.68, 139.75),
    ],
)
def test_postal_codes_of_many_countries_are_known(text, north, east):
    place = best(text)

    assert place.kind == "postal_code"
    assert distance_km(place.latitude, place.longitude, north, east) < 5


def test_the_city_beside_it_tells_which_country_a_postal_code_is_of():
    assert best("10115 Berlin", "US").country == "DE"


def test_a_house_number_is_no_postal_code():
    assert said(best("100 Congress Ave, Austin, TX")) == ("Austin", "TX", "US")


@pytest.mark.parametrize(
    "text",
    [
        "40.7128,-74.0060",
        "40.7128° N, 74.0060° W",
        "40°42'46\"N 74°00'22\"W",
        " (40.7128; -74.0060) ",
        "40,7128; -74,0060",
    ],
)
def test_coordinates_are_read_in_the_ways_people_write_them(text):
    place = best(text)

    assert place.kind == "coordinates"
    assert distance_km(place.latitude, place.longitude, 40.7128, -74.0060) < 0.1
    assert (place.admin1, place.country) == ("NY", "US")


def test_a_point_far_from_any_city_has_no_country():
    assert best("-48.87, -123.39").country == ""


@pytest.mark.parametrize("text", ["", "   ", ",,,", "🤠", "n/a", "asdfghjkl", "91,0;181,0", "???"])
def test_junk_is_nowhere(text):
    assert places(text).places == ()


def test_an_unknown_name_is_answered_with_names_like_it():
    found = places("Cincinatti, OH")

    assert found.places == ()
    assert found.nearest_names[0] == "Cincinnati"
    assert len(found.nearest_names) <= 5


def test_an_unknown_town_is_not_taken_for_the_state_beside_it():
    assert places("Xyzzyville, TX").places == ()


def test_a_lead_in_an_unknown_town_is_somewhere_in_its_state():
    assert lead_place(city="Xyzzyville", state="TX", country="US").name == "Texas"


def test_a_lead_that_names_its_country_alone_is_in_that_country():
    assert (lead_place(country="France").kind, lead_place(country="fr").country) == (
        "country",
        "FR",
    )


def test_a_lead_is_where_its_postal_code_lies():
    place = lead_place(city="Berlin", postal_code="10115", country="Germany")

    assert (place.kind, place.country, place.admin1) == ("postal_code", "DE", "BE")


def test_a_lead_that_says_nothing_is_nowhere():
    assert lead_place(city=" ", default_country="US") is None


def test_the_installations_country_decides_for_a_lead_without_one():
    assert lead_place(city="Birmingham", default_country="US").admin1 == "AL"
    assert lead_place(city="Birmingham", default_country="GB").country == "GB"


def test_the_place_nearest_to_a_point_is_the_city_rather_than_its_suburb():
    place = nearest_place(47.26, 11.39)

    assert (place.name, place.country) == ("Innsbruck", "AT")


def test_nothing_is_near_the_middle_of_an_ocean():
    assert nearest_place(-48.87, -123.39) is None


def test_no_more_places_are_given_than_asked_for():
    assert len(places("San José", most=3).places) == 3


@settings(deadline=None)
@given(st.text(max_size=300))
def test_no_text_raises(text):
    places(text)
    lead_place(city=text, state=text, postal_code=text, country=text, location=text)


@settings(deadline=None)
@given(st.text("0123456789 ,.-°'NSEW", max_size=40))
def test_no_coordinates_raise_and_all_are_on_earth(text):
    for place in places(text).places:
        assert abs(place.latitude) <= 90
        assert abs(place.longitude) <= 180


@settings(deadline=None)
@given(st.floats(-90, 90), st.floats(-180, 180))
def test_the_nearest_place_is_within_100_km(latitude, longitude):
    place = nearest_place(latitude, longitude)

    if place is not None:
        away = distance_km(latitude, longitude, place.latitude, place.longitude)
        assert away <= 101


ATLAS = Gazetteer()


@settings(deadline=None, max_examples=200)
@given(st.integers(ATLAS.first_city, ATLAS.last_city))
def test_a_city_is_found_by_its_name_and_country(row):
    city = ATLAS.place(row)

    found = places(f"{city.name}, {city.country}", most=400).places

    namesakes = [p for p in found if (p.country, p.kind) == (city.country, "city")]
    assert namesakes or found


def test_threads_share_one_gazetteer():
    texts = ["Austin, TX", "Wien", "10115 Berlin", "東京"] * 50
    alone = [places(text) for text in texts]

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(places, texts))

    assert together == alone


def test_a_forked_process_reads_on():
    expected = places("Austin, TX")
    child = os.fork()
    if child == 0:
        os._exit(0 if places("Austin, TX") == expected else 1)

    assert os.waitpid(child, 0)[1] == 0


def test_a_file_of_another_version_is_refused(tmp_path):
    path = tmp_path / "places.bin"
    path.write_bytes(b"LeadFly places 0" + bytes(100))

    with pytest.raises(ValueError, match="not a gazetteer"):
        Gazetteer(path)
