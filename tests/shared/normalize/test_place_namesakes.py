import pytest

from shared.normalize.gazetteer import gazetteer
from shared.normalize.place import lead_place, places


def best(text, country=None):
    return places(text, country).places[0]


def said(place):
    return place.name, place.country


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Granada", "ES"),
        ("Salamanca", "ES"),
        ("York", "GB"),
        ("Plymouth", "GB"),
        ("Frankfurt", "DE"),
        ("Trujillo", "PE"),
        ("Tripoli", "LY"),
        ("Mérida", "MX"),
        ("Odessa", "UA"),
        ("Cali", "CO"),
        ("Columbia", "US"),
        ("Salvador", "BR"),
        ("Oviedo", "ES"),
    ],
)
def test_the_better_known_of_namesakes_is_meant(text, country):
    assert (best(text).kind, best(text).country) == ("city", country)


@pytest.mark.parametrize(
    ("text", "name"),
    [("Halle", "Halle (Saale)"), ("Santa Cruz", "Santa Cruz de la Sierra")],
)
def test_a_city_is_known_by_its_name_without_what_tells_it_apart(text, name):
    assert best(text).name == name


@pytest.mark.parametrize(
    "text",
    ["Hamilton", "Halifax", "Tripoli", "Manchester", "Córdoba", "Rochester", "Korea", "Toledo"],
)
def test_namesakes_of_comparable_standing_are_asked_back(text):
    assert places(text).ambiguous


@pytest.mark.parametrize(
    "text",
    ["Paris", "London", "Berlin", "Boston", "Milan", "Lyon", "Colombo", "Rosario", "Quito", "Bath"],
)
def test_a_famous_city_is_not_asked_back_for_a_small_namesake(text):
    assert not places(text).ambiguous


def test_who_writes_the_accents_means_the_place_that_has_them():
    assert best("San José").country == "CR"
    assert best("San Jose").country == "US"


@pytest.mark.parametrize(
    ("text", "hint", "country"),
    [
        ("Athens", "US", "US"),
        ("Barcelona", "VE", "VE"),
        ("Naples", "US", "IT"),
        ("Vienna", "US", "AT"),
        ("Perth", "GB", "AU"),
    ],
)
def test_a_namesake_at_home_is_meant_if_the_famous_one_is_at_most_forty_times_as_large(
    text, hint, country
):
    assert best(text, hint).country == country


def test_at_home_a_region_comes_before_a_city_abroad_that_is_only_rather_meant():
    assert (best("Victoria", "AU").kind, best("Victoria", "AU").country) == ("admin1", "AU")
    assert best("Newcastle", "AU").country == "AU"
    assert best("Brest", "BY").country == "BY"


def test_a_village_at_home_does_not_make_a_famous_city_ambiguous():
    assert not places("Milan", "US").ambiguous


def test_a_region_has_the_people_of_its_towns():
    bavaria, vermont = best("Bavaria"), best("Vermont")

    assert 11e6 < bavaria.population < 14e6
    assert 0.3e6 < vermont.population < 0.7e6


def test_a_city_that_is_a_region_is_not_counted_twice_with_its_boroughs():
    assert best("Hamburg, Germany").population == best("Hamburg").population
    assert lead_place(state="Hamburg", country="Germany").population < 3.2e6


def test_no_region_is_called_with_a_footnote():
    atlas = gazetteer()

    names = [atlas.place(row).name for row in range(atlas.first_city)]

    assert not [name for name in names if set(name) & set("¹²³⁴*†") or name != name.strip()]
