import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.n8n.submissions import lead, passed_unchecked

JSON, HTML = "application/json", "text/html"
FAULT = '{"success":false,"error":{"code":"X"}}'
FAILS, TAKES = (500, JSON, FAULT), (200, JSON, '{"success":true}')
DEGRADED = (200, JSON, '{"check_skipped":true,"degraded":true,"receipt_id":"r"}')


@pytest.fixture
def posted_again(stand_in, repost):
    """Run the repost workflow against the answers given and return the requests it made."""

    def posted_again(*answers):
        stand_in.answers, stand_in.seen = answers, []
        repost()
        return stand_in.seen

    return posted_again


@pytest.fixture
def keep(send, stand_in, kept):
    """Send leads while every check of them fails."""

    def keep(*bodies):
        stand_in.answers = [FAILS]
        for body in bodies:
            assert send(body).json()["kept_for_check"] is True

    return keep


def test_the_second_post_is_the_first_one_with_its_time(keep, stand_in, posted_again):
    body = lead(submission_id="ключ", extra={"deep": [1, None, "ü\ud800"]}, context={"ip": None})
    before = datetime.now(UTC)
    keep(body)
    first_headers, first = stand_in.seen[0]

    ((headers, again),) = posted_again(TAKES)

    assert headers["Idempotency-Key"] == first_headers["Idempotency-Key"]
    assert headers["Content-Type"] == first_headers["Content-Type"]
    sent = json.loads(again)
    at = datetime.fromisoformat(sent["context"].pop("submitted_at"))
    assert before - timedelta(seconds=1) <= at <= datetime.now(UTC)
    assert sent == json.loads(first) == body


@pytest.mark.parametrize(
    "body",
    [
        lead(context={"submitted_at": "2026-01-02T03:04:05Z", "ip": "203.0.113.9"}),
        lead(context="no object"),
        [lead()],
    ],
)
def test_a_body_with_its_own_time_or_none_to_add_is_posted_as_it_was(
    keep, stand_in, posted_again, body
):
    keep(body)
    first = stand_in.seen[0][1]

    ((_, again),) = posted_again(TAKES)

    assert again == first


def test_a_lead_that_the_degraded_service_holds_itself_is_not_kept(send, stand_in, kept):
    stand_in.answers = [DEGRADED]

    assert send(lead()).text == DEGRADED[2]
    assert kept.rows() == []


def test_a_lead_that_the_degraded_service_takes_over_is_forgotten(keep, kept, posted_again):
    keep(lead())
    posted_again(DEGRADED)

    assert kept.rows() == []


def test_a_lead_that_was_taken_is_forgotten_and_not_posted_again(keep, kept, posted_again):
    keep(lead())
    posted_again(TAKES)

    assert kept.rows() == []
    assert posted_again(TAKES) == []


@pytest.mark.parametrize("status", [400, 403, 409, 413, 415, 422])
def test_a_lead_that_can_never_succeed_is_kept_as_failed(keep, kept, posted_again, status):
    keep(lead(), lead())
    posted_again((status, JSON, FAULT), TAKES)

    (row,) = kept.rows()
    assert row["state"] == "failed"
    assert row["last_answer"] == f'{status} {{"code":"X"}}'
    assert posted_again(TAKES) == []


def test_a_failed_lead_set_to_waiting_is_posted_once_more(keep, kept, posted_again):
    keep(lead())
    posted_again((422, JSON, FAULT))
    kept.change(state="waiting")

    assert len(posted_again(TAKES)) == 1
    assert kept.rows() == []


@pytest.mark.parametrize("days", [29, 31])
def test_a_failed_lead_is_forgotten_after_thirty_days(keep, kept, posted_again, days):
    keep(lead())
    posted_again((422, JSON, FAULT))
    failed_at = datetime.now(UTC) - timedelta(days=days)
    kept.change(updatedAt=f"{failed_at:%Y-%m-%d %H:%M:%S}.000")

    posted_again(TAKES)

    assert len(kept.rows()) == (days < 30)


def test_a_waiting_lead_is_kept_however_old(keep, kept, posted_again):
    keep(lead())
    kept.change(updatedAt="2020-01-01 00:00:00.000")

    posted_again((503, JSON, FAULT))

    assert len(kept.rows()) == 1


@pytest.mark.parametrize(
    "answer", [(401, JSON, FAULT), (404, HTML, "<p>"), (429, JSON, FAULT), (503, JSON, FAULT)]
)
def test_not_now_ends_the_run_and_leaves_every_lead(keep, kept, posted_again, answer):
    keep(lead(), lead())
    before = kept.rows()

    assert len(posted_again(answer)) == 1
    assert kept.rows() == before


@pytest.mark.parametrize("answer", [(502, HTML, "<p>"), (200, HTML, "<p>"), (302, HTML, "")])
def test_something_else_in_the_services_place_changes_nothing(
    keep, kept, stand_in, posted_again, answer
):
    keep(lead(), lead())
    before = kept.rows()
    stand_in.health = 502

    assert len(posted_again(answer)) == 1
    assert kept.rows() == before


@pytest.mark.parametrize("answers", [[FAILS], []], ids=["fails", "silent"])
def test_a_lead_that_alone_fails_lets_the_others_past(keep, kept, posted_again, answers):
    poison, other = lead(), lead()
    keep(poison, other)
    posted_again(*answers)

    (_, again), *more = posted_again(TAKES)

    assert json.loads(again)["user_id"] == other["user_id"]
    assert more == []
    (row,) = kept.rows()
    assert json.loads(row["lead"])["user_id"] == poison["user_id"]
    put_off = datetime.fromisoformat(row["try_after"]).replace(tzinfo=UTC) - datetime.now(UTC)
    assert timedelta(minutes=9) < put_off <= timedelta(minutes=10)


def test_the_first_leads_ever_kept_may_come_at_once(send, stand_in, kept):
    stand_in.answers = [FAILS]
    kept.drop()

    with ThreadPoolExecutor(6) as senders:
        answers = list(senders.map(lambda _: send(lead()).json(), range(6)))

    assert [answer["kept_for_check"] for answer in answers] == [True] * 6
    assert len(kept.rows()) == 6


def test_a_lead_that_cannot_be_kept_passes_and_the_answer_says_so(send, stand_in, keep, kept):
    keep(lead())
    kept.shadow("LeadFly unchecked leads of last year")
    try:
        answer = send(lead())
    finally:
        kept.unshadow()

    assert passed_unchecked(answer)
    assert answer.json()["kept_for_check"] is False
    assert len(kept.rows()) == 1
