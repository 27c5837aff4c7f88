"""How far a town reaches around its middle."""

from shared.normalize.place import places
from shared.normalize.town import LEAST_KM, reach_km


def reach(text):
    (place,) = places(text, "US", 1).places
    return reach_km(place)


def test_a_larger_town_reaches_farther():
    assert reach("New York, NY") > reach("Austin, TX") > LEAST_KM


def test_a_village_reaches_as_far_as_its_next_ones():
    assert reach("Marfa, TX") == LEAST_KM


def test_a_point_and_a_postal_code_are_small_towns():
    assert reach("30.2672,-97.7431") == reach("78701") == LEAST_KM
