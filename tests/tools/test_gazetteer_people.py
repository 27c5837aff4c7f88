from tools.gazetteer.cities import City
from tools.gazetteer.names import is_short
from tools.gazetteer.people import people_once
from tools.gazetteer.renown import renown


def town(name, population, latitude=50.0):
    return City(len(name), name, "DE", "05", latitude, 8.0, population, [])


def test_a_borough_is_not_counted_beside_its_city():
    assert people_once([town("Bigcity", 900_000), town("Inner Quarter", 80_000, 50.02)]) == 900_000


def test_a_town_beyond_the_core_is_counted():
    assert people_once([town("Bigcity", 900_000), town("Nexttown", 80_000, 50.4)]) == 980_000


def test_a_city_as_large_as_its_neighbour_is_no_part_of_it():
    assert people_once([town("One", 400_000), town("Other", 300_000, 50.01)]) == 700_000


def test_a_region_without_towns_has_no_people():
    assert people_once([]) == 0


def test_a_capital_with_many_names_is_better_known_than_a_town_without():
    assert renown(100, capital=True, country="PE") > renown(0, capital=False, country="PE")


def test_renown_fits_into_a_byte():
    assert 0 <= renown(0, False, "PE") <= renown(10**6, True, "FR") <= 255


def test_a_name_without_its_river_is_short_for_it():
    assert is_short("Rotten", "Rotten an der Laber")
    assert is_short("Ashton", "Ashton-under-Lyne")
    assert not is_short("Santa", "Santa Rosa")
