"""Every sender's payload is its own: nobody else takes it for theirs."""

import pytest

from services.dedup.intake.registry import BY_NAME, SENDERS
from services.dedup.intake.replies import PROFILES
from tests.services.dedup.intake.senders.forms import BUILDERS, cases
from tests.services.dedup.intake.senders.test_calendly import ROUTED, booked
from tests.services.dedup.intake.senders.test_google_ads import ANN as GOOGLE
from tests.services.dedup.intake.senders.test_google_ads import lead as google_lead
from tests.services.dedup.intake.senders.test_hubspot import CONTACT, CRM, event
from tests.services.dedup.intake.senders.test_linkedin import LEAD as RESPONSE
from tests.services.dedup.intake.senders.test_linkedin import notification as linkedin_news
from tests.services.dedup.intake.senders.test_meta import ANN as GRAPH
from tests.services.dedup.intake.senders.test_meta import N8N, change
from tests.services.dedup.intake.senders.test_meta import notification as meta_news
from tests.services.dedup.intake.senders.test_n8n_form import ANN as FORM
from tests.services.dedup.intake.test_unwrapping import envelope

FORMS = [
    (builder, case.post.payload, dict(case.post.headers))
    for builder in BUILDERS
    for case in cases(builder)
    if case.claimed
]
PLATFORMS = [
    ("google_ads", GOOGLE, {}),
    ("google_ads", google_lead(), {}),
    ("meta", GRAPH, {}),
    ("meta", N8N, {}),
    ("meta", meta_news([change("1")], [change("2")]), {}),
    ("linkedin", RESPONSE, {}),
    ("linkedin", linkedin_news(), {}),
    ("linkedin", {"type": "OTHER"}, {"x-li-signature": "x"}),
    ("hubspot", CONTACT, {}),
    ("hubspot", CRM, {}),
    ("hubspot", event(), {}),
    ("hubspot", [event(object_id=1), event("contact.deletion", 2)], {}),
    ("hubspot", {"email": "ann@acme.test"}, {"x-hubspot-signature-v3": "x"}),
    ("calendly", booked(), {}),
    ("calendly", booked("invitee.canceled"), {}),
    ("calendly", ROUTED, {}),
    ("calendly", booked("invitee_no_show.created"), {"calendly-webhook-signature": "x"}),
    ("n8n_form", FORM, {}),
    ("n8n_webhook", envelope(GOOGLE), {}),
    ("n8n_webhook", envelope({"email": "ann@acme.test"}), {}),
    ("n8n_webhook", [{"json": FORM}, {"json": {"email": "ann@acme.test"}}], {}),
    ("n8n_webhook", [CONTACT], {}),
]

NOBODYS = [
    {"email": "ann@acme.test", "name": "Ann Lee"},
    {"id": "1", "data": {"email": "ann@acme.test"}},
    {"id": 7, "properties": {"email": "ann@acme.test", "colour": "red"}},
    {"event": "lead.created", "payload": {"email": "ann@acme.test"}},
    {"type": "lead", "object": "contact", "entry": "x"},
    {"submittedAt": "2026-11-21", "email": "ann@acme.test"},
    [{"email": "ann@acme.test"}],
    [{"email": "ann@acme.test"}, {"email": "bob@acme.test"}],
    [],
    {},
    None,
    "ann@acme.test",
]


@pytest.mark.parametrize(("name", "payload", "headers"), FORMS + PLATFORMS)
def test_a_payload_is_claimed_by_its_own_sender_alone(name, payload, headers):
    assert [each.name for each in SENDERS if each.recognises(payload, headers)] == [name]


@pytest.mark.parametrize("payload", NOBODYS)
def test_what_is_nobodys_is_claimed_by_nobody(payload):
    assert not [each.name for each in SENDERS if each.recognises(payload, {})]


def test_no_two_senders_have_one_name():
    assert len(BY_NAME) == len(SENDERS)


def test_every_sender_is_answered_in_a_profile_that_exists():
    assert {sender.reply for sender in SENDERS} <= set(PROFILES)


def test_whoever_announces_leads_says_how_to_fetch_them():
    assert all(bool(sender.fetch) == bool(sender.fetched) for sender in SENDERS)
