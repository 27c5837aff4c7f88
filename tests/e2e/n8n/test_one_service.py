"""One workflow a service: what it is sent goes to the service, and the answer comes back."""

import pytest
import requests

from tests.e2e.n8n.intake import BANK, LOAN, Account

BODIES = {
    "signal-detection": {"content": LOAN},
    "matchmaking": {"lead": {"city": "Austin", "state": "TX", "needs": ["business_loan"]}},
    "alerts": {"event": "alert", "data": {"title": "A lorry is late"}},
}
"""By the last part of a service's webhook, what it can answer."""

ANSWERED = {"signal-detection": "signals", "matchmaking": "matches", "alerts": "alert_ids"}


@pytest.fixture(scope="module")
def account(services_port, n8n_url):
    return Account(f"http://127.0.0.1:{services_port}", BANK)


@pytest.fixture(scope="module")
def post(n8n_url):
    """Post to the workflow before a service."""

    def post(service, body, **headers):
        url = f"{n8n_url}/webhook/leadfly/{service}"
        return requests.post(url, json=body, headers=headers, timeout=30)

    return post


@pytest.mark.parametrize("service", BODIES)
def test_the_service_answers(post, account, service):
    answer = post(service, {"user_id": account.user_id} | BODIES[service])

    assert answer.status_code == 200, answer.text
    assert len(answer.json()[ANSWERED[service]]) == 1


@pytest.mark.parametrize("service", BODIES)
def test_what_the_service_refuses_is_refused_in_its_words(post, account, service):
    answer = post(service, {"user_id": account.user_id})

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "INVALID_DATA_FORMAT"


@pytest.mark.parametrize("service", BODIES)
def test_a_lead_of_nobody_is_the_services_404(post, account, service):
    unknown = {"lead_id": "00000000-0000-7000-8000-000000000000"}

    answer = post(service, {"user_id": account.user_id} | BODIES[service] | unknown)

    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "NOT_FOUND"


def test_an_event_sent_again_under_its_key_raises_one_alert(post, account):
    body = {"user_id": account.user_id, "event": "alert", "data": {"title": "Twice"}}
    key = {"Idempotency-Key": "twice"}
    first = post("alerts", body, **key).json()

    assert post("alerts", body, **key).json()["alert_ids"] == first["alert_ids"]


def test_with_the_services_down_the_sender_is_asked_to_come_back(post, account, stopped):
    answers = [post(service, {"user_id": account.user_id} | BODIES[service]) for service in BODIES]

    assert [answer.status_code for answer in answers] == [503, 503, 503]
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers)
    assert not [answer for answer in answers if "127.0.0.1" in answer.text]
