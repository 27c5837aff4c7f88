"""Trades and tags of the map: the table holds what it says, and both ways of reading it."""

import pytest

from services.discovery.sources.map_tags import table, tags, trade_of
from services.discovery.sources.overpass_query import question
from shared.normalize.industry import industry, named
from tests.services.discovery.sources.reaching import BERLIN


def wanted(text):
    trade = industry(text)
    assert trade is not None
    return tags(trade)


def test_the_table_names_known_codes_and_each_pair_once():
    assert all(named(code) for code, _ in table())
    assert len(set(table())) == len(table())
    assert len({tag for _, tag in table()}) >= 150


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("restaurant", ("amenity", "restaurant")),
        ("Bäckerei", ("shop", "bakery")),
        ("dentist", ("amenity", "dentist")),
        ("abogados", ("office", "lawyer")),
        ("plomberie", ("craft", "plumber")),
        ("hotel", ("tourism", "hotel")),
        ("car repair", ("shop", "car_repair")),
        ("software development", ("office", "software")),
        ("real estate agent", ("office", "estate_agent")),
        ("accounting", ("office", "accountant")),
        ("gym", ("leisure", "fitness_centre")),
        ("furniture", ("shop", "furniture")),
        ("jeweller", ("shop", "jewelry")),
        ("roofing", ("craft", "roofer")),
    ],
)
def test_a_trade_in_words_has_its_tags(text, pair):
    assert (pair,) in wanted(text)


def test_a_whole_sector_has_the_tags_of_all_that_it_holds():
    assert {(("shop", "bakery"),), (("shop", "shoes"),)} <= set(wanted("retail"))


def test_a_trade_without_tags_stands_with_its_siblings():
    assert named("541512") is not None
    assert (("office", "it"),) in tags(named("541512"))


def test_tags_name_a_trade():
    assert trade_of({"shop": "bakery", "name": "x"}) == named("311811").name
    assert trade_of({"shop": "car", "second_hand": "only"}) == named("441120").name
    assert trade_of({"name": "x"}) == ""


@pytest.mark.parametrize("word", ['"', "\\", "a]b", "(", ".*", "[", "é", "ß", ";", "\n"])
def test_no_keyword_leaves_its_quotes(word):
    asked = question(BERLIN, (), (word,), 10)

    inside = asked.partition('["name"~"')[2].partition('",i]')[0]
    assert not set(inside) & set('"\\[]();\n')
