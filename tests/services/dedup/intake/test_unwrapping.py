"""What a workflow tool wraps around a payload comes off, and nothing else does."""

import pytest
from hypothesis import given, settings

from services.dedup.intake.unwrapping import enveloped, unwrapped
from tests.services.dedup.intake.senders.anything import ANYTHING, broken

LEAD = {"email": "ann@acme.test"}


def envelope(body, **changes):
    return {
        "headers": {"Content-Type": "application/json", "X-Vendor": "v"},
        "params": {},
        "query": {},
        "body": body,
        "webhookUrl": "https://n8n.example/webhook/x",
        "executionMode": "production",
    } | changes


@pytest.mark.parametrize(
    "payload",
    [
        LEAD,
        [LEAD],
        envelope(LEAD),
        [envelope(LEAD)],
        [{"json": LEAD}],
        [{"json": envelope(LEAD), "pairedItem": {"item": 0}}],
        envelope([LEAD]),
        envelope('{"email": "ann@acme.test"}'),
    ],
)
def test_what_was_sent_is_found_inside(payload):
    assert unwrapped(payload, {})[0] == LEAD


def test_the_first_senders_headers_come_with_it_in_lower_case():
    assert unwrapped(envelope(LEAD), {"x-outer": "o"})[1] == {
        "content-type": "application/json",
        "x-vendor": "v",
    }


def test_a_get_that_was_passed_on_is_its_query():
    assert unwrapped(envelope({}, query=LEAD), {})[0] == LEAD


@pytest.mark.parametrize(
    "payload",
    [
        {"body": "Hello", "subject": "Hi"},
        {"body": LEAD, "headers": "none", "query": {}},
        {"body": LEAD, "headers": {}},
        {"json": LEAD, "email": "b@home.example"},
        [LEAD, LEAD],
        [],
        ["ann@acme.test"],
        "ann@acme.test",
        None,
    ],
)
def test_what_nothing_is_wrapped_around_stays_as_it_is(payload):
    assert unwrapped(payload, {"a": "b"}) == (payload, {"a": "b"})


@pytest.mark.parametrize("body", ["", "Call me", "{broken}", "[1, 2"])
def test_a_body_that_is_no_json_is_the_text_it_is(body):
    assert unwrapped(envelope(body), {})[0] == body


def test_layers_are_taken_off_to_a_bound():
    deep = LEAD
    for _ in range(30):
        deep = [deep]

    assert unwrapped(deep, {})[0] != LEAD


@settings(deadline=None)
@given(ANYTHING | broken([[{"json": envelope(LEAD)}], envelope(LEAD)]))
def test_nothing_raises_whatever_is_posted(payload):
    _, headers = unwrapped(payload, {})

    assert enveloped(payload) in (True, False)
    assert all(isinstance(value, str) for value in headers.values())


def test_names_of_a_form_that_n8n_left_as_they_came_spell_objects():
    flat = {"fields[email][value]": "ann@acme.test", "fields[email][type]": "email"}
    form = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}

    payload, _ = unwrapped(envelope(flat, headers=form), {})

    assert payload == {"fields": {"email": {"value": "ann@acme.test", "type": "email"}}}
