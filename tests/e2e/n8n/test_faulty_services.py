import json

import pytest

from tests.e2e.n8n.submissions import lead, passed_unchecked

JSON, HTML = "application/json", "text/html"
FAULT = '{"success":false,"error":{"code":"X"}}'


def test_the_body_arrives_whole_with_the_submissions_own_key(send, stand_in):
    stand_in.answers = [(200, JSON, '{"success":true,"n":1}')]
    body = lead(submission_id="abc-1", extra={"deep": [1, None, "ü"]})

    response = send(body, **{"Idempotency-Key": "of-the-header"})

    ((headers, sent),) = stand_in.seen
    assert json.loads(sent) == body
    assert headers["Idempotency-Key"] == "abc-1"
    assert response.text == '{"success":true,"n":1}'


@pytest.mark.parametrize(
    ("submission_id", "key"),
    [(7, "7"), ("ключ", "%D0%BA%D0%BB%D1%8E%D1%87"), ("a\r\nX-Evil: 1", "a%0D%0AX-Evil%3A%201")],
)
def test_any_submission_id_makes_a_header(send, stand_in, submission_id, key):
    stand_in.answers = [(200, JSON, "{}")]

    send(lead(submission_id=submission_id))

    assert stand_in.seen[0][0]["Idempotency-Key"] == key


@pytest.mark.parametrize("odd", [None, "", {"a": 1}, "\ud800"])
def test_without_an_id_every_try_of_one_execution_has_the_same_key(send, stand_in, odd):
    stand_in.answers = [(503, JSON, FAULT), (200, JSON, "{}")]

    send(lead(submission_id=odd))
    send(lead(submission_id=odd))

    first, retried, other = (headers["Idempotency-Key"] for headers, _ in stand_in.seen)
    assert first == retried != other


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("content_type", [JSON, HTML])
def test_a_wrong_key_never_passes_a_lead(send, stand_in, status, content_type):
    stand_in.answers = [(status, content_type, "{}")]

    response = send(lead())

    assert response.status_code == 502
    assert response.json()["success"] is False
    assert "API key" in response.json()["error"]["message"]
    assert len(stand_in.seen) == 1


def test_a_lead_beyond_the_rate_limit_is_tried_again_as_the_service_asks(send, stand_in):
    stand_in.answers = [(429, JSON, FAULT), (200, JSON, '{"success":true}')]

    response = send(lead())

    assert response.text == '{"success":true}'
    assert response.elapsed.total_seconds() >= 1
    assert len({headers["Idempotency-Key"] for headers, _ in stand_in.seen}) == 1


def test_a_lasting_rate_limit_is_handed_on_and_never_passes_a_lead(send, stand_in):
    stand_in.answers = [(429, JSON, FAULT)]

    response = send(lead())

    assert (response.status_code, response.text) == (429, FAULT)
    assert response.headers["Retry-After"] == "1"
    assert len(stand_in.seen) == 3


@pytest.mark.parametrize("status", [400, 409, 413, 415, 422])
def test_a_request_that_can_never_succeed_is_not_tried_again(send, stand_in, status):
    stand_in.answers = [(status, JSON, FAULT)]

    response = send(lead())

    assert (response.status_code, response.text) == (status, FAULT)
    assert len(stand_in.seen) == 1


def test_a_passing_failure_is_tried_again(send, stand_in):
    stand_in.answers = [(503, JSON, FAULT), (200, JSON, '{"success":true}')]

    assert send(lead()).text == '{"success":true}'
    assert len(stand_in.seen) == 2


@pytest.mark.parametrize(
    "answer", [(500, JSON, FAULT), (502, HTML, "<p>bad"), (404, HTML, "<p>no"), (200, HTML, "<p>")]
)
def test_a_lasting_failure_passes_the_lead_after_three_tries(send, stand_in, answer):
    stand_in.answers = [answer]

    response = send(lead())

    assert passed_unchecked(response)
    assert response.json()["reason"] == "service_error"
    assert len(stand_in.seen) == 3


def test_a_redirect_is_not_followed(send, stand_in):
    stand_in.answers = [(302, HTML, "")]

    assert passed_unchecked(send(lead()))


def test_a_service_that_does_not_answer_passes_the_lead_within_ten_seconds(send, stand_in):
    response = send(lead())

    assert passed_unchecked(response)
    assert response.json()["reason"] == "service_timeout"
    assert response.elapsed.total_seconds() < 10
