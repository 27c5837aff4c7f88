import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.normalize.gazetteer import gazetteer
from shared.normalize.place import places


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Duesseldrof", "Düsseldorf"),
        ("Zuerrich", "Zürich"),
        ("Vancuover BC", "Vancouver"),
        ("Melborne Australia", "Melbourne"),
        ("Amsterdm", "Amsterdam"),
        ("Philedelphia", "Philadelphia"),
        ("Rio de Janiero", "Rio de Janeiro"),
        ("New Yrok", "New York City"),
        ("Marsielle, France", "Marseille"),
        ("Abu Dabhi", "Abu Dhabi"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_name_that_is_meant(text, name):
    found = places(text)

    assert found.places == ()
    assert found.nearest_names[0] == name


def test_a_word_that_is_like_no_name_is_answered_with_none():
    assert places("Qzxwvkjhgt").nearest_names == ()


def test_names_in_the_country_that_is_said_go_first():
    assert places("Barcelonna, Venezuela").nearest_names[0] == "Barcelona"
    assert places("Bristoll, Tennessee").nearest_names[0] == "Bristol"


@settings(deadline=None)
@given(st.text(max_size=60))
def test_at_most_five_names_are_offered_each_once(text):
    names = places(text).nearest_names

    assert len(names) == len(set(names)) <= 5


@pytest.mark.parametrize("text", ["Sann Antonnioo de los Banos", "aeiouaeiouaeiouaeiouaeio"])
def test_names_are_offered_within_20_ms(text):
    gazetteer()
    places(text)

    began = time.process_time()
    places(text)

    assert time.process_time() - began <= 0.02
