"""A retry gets the first answer and changes nothing, however it arrives."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

PATH = "/webhook/leadfly/duplicate-prevention"


@pytest.fixture
def send(app, user_id):
    def send(email="ada@example.org", key=None, tenant=user_id, **more):
        headers = {"Idempotency-Key": key} if key is not None else {}
        body = {"user_id": tenant, "source_id": "s", "lead_data": {"email": email}} | more
        return app.test_client().post(PATH, json=body, headers=headers)

    return send


@pytest.mark.parametrize("names_it", [{"key": "abc-1"}, {"submission_id": "abc-1"}])
def test_a_retry_gets_the_first_answer_byte_for_byte(send, names_it):
    first = send(**names_it)
    retry = send(**names_it)

    assert retry.data == first.data
    assert first.headers.get("Idempotent-Replayed") is None
    assert retry.headers["Idempotent-Replayed"] == "true"


def test_without_a_key_a_second_lead_is_a_duplicate(send):
    send()

    assert send().json["action_taken"] == "reject_duplicate"


def test_another_lead_under_the_same_key_is_a_422(send):
    send(key="k")

    response = send(email="other@example.org", key="k")

    assert response.status_code == 422
    assert response.json["error"]["code"] == "INVALID_DATA_FORMAT"


def test_tenants_do_not_share_keys(send):
    first = send(key="k")

    other = send(key="k", tenant="somebody-else-" + first.json["lead_id"])

    assert other.status_code == 200
    assert other.json["lead_id"] != first.json["lead_id"]


def test_the_header_wins_over_the_submission_id(send):
    first = send(key="header", submission_id="body")

    assert send(key="header", submission_id="another").data == first.data


@pytest.mark.parametrize(
    ("names_it", "field"),
    [({"key": "x" * 256}, "Idempotency-Key"), ({"submission_id": 7}, "submission_id")],
)
def test_an_unusable_key_is_named(send, names_it, field):
    response = send(**names_it)

    assert response.status_code == 400
    assert field in response.json["error"]["details"]


def test_simultaneous_retries_all_get_one_answer(send):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: send(key="at-once"), range(24)))

    assert len({answer.data for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1


def test_a_batch_repeats_its_items_too(app, user_id):
    item = {"submission_id": "i-1", "lead_data": {"email": "batch@example.org"}}
    body = {"user_id": user_id, "source_id": "s", "leads": [item, item]}

    first = app.test_client().post(f"{PATH}/batch", json=body).json["results"]
    again = app.test_client().post(f"{PATH}/batch", json=body).json["results"]

    assert first[0] == first[1] == again[0]
    assert first[0]["action_taken"] == "allow_processing"


def test_the_key_itself_is_not_stored(send, owner_conninfo):

    send(key="ada@example.org")

    with psycopg.connect(owner_conninfo) as conn:
        rows = conn.execute("SELECT t::text FROM public.idempotent_answers t").fetchall()
    assert rows
    assert not any("ada@" in text for (text,) in rows)
