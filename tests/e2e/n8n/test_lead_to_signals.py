"""A lead that the check lets pass is read for signals; one that it blocks is not."""

import time

import pytest
import requests

from tests.e2e.n8n.submissions import lead

REGISTERED_SECONDS = 30
"""n8n says that it is ready while it still registers webhooks, one after the other."""


@pytest.fixture(scope="module")
def url(n8n_url):
    """Where the workflow is reached, once n8n knows it."""
    url = f"{n8n_url}/webhook/leadfly/lead-to-signals"
    give_up = time.monotonic() + REGISTERED_SECONDS
    while requests.post(url, json={}, timeout=30).status_code == 404:
        assert time.monotonic() < give_up
        time.sleep(0.2)
    return url


@pytest.fixture
def send(url):
    return lambda body: requests.post(url, json=body, timeout=30)


def written(message="We need a loan of 50,000 euros for a second oven."):
    body = lead()
    return body | {"lead_data": body["lead_data"] | {"message": message}}


def test_a_new_lead_is_answered_with_the_check_and_its_signals(send):
    answer = send(written())

    assert answer.status_code == 200
    assert answer.json()["action_taken"] == "allow_processing"
    assert answer.json()["signal_detection"]["success"] is True
    assert answer.json()["signal_detection"]["detection_id"] is not None


def test_a_lead_that_wrote_nothing_has_no_signals(send):
    assert send(lead()).json()["signal_detection"]["signals"] == []


def test_a_flat_lead_is_read_too(send):
    body = written()
    flat = {"user_id": body["user_id"], "source_id": "form", **body["lead_data"]}

    assert send(flat).json()["signal_detection"]["detection_id"] is not None


def test_a_duplicate_is_answered_by_the_check_alone(send):
    body = written()
    send(body)

    again = send(body | {"lead_data": body["lead_data"] | {"message": "Still waiting."}})

    assert again.json()["action_taken"] == "reject_duplicate"
    assert "signal_detection" not in again.json()


def test_a_lead_without_contact_is_refused_as_the_check_refuses_it(send):
    answer = send({"user_id": "acme", "source_id": "form", "lead_data": {"message": "Hello."}})

    assert answer.status_code == 400


def test_with_the_services_down_the_sender_is_asked_to_come_back(send, stopped):
    answer = send(written())

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
