"""Every route, with every wrong key and every foreign id: nothing is told, nothing is changed.

The routes are those of `/openapi.json`, so a new one is tried as soon as it exists. The idea is
that of alphagov/notifications-api, tests/app/test_route_authentication.py.
"""

import json
import re
from itertools import chain

import pytest

from shared import keys
from shared.web.openapi import openapi_path
from tests.security.described import DOCUMENT, JSON, ROUTES
from tests.security.tenants import (
    ELSEWHERE,
    MAKERS,
    NAMES,
    PRIVATE,
    SITE,
    call,
    rows,
    signed,
    unknown,
    without_chance,
    wrong_keys,
)

OPEN = {
    "GET /healthz": "tells everyone the same, and nothing of anyone",
    "GET /readyz": "tells everyone the same, and nothing of anyone",
    "GET /": "sends browsers on to the page of the interface",
    "GET /openapi.json": "the interface is public",
    "GET /docs": "the interface is public",
    "GET /webhook/leadfly/duplicate-prevention/health": "tells everyone the same",
    "GET /webhook/leadfly/signal-detection/health": "tells everyone the same",
    "GET /webhook/leadfly/matchmaking/health": "tells everyone the same",
    "GET /webhook/leadfly/alerts/health": "tells everyone the same",
    "GET /webhook/leadfly/seen/health": "tells everyone the same",
    "GET /unsubscribe/{unsubscribe_token}": "the address is the key; any other is a 404",
    "POST /unsubscribe/{unsubscribe_token}": "the address is the key; any other is a 404",
    "GET /lead-discovery/alerts": "a page without data: it asks with the visitor's key",
    "GET /lead-discovery/alerts/{name}": "script and style of that page",
    "GET /lead-discovery/imports": "a page without data: it asks with the visitor's key",
    "GET /lead-discovery/imports/{name}": "script and style of that page",
    "GET /in/{token}": "the address is the key; any other is a 404",
    "POST /in/{token}": "the address is the key; any other is a 404",
}
"""Routes that ask for no key, and why."""

GUARDED = [route for route in ROUTES if str(route) not in OPEN]

OF_ONE_THING = [route for route in GUARDED if route.places]

NOBODY = {"X-API-Key": keys.new_key()[0]}


def named(route):
    return str(route)


def addressed(route, owner):
    """Return the address of *route* for what *owner* owns."""
    return route.address(**{place: owner.owned[place] for place in route.places})


def as_account(route, name):
    """Return the requests by which *route* may be told that account *name* is meant."""
    if JSON in route.media_types:  # a file says nothing of accounts
        yield "body", {"body": route.body() | {"user_id": name}}
    yield "query", {"query": {"user_id": name}, "body": own_body(route)}


def own_body(route):
    body = route.body()
    return body and {field: value for field, value in body.items() if field != "user_id"}


# The list is complete ----------------------------------------------------------------------------


def test_the_matrix_is_made_of_what_is_served(guarded):
    assert guarded.get("/openapi.json").json == DOCUMENT


def unlisted(app, document):
    """Return the routes that *app* answers and *document* does not name."""
    rules = (
        f"{method} {openapi_path(rule.rule)}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    )
    listed = {f"{m.upper()} {path}" for path, item in document["paths"].items() for m in item}
    return sorted(set(rules) - listed)


def test_no_route_is_missing_from_the_matrix(guarded_app):
    assert unlisted(guarded_app, DOCUMENT) == []


def test_a_route_that_nobody_described_would_be_noticed(guarded_app):
    some = {"paths": {path: item for path, item in DOCUMENT["paths"].items() if path != "/docs"}}

    assert unlisted(guarded_app, some) == ["GET /docs"]


def test_only_the_routes_listed_here_ask_for_no_key():
    assert {str(route) for route in ROUTES if not route.guarded} == set(OPEN)


def test_every_guarded_route_asks_for_a_scope_that_exists():
    assert {route.scope for route in GUARDED} <= set(keys.SCOPES)


def test_every_placeholder_is_something_that_an_account_can_own():
    placeholders = set(chain.from_iterable(route.places for route in ROUTES))

    assert placeholders == set(MAKERS), "tests/security/tenants.py says how to own each"


# Every wrong key ---------------------------------------------------------------------------------


@pytest.mark.parametrize("route", GUARDED, ids=named)
def test_every_wrong_key_gets_one_and_the_same_401(guarded, owner, ours, theirs, route):
    wrong = list(wrong_keys(ours, theirs))
    before = rows(owner, ours, theirs)
    answers = {}

    for why, headers in wrong:
        answer = call(guarded, route.method, addressed(route, ours), headers, own_body(route))
        answers[why] = without_chance(answer)
        assert answer.headers["WWW-Authenticate"] == "Bearer"

    assert {status for status, _ in answers.values()} == {401}, answers
    assert len(set(answers.values())) == 1, answers
    assert rows(owner, ours, theirs) == before


def test_a_stranger_hears_the_same_on_every_route(guarded, ours):
    said = {
        without_chance(call(guarded, route.method, addressed(route, ours), NOBODY, own_body(route)))
        for route in GUARDED
    }

    assert len(said) == 1


@pytest.mark.parametrize("route", GUARDED, ids=named)
def test_a_stranger_does_not_hear_what_is_wrong_with_an_address(guarded, route):
    path = route.address(**dict.fromkeys(route.places, "%00")) + "?user_id=a&user_id=b&limit=x"

    assert call(guarded, route.method, path, NOBODY, own_body(route)).status_code == 401


READING = [route for route in GUARDED if route.media_types]


@pytest.mark.parametrize("route", READING, ids=named)
@pytest.mark.parametrize("body", [b"{", b"[" * 2**20, b"x" * 2**21], ids=["broken", "deep", "big"])
def test_a_strangers_body_is_not_read(guarded, ours, route, body):
    """Parsing is work, and a megabyte of it costs a second: not for people without a key."""
    answer = guarded.open(
        addressed(route, ours),
        method=route.method,
        headers=NOBODY,
        data=body,
        content_type="application/json",
        environ_base=ELSEWHERE,
    )

    assert answer.status_code == 401


@pytest.mark.parametrize("route", GUARDED, ids=named)
def test_a_key_in_the_query_opens_nothing(guarded, ours, route):
    for name in ("api_key", "X-API-Key", "key", "access_token"):
        query = {name: ours.key}
        answer = call(guarded, route.method, addressed(route, ours), {}, own_body(route), query)

        assert answer.status_code in (400, 401)  # 400 tells the sender to revoke it
        assert not reveals(answer, ours)


@pytest.mark.parametrize("route", GUARDED, ids=named)
def test_a_key_without_the_scope_is_refused_whatever_else_it_may_do(guarded, owner, ours, route):
    others = [scope for scope in keys.SCOPES if scope != route.scope]
    shown = [ours.limited_key(scopes) for scopes in (others, *([one] for one in others))]
    before = rows(owner, ours)

    answers = [
        call(guarded, route.method, addressed(route, ours), {"X-API-Key": key}, own_body(route))
        for key in shown
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert len({without_chance(answer) for answer in answers}) == 1
    assert answers[0].json["error"]["details"] == {"scope": f"this needs {route.scope}"}
    assert rows(owner, ours) == before


PAGES = {"POST /webhook/leadfly/duplicate-prevention"}
"""Where a web page may post a lead with its publishable key."""

SIGNERS = PAGES | {"POST /webhook/leadfly/duplicate-prevention/batch"}
"""What a signature alone opens: it covers the body and no address."""


@pytest.mark.parametrize("route", GUARDED, ids=named)
def test_the_key_of_a_page_submits_leads_and_opens_nothing_else(guarded, owner, ours, route):
    _, key = ours.issued("publishable", source_id=PRIVATE, origins=[SITE])
    before = rows(owner, ours)

    for origin in ({"Origin": SITE}, {"Origin": "https://evil.example"}, {}):
        if str(route) in PAGES and origin.get("Origin") == SITE:
            continue
        headers = {"X-API-Key": key} | origin
        answer = call(guarded, route.method, addressed(route, ours), headers, own_body(route))

        assert answer.status_code == 403, origin
        assert answer.json["error"]["code"] == "INSUFFICIENT_PERMISSIONS"
    assert rows(owner, ours) == before


@pytest.mark.parametrize("route", GUARDED, ids=named)
def test_the_token_of_a_source_opens_no_route_of_keys(guarded, owner, ours, route):
    token = ours.token()
    before = rows(owner, ours)

    shown = ({"X-API-Key": token}, {"Authorization": f"Bearer {token}"}, {})
    answers = [
        call(
            guarded,
            route.method,
            addressed(route, ours),
            headers,
            own_body(route),
            None if headers else {"key": token},
        )
        for headers in shown
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert len({without_chance(answer) for answer in answers}) == 1
    assert rows(owner, ours) == before


@pytest.mark.parametrize("route", GUARDED, ids=named)
def test_a_signature_alone_opens_only_what_takes_in_leads(guarded, owner, ours, route):
    body = json.dumps(own_body(route)).encode() if route.media_types else b""
    headers = signed(ours, body)
    before = rows(owner, ours)

    answer = guarded.open(
        addressed(route, ours),
        method=route.method,
        headers=headers,
        data=body,
        content_type="application/json",
        environ_base=ELSEWHERE,
    )

    assert answer.status_code == (200 if str(route) in SIGNERS else 403), answer.text
    assert str(route) in SIGNERS or rows(owner, ours) == before


# Another account ---------------------------------------------------------------------------------


@pytest.mark.parametrize("route", GUARDED, ids=named)
def test_a_key_never_acts_for_another_account(guarded, owner, ours, theirs, route):
    before = rows(owner, theirs)

    for where, sent in as_account(route, theirs.name):
        answer = call(
            guarded, route.method, addressed(route, ours), {"X-API-Key": ours.key}, **sent
        )
        in_force = where == "body" or "user_id" in route.parameters("query")

        assert answer.status_code == 403 or not in_force, (where, answer.text)
        assert not reveals(answer, theirs), where
    assert rows(owner, theirs) == before


@pytest.mark.parametrize("route", OF_ONE_THING, ids=named)
def test_what_another_account_owns_is_answered_as_what_nobody_owns(
    guarded, owner, ours, theirs, route
):
    before = rows(owner, theirs)

    for place in route.places:
        foreign, nothing = theirs.owned[place], unknown(theirs.owned[place])
        answers = [
            call(
                guarded,
                route.method,
                route.address(**ours.owned | {place: name}),
                {"X-API-Key": ours.key},
                own_body(route),
            )
            for name in (foreign, nothing)
        ]

        said = [without_chance(a, foreign, nothing) for a in answers]
        assert said[0] == said[1]
        assert answers[0].status_code == 404 or place in NAMES
        assert not reveals(answers[0], theirs, but=foreign)
    assert rows(owner, theirs) == before


@pytest.mark.parametrize("route", GUARDED, ids=named)
def test_what_another_account_owns_opens_nothing_in_a_query(guarded, owner, ours, theirs, route):
    before = rows(owner, theirs)

    for parameter in route.parameters("query"):
        for foreign in theirs.owned.values():
            answer = call(
                guarded,
                route.method,
                addressed(route, ours),
                {"X-API-Key": ours.key},
                own_body(route),
                {parameter: foreign},
            )
            assert answer.status_code < 500
            assert not reveals(answer, theirs, but=foreign)
    assert rows(owner, theirs) == before


def reveals(answer, tenant, but=None):
    """Return what of *tenant* stands in *answer*, apart from what the caller said itself."""
    secrets = {tenant.name, *tenant.owned.values()} - {but}
    return sorted(secret for secret in secrets if secret in answer.text)


# The matrix sees a fault -------------------------------------------------------------------------


def test_the_matrix_sees_a_row_that_changed(owner, theirs):
    before = rows(owner, theirs)

    with owner.transaction(force_rollback=True):
        owner.execute("UPDATE public.leads SET status = 'lost' WHERE tenant_id = %s", [theirs.name])
        after = rows(owner, theirs)

    changed = {table for table in before if before[table] != after[table]}
    assert changed == {"public.leads", "leads.listing"}


def test_the_owner_of_a_thing_is_not_refused(guarded, theirs):
    """Else every 404 above would prove nothing."""
    for route in ROUTES:
        if route.places and route.method == "GET":
            path = addressed(route, theirs)
            answer = call(guarded, "GET", path, {"X-API-Key": theirs.key})

            # A stream is followed elsewhere: to be sent there is no refusal.
            assert answer.status_code in (200, 307), str(route)


@pytest.mark.parametrize("path", OPEN)
def test_an_open_route_tells_everyone_the_same(guarded, ours, path):
    method, address = path.split()
    said = {
        re.sub(r'"(?:request_id|timestamp)":"[^"]*"', "", guarded.open(
            address, method=method, headers=headers, environ_base=ELSEWHERE
        ).text)
        for headers in ({}, {"X-API-Key": ours.key}, NOBODY)
    }  # fmt: skip

    assert len(said) == 1
    assert ours.name not in said.pop()
