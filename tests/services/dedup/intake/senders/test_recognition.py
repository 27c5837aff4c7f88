"""Recognition: every payload is one sender's, and never another's."""

import json

import pytest
from hypothesis import given, settings

from services.dedup.intake.registry import SENDERS
from tests.services.dedup.intake.senders.anything import ANYTHING
from tests.services.dedup.intake.senders.forms import BUILDERS, cases

EVERY = [(builder, case) for builder in BUILDERS for case in cases(builder)]

OTHERS = {
    "meta": [
        '{"object":"page","entry":[{"id":"9","time":1795248000,"changes":[{"field":"leadgen",'
        '"value":{"leadgen_id":"44","form_id":"77","page_id":"9","created_time":1795248000}}]}]}',
        '{"id":"1234567890","data":{"full_name":"Ann Lee","email":"ann@acme.test"},'
        '"form":{"id":"77","name":"F","locale":"en_US"},"ad":{"id":"1","name":"A"},'
        '"created_time":"2026-11-21T08:00:00+0000"}',
    ],
    "google_ads": [
        '{"lead_id":"TeSter-123","user_column_data":[{"column_id":"EMAIL",'
        '"string_value":"ann@acme.test"}],"api_version":"1.0","form_id":9007199254740993,'
        '"campaign_id":2,"google_key":"k","is_test":false,"gcl_id":"Cj0"}'
    ],
    "linkedin": [
        '{"type":"LEAD_ACTION","leadAction":"CREATED","leadGenFormResponse":'
        '"urn:li:leadGenFormResponse:1","leadGenForm":"urn:li:leadGenForm:9",'
        '"leadType":"SPONSORED","occurredAt":1787212200000}'
    ],
    "calendly": [
        '{"event":"invitee.created","created_at":"2026-11-21T10:30:00.000000Z","payload":{"uri":'
        '"https://api.calendly.com/scheduled_events/e/invitees/i","email":"ann@acme.test",'
        '"name":"Ann Lee","status":"active","questions_and_answers":[],"tracking":{}}}'
    ],
    "hubspot": [
        '{"vid":12345,"properties":{"email":{"value":"ann@acme.test"},"firstname":'
        '{"value":"Ann"}},"form-submissions":[{"conversion-id":"2e13","form-id":"7629"}]}'
    ],
    "n8n_form": [
        '{"Name":"Ann Lee","Email":"ann@acme.test","submittedAt":"2026-11-21T10:30:00.000Z",'
        '"formMode":"production"}'
    ],
}

NOBODYS = [
    '{"name":"Ann","email":"ann@acme.test"}',
    '{"form_id":"3","form_name":"Contact","email":"ann@acme.test"}',
    '{"email":"ann@acme.test","form_id":"77","form_name":"Contact"}',
    '{"id":"1","form_id":"3","email":"ann@acme.test"}',
    '{"event":"form.submitted","data":{"fields":[{"label":"Email","value":"a@b.test"}]}}',
    '{"data":{"email":"ann@acme.test"},"site":"acme"}',
    '{"eventType":"form.response","data":{"fields":{}}}',
    '{"variant":"a","page_url":"https://acme.test","email":"ann@acme.test"}',
    '{"your-name":"Ann","your-email":"ann@acme.test","_wpcf7":"5"}',
    "[]",
    "{}",
    "null",
    '"x"',
]


def claimants(payload, headers=None):
    return [sender.name for sender in SENDERS if sender.recognises(payload, headers or {})]


@pytest.mark.parametrize(
    ("builder", "case"), EVERY, ids=[f"{builder}: {case.claim}" for builder, case in EVERY]
)
def test_a_forms_post_is_claimed_by_its_builder_alone(builder, case):
    assert claimants(case.post.payload) == [builder] * case.claimed


@pytest.mark.parametrize(
    ("name", "body"), [(name, body) for name, bodies in OTHERS.items() for body in bodies]
)
def test_what_others_post_is_claimed_by_them_alone(name, body):
    assert claimants(json.loads(body)) == [name]


@pytest.mark.parametrize("body", NOBODYS)
def test_what_bears_nobodys_mark_is_nobodys(body):
    assert claimants(json.loads(body)) == []


def test_every_builder_is_registered_once():
    names = [sender.name for sender in SENDERS]

    assert len(names) == len(set(names))
    assert set(BUILDERS) <= set(names)


@settings(deadline=None, max_examples=200)
@given(ANYTHING)
def test_whatever_comes_is_claimed_by_one_at_most(payload):
    assert len(claimants(payload)) <= 1
