"""Messages: what leaves says enough to act on, and reaches nobody."""

import re
from html.parser import HTMLParser

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerts.masking import masked_contact, masked_facts, masked_text
from services.alerts.message import LEAD_INS
from services.alerts.notification import Contact
from shared.privacy.modes import MODES
from tests.services.alerts.messages import said, shown

STANDARD, STRICT = MODES["standard"], MODES["gdpr_strict"]

ADA = Contact("Ada Lovelace", "ada@example.org", "+44 20 7946 0958")


def words_of(message):
    return (message.subject, message.text(), message.html(), message.body.decode())


# Masking -----------------------------------------------------------------------------------------


def test_of_a_person_initials_a_letter_and_two_digits_leave():
    assert masked_contact(ADA, STANDARD) == {
        "name": "A. L.",
        "email": "a***@example.org",
        "phone": "…58",
    }


def test_in_strict_mode_nothing_of_a_person_leaves():
    assert masked_contact(ADA, STRICT) == {}


@pytest.mark.parametrize(
    "text",
    [
        "write to ada@example.org.",
        "<ada@example.org>",
        "call +44 20 7946 0958 now",
        "(555) 794-0958",
        "555.794.0958",
        "+1-555-794-0958",
        "15557940958",
        "Tel:(555) 7940958",
        "Tel.05557940958",
        "0049-79-40958123",
        "1979-40-95812345",
        "since 2026-11-21 555 7940958",
        "+1 555 794 0958x12",
    ],
)
def test_addresses_and_numbers_in_free_text_are_masked(text):
    assert "ada" not in masked_text(text, STANDARD)
    assert "794" not in masked_text(text, STANDARD)
    assert re.search(r"\[(email|phone)\]", masked_text(text, STRICT))


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21 12:30",
        "2026-11-21 - 2026-12-01",
        "at 10:30:00.1234567",
        "a picture of 1920x1080",
        "2026-11-21T12:30:00Z",
        "a loan of 2500000",
        "score 99.5 of 100",
        "01939f30-1111-7000-8000-123456789012",
        "12345678-1111-7000-8000-123456789012",
    ],
)
def test_dates_amounts_and_ids_stay_readable(text):
    assert masked_text(text, STANDARD) == masked_text(text, STRICT) == text


def test_a_workflows_words_are_masked_wherever_they_stand():
    words = "ada@example.org +44 20 7946 0958"
    alert = shown(
        title=f"Call {words}", message=words, facts={"data.note": words, "tags": (words,)}
    )

    for text in words_of(said(alert)):
        assert "ada@" not in text and "7946" not in text


def test_numbers_and_truth_values_of_facts_stay_as_they_are():
    facts = {"match_score": 91.5, "is_urgent": True, "place": None}

    assert masked_facts(facts, STRICT) == facts


@settings(deadline=None)
@given(st.text(max_size=200))
def test_masking_twice_is_masking_once_in_strict_mode(text):
    once = masked_text(text, STRICT)

    assert masked_text(once, STRICT) == once


# What it says ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "subject"),
    [
        ({}, "New lead from web-form"),
        ({"reason": "repeat"}, "Still open: New lead from web-form"),
        ({"reason": "escalation"}, "Nobody answered: New lead from web-form"),
        ({"reason": "more", "count": 3}, "New: New lead from web-form (and 2 more)"),
        ({"reason": "digest", "count": 12}, "Digest: 12 alerts"),
        ({"reason": "storm", "count": 10_000}, "Many alerts at once: 10,000 alerts held back"),
        ({"reason": "test", "alerts": (), "count": 0}, "Test: alerts reach this address"),
    ],
)
def test_the_subject_says_why_it_comes(changes, subject):
    assert said(**changes).subject == subject


def test_an_urgent_alert_is_marked_so():
    assert said(shown(priority="urgent")).subject.startswith("[URGENT] ")


@pytest.mark.parametrize("reason", LEAD_INS)
def test_every_reason_has_its_words(reason):
    assert said(reason=reason).text()


def test_what_is_not_shown_is_counted():
    message = said(shown(), reason="storm", count=10_000)

    assert "9,999 more" in message.text() and "9,999 more" in message.html()


def test_every_alert_has_a_link_where_there_is_an_address():
    alert = shown()

    link = f"https://leads.example.com/lead-discovery/alerts#{alert.id}"
    assert all(link in text for text in words_of(said(alert))[1:])
    assert "https://" not in said(alert, public_url=None).text()


def test_the_json_says_what_a_program_needs():
    alert = shown(facts={"match_score": 91.0}, contact=ADA, times=3)

    body = orjson.loads(said(alert).body)

    assert body["event"] == "alerts.notification"
    assert body["timestamp"] == "2026-11-21T12:30:00Z"
    (told,) = body["data"]["alerts"]
    assert told["alert_id"] == str(alert.id) and told["lead_id"] == str(alert.lead_id)
    assert (told["priority"], told["times"], told["facts"]) == ("high", 3, {"match_score": 91.0})
    assert told["lead"]["email"] == "a***@example.org"


def test_the_same_notification_is_the_same_message():
    alert = shown()
    one, other = (said(alert, id=alert.id) for _ in range(2))

    assert words_of(one) == words_of(other)


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attributes):
        self.seen.append((tag, dict(attributes)))


def test_the_html_asks_nothing_of_any_host_and_runs_nothing():
    tags = Tags()
    tags.feed(
        said(shown(title="<img src=x onerror=alert(1)>", message="<script>a</script>")).html()
    )

    assert not {"img", "script", "link", "iframe", "form"} & {tag for tag, _ in tags.seen}
    assert not any(name.startswith("on") or name == "src" for _, a in tags.seen for name in a)


def test_the_way_to_end_it_stands_in_text_and_html():
    link = "https://leads.example.com/unsubscribe/abc"

    assert link in said().text(link) and link in said().html(link)
