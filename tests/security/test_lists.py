"""Every list is answered in pages of at most a thousand, by the API description's own word."""

from itertools import chain

import pytest

from tests.security.described import JSON, ROUTES, resolved
from tests.security.tenants import API, Tenant, call

MOST = 1000
"""Rows of one answer."""


def lists(route):
    """Return the names of the lists at the top of what *route* answers; not the bounded ones.

    A list that is part of one thing says itself how long it may be.
    """
    answer = route.about["responses"].get("200", {}).get("content", {}).get(JSON)
    fields = resolved(answer["schema"]).get("properties", {}) if answer else {}
    return [
        name
        for name, about in fields.items()
        if "array" in about.get("type", ()) and not about.get("maxItems", MOST + 1) <= MOST
    ]


def needed(route):
    """Return the query without which *route* answers nothing, by its own examples."""
    return {
        name: about["schema"]["examples"][0]
        for name, about in route.parameters("query").items()
        if about.get("required")
    }


LISTING = [route for route in ROUTES if route.method == "GET" and lists(route)]


def unpaged(routes):
    """Return the lists that a caller cannot have in pages of at most MOST."""
    limits = {route: route.parameters("query").get("limit", {}) for route in routes}
    return [
        str(route)
        for route, limit in limits.items()
        if not 1 <= limit.get("schema", {}).get("maximum", MOST + 1) <= MOST
        or "default" not in limit["schema"]
    ]


def test_there_are_lists():
    assert "GET /api/v1/lead-discovery/reviews" in map(str, LISTING)


def test_every_list_has_a_limit_with_a_maximum_and_a_default():
    assert unpaged(LISTING) == []


def test_a_list_without_a_limit_would_be_noticed():
    (reviews,) = (route for route in LISTING if route.path.endswith("/reviews"))
    parameters = [p for p in reviews.about["parameters"] if p.get("name") != "limit"]
    planted = type(reviews)("GET", "/planted", reviews.about | {"parameters": parameters})

    assert unpaged([planted]) == ["GET /planted"]


@pytest.mark.parametrize("route", LISTING, ids=str)
def test_a_list_gives_no_more_than_its_maximum(guarded, ours, route):
    most = route.parameters("query")["limit"]["schema"]["maximum"]
    path, key = route.address(**ours.owned), {"X-API-Key": ours.key}

    asked = needed(route)
    assert call(guarded, "GET", path, key, query=asked | {"limit": most}).status_code == 200
    for wrong in (most + 1, 0, -1, 10**30, "all", "1e3", "9" * 5000):
        answer = call(guarded, "GET", path, key, query=asked | {"limit": wrong})

        assert answer.status_code == 400, wrong
        assert set(answer.json["error"]["details"]) == {"limit"}


@pytest.mark.parametrize("route", LISTING, ids=str)
def test_a_page_is_as_long_as_was_asked(guarded, ours, route):
    path, key = route.address(**ours.owned), {"X-API-Key": ours.key}

    answer = call(guarded, "GET", path, key, query=needed(route) | {"limit": 1}).json

    assert all(len(answer[name]) <= 1 for name in lists(route))


def test_the_pages_of_policies_hold_every_source_once(guarded_app, database):
    account = Tenant(guarded_app.test_client(), database)
    sources = [f"form-{number}" for number in range(5)]
    for source in sources:
        account.ask("PUT", f"{API}/policies/{source}", body={"policy": {"block": 0.9}})

    pages, query = [], {"limit": 2}
    while query:
        answer = account.ask("GET", f"{API}/policies", query=query)
        pages.append([one["source_id"] for one in answer["sources"]])
        following = answer["next_after"]
        query = following and {"limit": 2, "after": following}

    assert [len(page) for page in pages] == [2, 2, 1]
    assert list(chain.from_iterable(pages)) == sources
