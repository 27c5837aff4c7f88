"""n8n's Webhook node passed on whole: the lead is read by whoever would have read it alone."""

import json

import pytest
from hypothesis import given, settings

from services.dedup.intake.sender import Sender
from services.dedup.intake.senders.calendly import CALENDLY
from services.dedup.intake.senders.google_ads import GOOGLE_ADS
from services.dedup.intake.senders.hubspot import HUBSPOT
from services.dedup.intake.senders.meta import META
from services.dedup.intake.senders.n8n_form import N8N_FORM
from services.dedup.intake.senders.n8n_webhook import passed_on
from services.dedup.intake.sent import Answer, Sent
from tests.services.dedup.intake.senders.anything import ANYTHING, broken, endured
from tests.services.dedup.intake.senders.test_calendly import booked
from tests.services.dedup.intake.senders.test_google_ads import ANN as GOOGLE
from tests.services.dedup.intake.senders.test_hubspot import CONTACT, event
from tests.services.dedup.intake.senders.test_meta import ANN as GRAPH
from tests.services.dedup.intake.senders.test_n8n_form import ANN as FORM
from tests.services.dedup.intake.test_unwrapping import envelope


def anybodys(payload):
    return [Sent([Answer(str(name), value) for name, value in payload.items()])]


ANYBODY = Sender("anybody", "Anybody", recognises=lambda *_: True, items=anybodys)
KNOWN = {
    GOOGLE_ADS: GOOGLE,
    META: GRAPH,
    HUBSPOT: CONTACT,
    CALENDLY: booked(),
    N8N_FORM: FORM,
}
N8N_WEBHOOK = passed_on(tuple(KNOWN), ANYBODY)
PLAIN = {"Courriel": "zoe@petit.example"}


@pytest.mark.parametrize(("sender", "payload"), KNOWN.items(), ids=lambda each: str(each)[:20])
@pytest.mark.parametrize(
    "wrapped",
    [envelope, lambda body: [envelope(body)], lambda body: [{"json": body}], lambda body: [body]],
)
def test_a_known_senders_payload_is_read_as_if_it_came_alone(sender, payload, wrapped):
    whole = wrapped(payload)

    assert N8N_WEBHOOK.recognises(whole, {})
    assert N8N_WEBHOOK.items(whole) == sender.items(payload)


def test_anybody_elses_is_read_by_the_generic_one():
    assert N8N_WEBHOOK.items(envelope(PLAIN)) == anybodys(PLAIN)


def test_several_items_are_several_leads():
    whole = [{"json": GOOGLE}, {"json": PLAIN}, envelope(FORM)]

    assert N8N_WEBHOOK.recognises(whole, {})
    assert N8N_WEBHOOK.items(whole) == [
        *GOOGLE_ADS.items(GOOGLE),
        *anybodys(PLAIN),
        *N8N_FORM.items(FORM),
    ]


def test_a_batch_that_is_a_senders_own_stays_whole():
    batch = [event(object_id=1), event(object_id=2)]

    assert not N8N_WEBHOOK.recognises(batch, {})
    assert N8N_WEBHOOK.items(envelope(batch)) == HUBSPOT.items(batch)


@pytest.mark.parametrize("payload", [PLAIN, [PLAIN], [PLAIN, PLAIN], GOOGLE, [], "x", None])
def test_what_is_not_n8ns_is_left_to_others(payload):
    assert not N8N_WEBHOOK.recognises(payload, {})


def test_nothing_that_lets_anybody_in_is_kept():
    whole = envelope(GOOGLE, headers={"authorization": "Bearer t0ken", "cookie": "s=1"})

    for kept in (N8N_WEBHOOK.redacted(whole), N8N_WEBHOOK.redacted([whole, whole])):
        assert not {"t0ken", "s=1", "google_key"} & set(json.dumps(kept).replace('"', " ").split())


@settings(deadline=None)
@given(ANYTHING | broken([envelope(GOOGLE), [{"json": FORM}, {"json": PLAIN}]]))
def test_nothing_raises_whatever_is_posted(payload):
    endured(passed_on(tuple(KNOWN), N8N_FORM), payload)
