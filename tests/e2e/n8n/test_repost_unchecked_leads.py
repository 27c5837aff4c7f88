import time
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import requests

from tests.e2e.n8n import copies
from tests.e2e.n8n.kept import Kept
from tests.e2e.n8n.submissions import lead, passed_unchecked
from tests.e2e.n8n.waiting import wait_for


@pytest.fixture
def kept_for_the_clock(n8n_url, n8n_folder):
    """The leads that the clocked copy posts again; none when the test begins."""
    kept = Kept(n8n_folder, copies.CLOCK_TABLE)
    kept.clear()
    return kept


def send_to_the_clock(n8n_url, body):
    return requests.post(f"{n8n_url}/webhook/{copies.BY_CLOCK}", json=body, timeout=30)


def test_a_lead_of_an_outage_is_stored_once_and_checked_afterwards(
    send, services, kept, repost, stored
):
    body = lead(submission_id=uuid4().hex)
    services.stop()
    answer = send(body)
    assert passed_unchecked(answer)
    assert answer.json()["kept_for_check"] is True
    services.start()

    repost()
    repost()

    (record,) = stored(body["user_id"])
    assert record["action"] == "allow_processing"
    assert kept.rows() == []
    assert send(body).headers["Idempotent-Replayed"] == "true"


def test_a_duplicate_of_an_outage_becomes_a_record_of_the_known_person(
    send, services, kept, repost, stored
):
    body = lead()
    send(body)
    services.stop()
    assert passed_unchecked(send(body))
    services.start()

    repost()

    known, duplicate = stored(body["user_id"], expected=2)
    assert duplicate["action"] == "reject_duplicate"
    assert duplicate["duplicate_of"] == known["id"]
    assert duplicate["subject_id"] == known["subject_id"]


def test_leads_of_one_outage_are_checked_in_the_order_they_came(
    send, services, kept, repost, stored
):
    body = lead()
    services.stop()
    send(body | {"source_id": "first"})
    send(body | {"source_id": "second"})
    services.start()

    repost()

    first, second = stored(body["user_id"], expected=2)
    assert (first["source_id"], first["action"]) == ("first", "allow_processing")
    assert (second["source_id"], second["action"]) == ("second", "reject_duplicate")


def test_the_later_check_judges_as_of_the_time_the_lead_came(send, services, kept, repost, stored):
    body, known_time = lead(), "2026-01-02T03:04:05+00:00"
    timed = lead(context={"submitted_at": known_time})
    services.stop()
    before = datetime.now(UTC)
    send(body)
    after = datetime.now(UTC)
    send(timed)
    services.start()

    repost()

    assert before <= stored(body["user_id"])[0]["submitted_at"] <= after
    assert stored(timed["user_id"])[0]["submitted_at"].isoformat() == known_time


def test_a_form_of_an_outage_is_read_afterwards_like_any_other(
    n8n_url, services, kept, repost, stored
):
    word = uuid4().hex
    services.stop()
    before = datetime.now(UTC)
    answer = requests.post(
        f"{n8n_url}/webhook/leadfly/duplicate-prevention",
        data={
            "user_id": f"tenant-{word}",
            "email": f"{word}@example-works.com",
            "form_fill_ms": "8400",
            "context[ip]": "203.0.113.9",
        },
        timeout=30,
    )
    services.start()
    after = datetime.now(UTC)

    repost()

    assert passed_unchecked(answer)
    (record,) = stored(f"tenant-{word}")
    assert record["action"] in ("allow_processing", "flag_for_review")
    assert before <= record["submitted_at"] <= after
    assert kept.rows() == []


def test_a_service_that_stays_down_loses_no_lead(send, stopped, kept, repost):
    send(lead())
    send(lead())
    before = kept.rows()

    repost()
    repost()

    assert kept.rows() == before
    assert len(before) == 2


def test_the_clock_posts_again_what_an_outage_kept(n8n_url, services, kept_for_the_clock, stored):
    body = lead()
    services.stop()
    assert passed_unchecked(send_to_the_clock(n8n_url, body))
    time.sleep(copies.CLOCK_SECONDS)
    assert len(kept_for_the_clock.rows()) == 1
    services.start()

    wait_for(lambda: not kept_for_the_clock.rows())

    assert [record["action"] for record in stored(body["user_id"])] == ["allow_processing"]


def test_a_lead_whose_first_answer_was_lost_is_stored_once(
    n8n_url, passage, kept_for_the_clock, stored
):
    body = lead(submission_id=uuid4().hex)
    passage.lossy = True
    try:
        assert passed_unchecked(send_to_the_clock(n8n_url, body))
    finally:
        passage.lossy = False

    wait_for(lambda: not kept_for_the_clock.rows())

    first, *_, last = (answer for key, answer in passage.seen if key == body["submission_id"])
    assert last.content == first.content
    assert last.headers["Idempotent-Replayed"] == "true"
    assert len(stored(body["user_id"])) == 1
