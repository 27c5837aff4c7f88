import time

import requests

from tests.e2e.n8n import copies
from tests.e2e.n8n.posts import FORM_PATH, SOURCES, fill_in, said, somebody, thanked
from tests.e2e.n8n.waiting import wait_for


def test_the_page_asks_in_plain_words_and_has_its_thanks(n8n_url):
    page = requests.get(f"{n8n_url}/form/{FORM_PATH}", timeout=30)

    for words in ("Name", "Work email", "Phone", "Company", "Message", "Thank you."):
        assert words in page.text


def test_what_a_visitor_fills_in_becomes_a_lead_of_the_forms_source(
    n8n_url, kept_of_forms, arrived
):
    person = somebody()

    assert thanked(fill_in(n8n_url, person, "We need two lorries."))

    ((lead, action),) = arrived(person["email"])
    assert lead.source_id == SOURCES["LEADFLY_FORM_TOKEN"]
    assert said(lead) == person
    assert action == "allow_processing"
    assert kept_of_forms.rows() == []


def test_a_form_in_german_is_understood_like_any_other(n8n_url, arrived):
    person = somebody()

    assert thanked(fill_in(n8n_url, person, "Hallo", copies.GERMAN_FORM))

    ((lead, _),) = arrived(person["email"])
    assert said(lead) == person


def test_a_visitor_may_leave_the_phone_out(n8n_url, arrived):
    person = somebody() | {"phone": ""}

    assert thanked(fill_in(n8n_url, person))

    ((lead, _),) = arrived(person["email"])
    assert said(lead) == person


def test_a_visitor_whom_we_know_sees_the_same_as_anybody(n8n_url, arrived):
    person = somebody()
    first = fill_in(n8n_url, person)

    again = fill_in(n8n_url, person)

    assert thanked(again)
    assert again.content == first.content
    (_, (_, action)) = arrived(person["email"], expected=2)
    assert action == "reject_duplicate"


def test_a_visitor_of_an_outage_is_thanked_and_stored_once_when_it_is_over(
    n8n_url, services, kept_of_forms, arrived
):
    person = somebody()
    services.stop()
    assert thanked(fill_in(n8n_url, person, "Hallo", copies.GERMAN_FORM))
    time.sleep(copies.CLOCK_SECONDS)
    assert len(kept_of_forms.rows()) == 1
    services.start()

    wait_for(lambda: not kept_of_forms.rows())

    ((lead, action),) = arrived(person["email"])
    assert said(lead) == person
    assert action == "allow_processing"
