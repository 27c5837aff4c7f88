import json

import pytest
import requests

from tests.e2e.n8n import copies
from tests.e2e.n8n.posts import FORM_PATH, WEBHOOK_PATH, fill_in, post, somebody, thanked
from tests.e2e.n8n.waiting import wait_for

JSON, HTML, XML = "application/json", "text/html", "application/xml"
TAKES, FAULT = (200, JSON, "{}"), '{"success":false,"error":{"code":"X"}}'


# The form ----------------------------------------------------------------------------------------


def test_the_answers_reach_the_source_of_the_token(n8n_url, stand_in, kept_of_forms, tokens):
    stand_in.answers = [TAKES]

    fill_in(n8n_url, somebody())

    assert stand_in.paths == [f"/in/{tokens['LEADFLY_FORM_TOKEN']}"]


def test_the_campaign_in_the_forms_address_goes_along(n8n_url, stand_in, kept_of_forms):
    stand_in.answers = [TAKES]

    fill_in(n8n_url, somebody(), path=f"{FORM_PATH}?utm_source=ads")

    assert json.loads(stand_in.seen[0][1])["formQueryParameters"] == {"utm_source": "ads"}


@pytest.mark.parametrize(
    "answer", [(401, JSON, FAULT), (404, JSON, "{}"), (503, JSON, FAULT), (200, HTML, "<p>")]
)
def test_a_lead_that_was_not_taken_is_kept_as_it_was_sent(n8n_url, stand_in, kept_of_forms, answer):
    stand_in.answers = [answer]

    assert thanked(fill_in(n8n_url, somebody()))

    (row,) = kept_of_forms.rows()
    assert row["state"] == "waiting"
    assert row["lead"].encode() == stand_in.seen[0][1]


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_lead_that_can_never_be_taken_is_kept_as_failed_with_the_reason(
    n8n_url, stand_in, kept_of_forms, status
):
    stand_in.answers = [(status, JSON, FAULT)]

    assert thanked(fill_in(n8n_url, somebody()))

    (row,) = kept_of_forms.rows()
    assert (row["state"], row["last_answer"]) == ("failed", f'{status} {{"code":"X"}}')


def test_a_visitor_waits_no_longer_than_three_seconds_for_a_silent_service(
    n8n_url, stand_in, kept_of_forms
):
    response = fill_in(n8n_url, somebody())

    assert thanked(response)
    assert response.elapsed.total_seconds() < 5
    assert len(kept_of_forms.rows()) == 1


def test_a_visitor_whose_lead_is_neither_sent_nor_kept_is_asked_to_try_again(
    n8n_url, stand_in, kept_of_forms
):
    stand_in.answers = [(503, JSON, FAULT), (503, JSON, FAULT), TAKES]
    fill_in(n8n_url, somebody())
    kept_of_forms.shadow(f"{copies.FORM_TABLE} of last year")
    try:
        response = fill_in(n8n_url, somebody())
    finally:
        kept_of_forms.unshadow()

    assert response.status_code == 500
    assert "example" not in response.text


def test_one_lead_that_never_passes_does_not_hold_up_the_others(n8n_url, stand_in, kept_of_forms):
    stand_in.answers = [(500, JSON, FAULT)]
    for _ in range(2):
        fill_in(n8n_url, somebody(), path=copies.GERMAN_FORM)
    first, _ = (row["lead"] for row in kept_of_forms.rows())
    stand_in.answers, stand_in.refused = [TAKES], first.encode()

    wait_for(lambda: [row["lead"] for row in kept_of_forms.rows()] == [first])


def test_n8n_keeps_no_execution_and_so_neither_lead_nor_token(n8n_url, stand_in, kept_of_forms):
    for answer in (TAKES, (503, JSON, FAULT)):
        stand_in.answers = [answer]
        fill_in(n8n_url, somebody())
        post(n8n_url, json=somebody())

    wait_for(lambda: kept_of_forms.executions() == 0)


# The webhook -------------------------------------------------------------------------------------


def test_a_post_arrives_whole_with_its_headers_and_query(n8n_url, stand_in, tokens):
    stand_in.answers = [(200, JSON, "{}")]

    url = f"{n8n_url}/webhook/{WEBHOOK_PATH}?utm_source=ads"
    requests.post(url, json={"deep": [1, None, "ü"]}, headers={"X-Sender": "form"}, timeout=30)

    assert stand_in.paths == [f"/in/{tokens['LEADFLY_WEBHOOK_TOKEN']}"]
    whole = json.loads(stand_in.seen[0][1])
    assert whole["body"] == {"deep": [1, None, "ü"]}
    assert whole["query"] == {"utm_source": "ads"}
    assert whole["headers"]["x-sender"] == "form"
    assert {"params", "webhookUrl", "executionMode"} <= whole.keys()


@pytest.mark.parametrize(
    ("status", "content_type", "body"),
    [(200, XML, "<response/>"), (200, JSON, "{}"), (400, JSON, FAULT), (503, JSON, FAULT)],
)
def test_an_answer_of_leadflys_passes_through(n8n_url, stand_in, status, content_type, body):
    stand_in.answers = [(status, content_type, body)]

    answer = post(n8n_url, json=somebody())

    assert (answer.status_code, answer.text) == (status, body)
    assert answer.headers["Content-Type"].startswith(content_type)
    assert answer.headers.get("Retry-After") == ("1" if status == 503 else None)


@pytest.mark.parametrize("answer", [(200, HTML, "<p>"), (502, HTML, "<p>bad"), (302, HTML, "")])
def test_an_answer_of_something_else_asks_the_sender_to_come_back(n8n_url, stand_in, answer):
    stand_in.answers = [answer]

    assert post(n8n_url, json=somebody()).status_code == 503


def test_a_wrong_token_is_the_workflows_fault_and_not_the_senders(n8n_url, stand_in):
    """Some senders never come back after a 404."""
    stand_in.answers = [(404, JSON, FAULT)]

    answer = post(n8n_url, json=somebody())

    assert answer.status_code == 502
    assert answer.json()["error"]["code"] == "SOURCE_UNKNOWN"
