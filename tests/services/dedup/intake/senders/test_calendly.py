"""Calendly: appointments made, moved and cancelled; routing forms; the signature with its time."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings

from services.dedup.intake.post import Post
from services.dedup.intake.sender import Forged
from services.dedup.intake.senders.calendly import CALENDLY
from services.dedup.intake.sent import Ignored
from tests.services.dedup.intake.senders.anything import ANYTHING, broken, endured

NOW = datetime(2026, 11, 21, 10, 31, tzinfo=UTC)
KEY = "a made-up signing key"
URI = "https://api.calendly.com/scheduled_events/e/invitees/i"


def asked(*pairs):
    return [{"question": q, "answer": a, "position": n} for n, (q, a) in enumerate(pairs)]


def booked(event="invitee.created", **changes):
    about = {
        "uri": URI,
        "email": "ann@acme.test",
        "name": "Ann Lee",
        "status": "active",
        "text_reminder_number": "+15551234567",
        "questions_and_answers": asked(("Company", "Acme")),
        "tracking": {"utm_source": "x", "utm_medium": None},
        "old_invitee": None,
    }
    return {
        "event": event,
        "created_at": "2026-11-21T10:30:00.000000Z",
        "payload": about | changes,
    }


ROUTED = {
    "event": "routing_form_submission.created",
    "created_at": "2026-11-21T10:30:00.000000Z",
    "created_by": "https://api.calendly.com/users/u",
    "payload": {
        "uri": "https://api.calendly.com/routing_form_submissions/r",
        "routing_form": "https://api.calendly.com/routing_forms/f",
        "questions_and_answers": [
            {"question_uuid": "q1", "question": "¿Tu correo?", "answer": "leo@rios.example"},
            {"question_uuid": "q2", "question": "Teléfono", "answer": "+34 912 345 678"},
        ],
        "tracking": {"utm_campaign": "otoño"},
        "result": {"type": "event_type", "value": "https://api.calendly.com/event_types/t"},
        "submitter": None,
        "submitter_type": None,
    },
}


def sent(payload):
    (item,) = CALENDLY.items(payload)
    return item


def typed(payload):
    return [(one.name, one.field, one.value) for one in sent(payload).answers]


def test_an_invitee_is_typed_and_questions_keep_their_words():
    assert typed(booked()) == [
        ("email", "email", "ann@acme.test"),
        ("name", "name", "Ann Lee"),
        ("text_reminder_number", "phone", "+15551234567"),
        ("Company", "", "Acme"),
    ]


def test_the_invitee_is_the_key():
    assert sent(booked()).key == URI


def test_circumstances_are_kept():
    around = sent(booked(scheduled_event={"name": "Erstgespräch", "event_type": "t"})).around

    assert around.submitted_at == datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
    assert (around.form_id, around.form_name) == ("t", "Erstgespräch")
    assert around.utm == {"source": "x"}


def test_first_and_last_names_are_typed():
    payload = booked(first_name="Zoé", last_name="Petit", text_reminder_number=None)

    assert [(field, value) for _, field, value in typed(payload)][2:4] == [
        ("first_name", "Zoé"),
        ("last_name", "Petit"),
    ]


def test_the_number_that_the_host_calls_is_the_invitees():
    place = {"type": "outbound_call", "location": "+4930901820"}

    assert ("location", "phone", "+4930901820") in typed(
        booked(scheduled_event={"location": place})
    )


def test_the_number_that_the_invitee_calls_is_not_the_invitees():
    place = {"type": "inbound_call", "location": "+4930901820"}

    assert "+4930901820" not in str(typed(booked(scheduled_event={"location": place})))


def test_hosts_and_guests_are_nobodys_lead():
    event = {
        "event_memberships": [{"user_email": "host@vendor.example"}],
        "event_guests": [{"email": "guest@friend.example"}],
    }

    assert "vendor.example" not in str(typed(booked(scheduled_event=event)))
    assert "friend.example" not in str(typed(booked(scheduled_event=event)))


def test_a_moved_appointment_takes_the_old_ones_place():
    old = "https://api.calendly.com/scheduled_events/e0/invitees/i0"

    assert sent(booked(old_invitee=old)).replaces == old
    assert sent(booked()).replaces is None


@pytest.mark.parametrize(("rescheduled", "word"), [(True, "moved"), (False, "cancelled")])
def test_a_cancellation_is_ignored_with_its_reason(rescheduled, word):
    item = sent(booked("invitee.canceled", rescheduled=rescheduled))

    assert isinstance(item, Ignored)
    assert word in item.reason


def test_a_routing_form_is_read_from_its_questions():
    lead = sent(ROUTED)

    assert [(one.name, one.key, one.value) for one in lead.answers] == [
        ("¿Tu correo?", "q1", "leo@rios.example"),
        ("Teléfono", "q2", "+34 912 345 678"),
    ]
    assert lead.key == "https://api.calendly.com/routing_form_submissions/r"
    assert lead.around.form_id == "https://api.calendly.com/routing_forms/f"
    assert lead.around.utm == {"campaign": "otoño"}


def test_missing_answers_are_none():
    payload = booked(email="", text_reminder_number=None, questions_and_answers=None)

    assert typed(payload) == [("name", "name", "Ann Lee")]


@pytest.mark.parametrize("event", ["invitee_no_show.created", "event_type.updated", None])
def test_other_events_are_ignored_with_a_reason(event):
    assert isinstance(sent(booked(event)), Ignored)


RAW = json.dumps(booked()).encode()


def header(at=NOW, secret=KEY, raw=RAW):
    t = str(int(at.timestamp()))
    mac = hmac.new(secret.encode(), t.encode() + b"." + raw, hashlib.sha256).hexdigest()
    return f"t={t},v1={mac}"


def posted(value, raw=RAW):
    return Post(headers={"calendly-webhook-signature": value}, raw=raw)


@pytest.mark.parametrize("value", [header(), header().replace(",", ", "), header() + ",v1=0"])
def test_the_signature_lets_a_post_in(value):
    CALENDLY.verify(posted(value), KEY, NOW)


@pytest.mark.parametrize(
    "post",
    [
        Post(raw=RAW),
        posted(""),
        posted("t=,v1="),
        posted("v1=" + header().partition("v1=")[2]),
        posted(header().partition(",")[0]),
        posted(header(secret="another")),
        posted(header(), RAW + b" "),
        posted("t=é,v1=é"),
        posted("," * 1000),
        posted(header().replace("t=1", "t=01")),
    ],
)
def test_a_forged_or_absent_signature_is_refused(post):
    with pytest.raises(Forged):
        CALENDLY.verify(post, KEY, NOW)


@pytest.mark.parametrize("off", [timedelta(minutes=-6), timedelta(minutes=6)])
def test_a_late_or_future_signature_is_refused(off):
    with pytest.raises(Forged):
        CALENDLY.verify(posted(header(NOW + off)), KEY, NOW)


@settings(deadline=None)
@given(ANYTHING | broken([booked(), ROUTED, booked("invitee.canceled")]))
def test_nothing_raises_whatever_is_posted(payload):
    endured(CALENDLY, payload)
