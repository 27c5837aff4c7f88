"""A new lead goes from the check to the alert; where a service is dead it goes on later."""

from uuid import uuid4

import pytest
import requests

from tests.e2e.n8n import copies, intake
from tests.e2e.n8n.intake import ADVISERS, BANK, LOAN, Account, rows


@pytest.fixture
def account(services_port, n8n_url):
    return Account(f"http://127.0.0.1:{services_port}", BANK, ADVISERS)


@pytest.fixture(scope="module")
def post(n8n_url):
    """Post to a webhook of n8n's."""

    def post(path="leadfly/webhook/new-lead", **request):
        return requests.post(f"{n8n_url}/webhook/{path}", timeout=60, **request)

    return post


@pytest.fixture
def cut_off(passage):
    """Cut posts off whose path has one of some words in it, as long as the test says."""

    def cut_off(*words):
        passage.dead = words

    yield cut_off
    passage.dead = ()


def test_a_new_lead_is_checked_read_matched_and_told_of(post, account, services_home):
    answer = post(json=account.lead())

    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["success"] is True
    assert told["action_taken"] == "allow_processing"
    assert told["needs_identified"] == ["business_loan"]
    assert told["matches"][0]["service_name"] == "Oven loans"
    assert any(step.startswith("Oven loans: ") for step in told["next_steps"])
    assert told["kept_to_finish"] is False
    assert len(told["alert_ids"]) == 1
    assert rows(services_home, intake.RAISED, account.user_id) == [(None, told["lead_id"])]
    assert rows(services_home, intake.READ, account.user_id) == [(told["lead_id"],)]
    assert rows(services_home, intake.MATCHED, account.user_id) == [(told["lead_id"],)]


def test_a_lead_that_wrote_nothing_is_matched_and_told_of(post, account):
    told = post("leadfly/new-lead", json=account.lead(message=None)).json()

    assert told["needs_identified"] == []
    assert told["matches_count"] > 0
    assert len(told["alert_ids"]) == 1


def test_what_would_be_asked_next_is_a_next_step(post, account):
    told = post(json=account.lead(message=None)).json()

    assert told["ask_next"] is not None
    assert told["ask_next"]["question"] in told["next_steps"]


def test_a_form_post_is_taken_in_too(post, account):
    told = post(data=account.lead()).json()

    assert told["needs_identified"] == ["business_loan"]


def test_a_lead_in_the_checks_own_shape_is_read_too(post, account):
    flat = account.lead()
    body = {name: flat.pop(name) for name in ("user_id", "source_id")} | {"lead_data": flat}

    assert post(json=body).json()["needs_identified"] == ["business_loan"]


def test_an_account_without_services_is_told_of_its_leads(post, services_port):
    nobody = Account(f"http://127.0.0.1:{services_port}")

    told = post(json=nobody.lead()).json()

    assert (told["matches"], told["matches_count"]) == ([], 0)
    assert len(told["alert_ids"]) == 1


VISITS = [{"type": "page_view", "url": "https://bank.example/loans/rates"}] * 3


def test_what_a_lead_did_is_read_where_it_agreed(post, account):
    agreed = {
        "purposes": ["lead_processing", "behavioural_tracking"],
        "text_version": "2026-01",
        "given_at": "2026-11-20T09:00:00Z",
        "proof": "checkbox",
    }

    told = post(json=account.lead(message=None, behavior=VISITS, consent=agreed)).json()

    assert "business_loan" in told["needs_identified"]


def test_behaviour_without_consent_costs_nothing_that_was_written(post, account):
    told = post(json=account.lead(behavior=VISITS)).json()

    assert told["needs_identified"] == ["business_loan"]
    assert len(told["alert_ids"]) == 1


def test_a_lead_that_the_account_knows_is_answered_and_goes_no_further(
    post, account, services_home
):
    lead = account.lead()
    first = post(json=lead).json()

    answer = post(json=lead | {"message": "Still waiting."})

    assert answer.status_code == 200
    assert answer.json()["action_taken"] == "reject_duplicate"
    assert answer.json()["duplicate_of"] == first["lead_id"]
    assert answer.json()["next_steps"]
    assert len(rows(services_home, intake.RAISED, account.user_id)) == 1


def test_a_flagged_lead_waits_for_its_review(post, account, services_home):
    doubtful = account.lead(email=f"{uuid4().hex}@tempmail.com", phone="+1-000-000-0000")

    told = post(json=doubtful | {"company": "Test Corp"}).json()

    assert told["action_taken"] == "flag_for_review"
    assert told["review_id"] is not None
    assert told["matches_count"] is None
    assert rows(services_home, intake.READ, account.user_id) == []


def test_a_lead_without_contact_is_refused_as_the_check_refuses_it(post, account):
    answer = post(json={"user_id": account.user_id, "message": LOAN})

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "INVALID_DATA_FORMAT"


@pytest.mark.parametrize("body", [[], [1], {"user_id": 7}, {"lead_data": "x"}, {"behavior": {}}])
def test_odd_bodies_are_a_clear_answer(post, body):
    assert post(json=body).status_code in (400, 422)


def test_a_lead_sent_again_under_its_name_gets_the_same_alert(post, account, services_home):
    lead = account.lead(submission_id=uuid4().hex)
    first = post(json=lead).json()

    again = post(json=lead).json()

    assert again["lead_id"] == first["lead_id"]
    assert again["alert_ids"] == first["alert_ids"]
    assert len(rows(services_home, intake.RAISED, account.user_id)) == 1


# What is dead ------------------------------------------------------------------------------------


def test_with_the_services_down_a_lead_is_kept_and_finished_later(
    post, account, services, stored, services_home, kept_to_finish, finish
):
    lead = account.lead()
    services.stop()
    told = post(copies.WATCHED, json=lead)
    services.start()

    assert told.status_code == 200
    assert told.json()["kept_to_finish"] is True
    assert told.json()["check_skipped"] is True
    assert told.json()["lead_id"] is None
    for leak in (lead["email"], "127.0.0.1", "stack"):
        assert leak not in told.text
    finish()
    finish()

    (record,) = stored(account.user_id)
    assert record["action"] == "allow_processing"
    lead_id = str(record["id"])
    assert rows(services_home, intake.RAISED, account.user_id) == [(None, lead_id)]
    assert rows(services_home, intake.READ, account.user_id) == [(lead_id,)]
    assert rows(services_home, intake.MATCHED, account.user_id) == [(lead_id,)]
    assert kept_to_finish.rows() == []


@pytest.mark.parametrize("dead", ["signal-detection", "/match", "leadfly/alerts"])
def test_where_a_later_service_is_dead_the_lead_passes_and_goes_on_later(
    post, account, cut_off, services_home, kept_to_finish, finish, dead
):
    lead = account.lead()
    cut_off(dead)

    told = post(copies.WATCHED, json=lead).json()

    assert (told["action_taken"], told["kept_to_finish"]) == ("allow_processing", True)
    (row,) = kept_to_finish.rows()
    assert row["lead_id"] == told["lead_id"]
    assert lead["email"] not in row["lead"]
    finish()
    assert len(kept_to_finish.rows()) == 1
    cut_off()
    kept_to_finish.change(try_after="2026-01-01 00:00:00.000")
    finish()
    assert kept_to_finish.rows() == []
    assert rows(services_home, intake.RAISED, account.user_id) == [(None, told["lead_id"])]
    assert rows(services_home, intake.READ, account.user_id) == [(told["lead_id"],)]
    assert rows(services_home, intake.MATCHED, account.user_id) == [(told["lead_id"],)]


def test_a_lead_erased_while_it_waited_is_forgotten(
    post, account, cut_off, services_port, kept_to_finish, finish
):
    cut_off("signal-detection")
    lead_id = post(copies.WATCHED, json=account.lead()).json()["lead_id"]
    cut_off()
    url = f"http://127.0.0.1:{services_port}{intake.REST}/leads/{lead_id}"
    erased = requests.delete(url, params={"user_id": account.user_id}, timeout=10)
    assert erased.status_code == 200, erased.text

    finish()
    assert len(kept_to_finish.rows()) == 1
    kept_to_finish.change(try_after="2026-01-01 00:00:00.000", createdAt="2026-01-01 00:00:00.000")
    finish()

    assert kept_to_finish.rows() == []


def test_what_can_never_be_checked_is_kept_as_failed(
    post, account, cut_off, kept_to_finish, finish
):
    cut_off("duplicate-prevention")
    post(copies.WATCHED, json={"user_id": account.user_id, "message": LOAN})
    cut_off()

    finish()

    (row,) = kept_to_finish.rows()
    assert row["state"] == "failed"
    assert row["last_answer"].startswith("400 ")
