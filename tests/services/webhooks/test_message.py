"""What an endpoint is sent."""

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from services.webhooks.endpoint import Endpoint
from services.webhooks.message import headers, message
from shared.ids import uuid7
from shared.signature import new_secret

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def endpoint(**changes):
    plain = {
        "id": uuid7(),
        "url": "https://crm.example.com/",
        "secret": new_secret(),
        "former_secret": None,
        "former_until": None,
        "events": ["lead.created"],
        "description": "",
        "active": True,
        "ended_because": None,
        "created_at": NOW,
        "changed_at": NOW,
        "hears_since": NOW,
    }
    return Endpoint(**plain | changes)


def test_a_message_says_what_happened_when_and_to_whom():
    lead_id = uuid7()

    told = message(uuid7(), "lead.created", lead_id, {"action_taken": "allow"}, NOW)

    assert json.loads(told.body) == {
        "event": "lead.created",
        "timestamp": "2026-11-21T12:00:00Z",
        "data": {"lead_id": str(lead_id), "action_taken": "allow"},
    }


@given(st.dictionaries(st.text(max_size=9), st.text(max_size=30) | st.integers(-9, 9), max_size=4))
def test_every_message_is_verified_by_the_library_of_standard_webhooks(data):
    told, secret, now = message(uuid7(), "lead.created", uuid7(), data, NOW), new_secret(), _now()

    assert Webhook(secret).verify(told.body, headers(told, [secret], now))


def test_an_event_is_the_same_message_at_every_attempt():
    event_id, lead_id = uuid7(), uuid7()

    first, second = (message(event_id, "lead.created", lead_id, {}, NOW) for _ in range(2))

    assert first == second
    assert first.id == str(event_id)


def test_the_secret_before_signs_beside_the_new_one_until_its_time_is_over():
    rotated = endpoint(former_secret=new_secret(), former_until=NOW)

    assert rotated.secrets(NOW - timedelta(seconds=1)) == (rotated.secret, rotated.former_secret)
    assert rotated.secrets(NOW) == (rotated.secret,)


def test_an_endpoint_is_shown_without_its_secrets():
    rotated = endpoint(former_secret=new_secret(), former_until=NOW)

    assert rotated.secret not in str(rotated.answer())
    assert rotated.former_secret not in str(rotated.answer())


def _now():
    return datetime.now(UTC)
