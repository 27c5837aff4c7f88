"""Places and industries over HTTP."""

import pytest

API = "/api/v1/lead-discovery"


@pytest.fixture
def ask(client):
    def ask(path, expect=200, **query):
        answer = client.get(f"{API}/{path}", query_string=query)
        assert answer.status_code == expect, answer.text
        return answer.json

    return ask


def test_a_city_with_its_state_is_one_place(ask):
    found = ask("places", q="Austin, TX")

    best = found["places"][0]
    assert (best["name"], best["country"], best["admin1"]) == ("Austin", "US", "TX")
    assert not found["ambiguous"]


def test_a_name_of_many_places_is_ambiguous(ask):
    found = ask("places", q="Springfield")

    assert found["ambiguous"]
    assert len(found["places"]) > 1


def test_no_more_places_are_answered_than_were_asked_for(ask):
    assert len(ask("places", q="Springfield", limit=2)["places"]) == 2


def test_a_country_makes_its_own_places_likelier(ask):
    assert ask("places", q="Birmingham", country="us")["places"][0]["country"] == "US"


def test_an_unknown_place_is_a_refusal_that_helps(ask):
    details = ask("places", 422, q="Muenchhen")["error"]["details"]

    assert details["q"] == "is no place we know"
    assert details["nearest_names"]


@pytest.mark.parametrize("query", [{}, {"q": ""}, {"q": "x" * 201}])
def test_a_question_must_be_asked(ask, query):
    assert "q" in ask("places", 400, **query)["error"]["details"]


@pytest.mark.parametrize("limit", ["0", "21", "many"])
def test_a_limit_beyond_its_bounds_is_refused_by_name(ask, limit):
    assert "limit" in ask("places", 400, q="Austin", limit=limit)["error"]["details"]


def test_an_industry_in_plain_words_has_a_code_and_what_it_lies_in(ask):
    found = ask("industries", q="restaurant")["industries"][0]

    assert found["code"].startswith("722")
    assert found["within"]


def test_an_unknown_industry_is_refused_by_name(ask):
    assert "q" in ask("industries", 422, q="xyzzyfoo")["error"]["details"]
