import pytest

from tests.e2e.n8n import senders
from tests.e2e.n8n.posts import SOURCES, post, said, somebody

SENDERS = {
    "typeform": lambda person: {"json": senders.typeform(person)},
    "elementor, simple": lambda person: {"data": senders.elementor_simple(person)},
    "elementor, advanced": lambda person: {"data": senders.elementor_advanced(person)},
    "jotform": lambda person: {"files": senders.jotform(person)},
    "flat": lambda person: {"json": person},
}


@pytest.mark.parametrize("sender", SENDERS)
def test_what_a_sender_posts_becomes_a_lead_of_the_webhooks_source(n8n_url, arrived, sender):
    person = somebody() | ({"phone": ""} if sender == "typeform" else {})

    answer = post(n8n_url, **SENDERS[sender](person))

    assert answer.status_code == 200, answer.text
    assert answer.json()["action_taken"] == "allow_processing"
    assert answer.json()["mapping"]["fields"].keys() <= {*person, "first_name", "last_name"}
    ((lead, _),) = arrived(person["email"])
    assert lead.source_id == SOURCES["LEADFLY_WEBHOOK_TOKEN"]
    assert said(lead) == person


def test_the_items_of_a_trigger_without_ids_are_understood(n8n_url, arrived):
    person = somebody() | {"phone": ""}

    assert post(n8n_url, json=senders.n8n_typeform_trigger(person)).status_code == 200

    ((lead, _),) = arrived(person["email"])
    assert said(lead) == person


def test_a_submission_posted_again_gets_the_same_answer_byte_for_byte(n8n_url, arrived):
    person = somebody()
    first = post(n8n_url, json=senders.typeform(person))

    again = post(n8n_url, json=senders.typeform(person) | {"event_id": "another"})

    assert again.content == first.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(arrived(person["email"])) == 1


def test_a_person_who_fills_in_another_form_is_a_duplicate(n8n_url):
    person = somebody()
    first = post(n8n_url, data=senders.elementor_simple(person)).json()

    again = post(n8n_url, files=senders.jotform(person))

    assert again.status_code == 200
    assert again.json()["action_taken"] == "reject_duplicate"
    assert again.json()["duplicate_of"] == first["lead_id"]


def test_a_post_that_reaches_nobody_is_refused_as_leadfly_refuses_it(n8n_url):
    answer = post(n8n_url, json={"Your name": "Ann Lee"})

    assert answer.status_code == 400
    assert answer.json()["success"] is False


def test_with_leadfly_down_the_sender_is_asked_to_come_back_and_nothing_leaks(
    n8n_url, stopped, tokens, services_port
):
    person = somebody()
    answer = post(n8n_url, json=senders.typeform(person), headers={"Cookie": "session=secret"})

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    token = tokens["LEADFLY_WEBHOOK_TOKEN"]
    for leak in (token, str(services_port), person["email"], "secret", "stack"):
        assert leak not in answer.text
