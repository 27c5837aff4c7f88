import time
from uuid import uuid4

import requests

from tests.e2e.n8n.submissions import lead, passed_unchecked


def test_a_new_lead_is_allowed(send):
    response = send(lead())

    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/json")
    assert response.json()["action_taken"] == "allow_processing"
    assert response.json()["check_skipped"] is False


def test_a_known_lead_is_rejected_with_a_200(send):
    body = lead()
    first = send(body).json()

    again = send(body)

    assert again.status_code == 200
    assert again.json()["action_taken"] == "reject_duplicate"
    assert again.json()["duplicate_of"] == first["lead_id"]


def test_a_lead_without_contact_is_a_400_that_names_the_field(send):
    response = send(lead(lead_data={"first_name": "Ada"}))

    assert response.status_code == 400
    assert response.json()["error"]["code"] == "INVALID_DATA_FORMAT"
    assert any("email" in field for field in response.json()["error"]["details"])


def test_a_form_post_is_read_like_json(n8n_url):
    word = uuid4().hex
    response = requests.post(
        f"{n8n_url}/webhook/leadfly/duplicate-prevention",
        data={"user_id": f"tenant-{word}", "email": f"{word}@example-works.com"},
        timeout=30,
    )

    assert response.json()["action_taken"] in ("allow_processing", "flag_for_review")


def test_a_submission_sent_again_gets_the_same_answer_byte_for_byte(send):
    body = lead(submission_id=uuid4().hex)
    first = send(body)

    again = send(body)

    assert again.content == first.content
    assert again.headers["Idempotent-Replayed"] == "true"


def test_the_senders_idempotency_key_counts_where_there_is_no_submission_id(send):
    body, key = lead(), uuid4().hex
    first = send(body, **{"Idempotency-Key": key})

    again = send(body, **{"Idempotency-Key": key})

    assert again.content == first.content


def test_with_the_services_down_the_lead_passes_and_nothing_leaks(send, stopped, services_port):
    response = send(lead(), **{"X-API-Key": "lf_secret_key", "Cookie": "session=secret"})

    assert passed_unchecked(response)
    assert response.json()["reason"] == "service_unreachable"
    for leak in ("lf_secret_key", "secret", "127.0.0.1", str(services_port), "http", "stack"):
        assert leak not in response.text
    assert "example-works" not in response.text


def test_after_a_restart_the_check_is_back(send, services):
    body = lead()
    send(body)
    services.stop()
    assert passed_unchecked(send(body))
    services.start()

    assert send(body).json()["action_taken"] == "reject_duplicate"


def test_the_fail_open_answer_has_every_field_of_a_real_one(send, services):
    real = send(lead()).json()
    services.stop()
    skipped = send(lead()).json()
    services.start()

    assert set(skipped) == set(real) | {"reason", "kept_for_check"}


def test_n8n_keeps_no_execution_and_so_no_lead(send, stopped, kept, repost):
    send(lead())
    repost()

    give_up = time.monotonic() + 10
    while kept.executions() and time.monotonic() < give_up:
        time.sleep(0.2)
    assert kept.executions() == 0
