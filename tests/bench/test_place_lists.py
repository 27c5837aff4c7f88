from pathlib import Path

import pytest

from bench.places import Line, interval, lines, right
from shared.normalize.gazetteer import FILE
from shared.normalize.place import places

DEVELOPMENT = lines(Path(__file__).with_name("places_development.tsv"))


def test_97_of_100_places_of_our_own_list_are_right():
    hits = sum(right(line, places(line.text, line.hint)) for line in DEVELOPMENT)

    assert len(DEVELOPMENT) >= 200
    assert hits / len(DEVELOPMENT) >= 0.97


def test_most_ambiguous_names_of_our_own_list_are_told():
    ambiguous = [line for line in DEVELOPMENT if line.ambiguous]

    told = [line for line in ambiguous if places(line.text, line.hint).ambiguous]

    assert len(told) >= 0.9 * len(ambiguous)


def test_the_gazetteer_is_at_most_30_mb():
    assert FILE.stat().st_size <= 30e6


def test_a_place_of_another_kind_is_not_right_for_a_region():
    line = Line("Texas", None, "admin1", "Texas", (31.0, -99.0), False)

    assert not right(line, places("Austin, TX"))
    assert right(line, places("Texas"))


def test_nowhere_is_right_where_nothing_is_expected():
    assert right(Line("asdfghjkl", None, "none", "", None, False), places("asdfghjkl"))


@pytest.mark.parametrize(("hits", "of"), [(0, 10), (10, 10), (97, 100)])
def test_the_interval_holds_the_share(hits, of):
    low, high = interval(hits, of)

    assert 0 <= low <= hits / of <= high <= 1
