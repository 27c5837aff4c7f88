"""Reading what mail services tell: SendGrid, Mailgun and anybody."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.signals.engagement import MOST_EVENTS, read, sent
from shared.errors import Malformed

NINE = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ADA = "ada@analytical.example"


def one(**entry):
    (found,) = read([{"email": ADA} | entry]).engagements
    return found


def why(entry):
    (ignored,) = read([entry]).ignored
    return ignored.reason


@pytest.mark.parametrize(
    ("word", "type_"),
    [
        ("delivered", "email_delivered"),
        ("open", "email_open"),
        ("opened", "email_open"),
        ("click", "email_click"),
        ("clicked", "email_click"),
        ("email_clicked", "email_click"),
        ("bounce", "email_bounce"),
        ("bounced", "email_bounce"),
        ("dropped", "email_bounce"),
        ("failed", "email_bounce"),
        ("unsubscribe", "email_unsubscribe"),
        ("group_unsubscribe", "email_unsubscribe"),
        ("spamreport", "email_complaint"),
        ("complained", "email_complaint"),
        ("replied", "email_reply"),
        ("form_submit", "form_submit"),
    ],
)
def test_every_senders_word_is_known(word, type_):
    assert one(event=word).event.type == type_


@pytest.mark.parametrize("word", ["processed", "deferred", "accepted"])
def test_what_a_mail_service_did_alone_is_read_and_kept_for_nobody(word):
    found = one(event=word)

    assert (found.event, found.interest, found.objection) == (None, False, False)


def test_a_sendgrid_event_is_read():
    found = one(
        event="click", timestamp=1772357400, sg_event_id="e1", url="https://b.example/loans/apply"
    )

    assert (found.event.at, found.name, found.high_value) == (NINE, "e1", True)


def test_a_mailgun_event_is_read():
    (found,) = read(
        [
            {
                "signature": {"token": "t"},
                "event-data": {
                    "event": "clicked",
                    "id": "m1",
                    "recipient": ADA,
                    "timestamp": 1772357400.0,
                    "url": "https://b.example/pricing",
                    "client-info": {"bot": ""},
                },
            }
        ]
    ).engagements

    assert (found.mailbox, found.name, found.event.at) == (ADA, "m1", NINE)
    assert found.interest


@pytest.mark.parametrize(
    "machine",
    [
        {"sg_machine_open": True},
        {"client-info": {"bot": "apple"}},
        {"client-info": {"bot": "generic"}},
        {"machine": True},
    ],
)
def test_what_a_machine_did_is_no_interest(machine):
    assert not one(event="opened", **machine).interest
    assert not one(event="clicked", url="/loans/apply", **machine).high_value


def test_a_failure_for_now_is_no_bounce():
    assert one(event="failed", severity="temporary").event is None
    assert one(event="failed", severity="permanent").event.type == "email_bounce"


def test_a_mail_dropped_for_an_unsubscription_says_so_again():
    assert one(event="dropped", reason="Unsubscribed Address").objection


def test_an_objection_counts_whatever_its_time():
    assert one(event="unsubscribe", timestamp="whenever").objection


def test_spellings_of_one_mailbox_are_one():
    found = read([{"email": text, "event": "open"} for text in (ADA, ADA.upper(), f"<{ADA}>")])

    assert {each.mailbox for each in found.engagements} == {ADA}


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (7, "must be an object"),
        ("x", "must be an object"),
        ({}, "its email is no address"),
        ({"email": "nobody", "event": "open"}, "its email is no address"),
        ({"email": 7, "event": "open"}, "its email is no address"),
        ({"email": ADA}, "its event is none that we know"),
        ({"email": ADA, "event": "exploded"}, "its event is none that we know"),
        ({"email": ADA, "event": ["open"]}, "its event is none that we know"),
        ({"email": ADA, "event": "page_view"}, "its event is none that we know"),
        ({"email": ADA, "event": "open", "timestamp": "soon"}, "its time is none that can be read"),
        ({"event-data": 7}, "its event-data must be an object"),
        (Malformed(details={"email": "was sent more than once"}), "is no JSON that can be read"),
    ],
)
def test_what_cannot_be_read_is_ignored_with_the_reason(entry, reason):
    assert why(entry).startswith(reason)


@pytest.mark.parametrize("body", [{}, {"events": 7}, {"events": None}, {"events": "open"}])
def test_a_body_without_events_is_refused(body):
    with pytest.raises(Malformed):
        sent(body)


def test_too_many_events_are_refused():
    assert len(sent({"events": [{}] * MOST_EVENTS})) == MOST_EVENTS
    with pytest.raises(Malformed):
        sent({"events": [{}] * (MOST_EVENTS + 1)})


ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text())
NAMES = ["email", "event", "timestamp", "url", "event-data", "client-info", "reason", "severity"]


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(NAMES), ANYTHING | st.just(ADA)), max_size=5))
def test_every_event_is_either_read_or_ignored(entries):
    found = read(entries)

    assert len(found.engagements) + len(found.ignored) == len(entries)
