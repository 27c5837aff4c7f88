"""The public cases L1 to L12 of the contract, over HTTP and on a real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor

import pytest


def test_l1_a_valid_lead_is_allowed(post):
    answer = post(
        email="john.doe@acmecorp.com",
        first_name="John",
        last_name="Doe",
        company="Acme Corporation",
        phone="+1-555-123-4567",
    )

    assert answer["success"] is True
    assert answer["duplicate_check_complete"] is True
    assert answer["action_taken"] == "allow_processing"
    assert answer["prevention_action"] == "continue_workflow"
    assert answer["risk_level"] == "low"


def test_l2_one_email_under_another_name_is_a_duplicate(post):
    first = post(email="jo.doe@acme.com", first_name="John", last_name="Doe", company="Acme")

    answer = post(email="jo.doe@acme.com", first_name="Jonathan", last_name="Smith", company="Acme")

    assert answer["duplicate_found"] is True
    assert answer["confidence_score"] > 0.9
    assert answer["action_taken"] == "reject_duplicate"
    assert answer["duplicate_of"] == first["lead_id"]


@pytest.mark.parametrize(
    "spelling", ["(555) 987-6543", "555.987.6543", "15559876543", "555-987-6543"]
)
def test_l3_one_phone_in_any_spelling_is_a_duplicate(post, spelling):
    post(email="phone.one@example.com", phone="+1-555-987-6543")

    answer = post(email="phone.two@example.com", phone=spelling)

    assert answer["confidence_score"] > 0.8


def test_l4_a_vanity_phone_is_one_number_however_it_is_punctuated(post):
    post(email="vanity.one@example.com", phone="555-DUPLICATE")

    answer = post(email="vanity.two@example.com", phone="(555) DUPLICATE")

    assert answer["action_taken"] == "reject_duplicate"


@pytest.mark.parametrize(
    "variation",
    [
        {
            "email": "mike.johnson@techsolutions.com",
            "first_name": "Mike",
            "company": "Tech Solutions Inc",
        },
        {"email": "michael.j@tsi.com", "first_name": "Michael", "company": "TSI"},
    ],
)
def test_l5_nickname_abbreviation_and_acronym_are_fuzzy_evidence(post, variation):
    post(
        email="fuzzy.original@corp.com",
        first_name="Michael",
        last_name="Johnson",
        company="Technology Solutions Inc",
    )

    answer = post(**{"last_name": "Johnson"} | variation)

    assert check(answer, "fuzzy_match") >= 0.7
    assert answer["duplicate_found"] is True


def test_l6_a_first_name_at_a_like_named_company_is_not_a_duplicate(post):
    post(
        email="john.smith@acme.com",
        phone="+1-212-555-0147",
        first_name="John",
        last_name="Smith",
        company="Acme Corporation",
    )

    answer = post(
        email="john@acme-corp.net", phone="+1-415-555-0199", first_name="John", company="Acme Corp"
    )

    assert answer["action_taken"] == "allow_processing"


def test_l7_disposable_mail_with_a_dead_phone_and_a_test_company_is_flagged(post):
    answer = post(
        email="test@tempmail.com",
        phone="+1-000-000-0000",
        first_name="Test",
        last_name="User",
        company="Test Corp",
    )

    assert answer["action_taken"] == "flag_for_review"
    assert answer["duplicate_found"] is False
    assert answer["risk_level"] == "high"
    assert answer["review_id"]


def test_l8_a_lead_that_nobody_can_reach_is_a_clear_error(post):
    error = post(first_name="John", last_name="Doe", expect=400)

    assert error["success"] is False
    assert "lead_data.email" in error["error"]["details"]


def test_l9_a_burst_of_one_name_and_company_is_a_bulk_pattern(post):
    def submit(number):
        return post(
            email=f"bulk{number}@example.com",
            phone=f"+1-555-000-100{number}",
            first_name="Bulk",
            last_name="Sender",
            company="Bulk Company",
        )

    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(submit, range(5)))

    factors = [answer["risk_assessment"]["risk_factors"] for answer in answers]
    assert any("bulk_submission_pattern" in each for each in factors)


def test_l10_a_missing_user_id_means_anonymous_on_this_machine(client):
    response = client.post(
        "/webhook/leadfly/duplicate-prevention",
        json={"source_id": "s", "lead_data": {"email": "someone@error.example"}},
    )

    assert response.status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"source_id": "s"}, "lead_data"),
        ({"lead_data": {"email": ""}}, "lead_data.email"),
        ({"lead_data": {"email": "not-an-email"}}, "lead_data.email"),
        ({"lead_data": {"email": 7}}, "lead_data.email"),
        ({"lead_data": []}, "lead_data"),
        ({"lead_data": None}, "lead_data"),
        ({"user_id": 1, "lead_data": {"email": "a@b.example"}}, "user_id"),
    ],
)
def test_l10_what_is_wrong_is_named_by_its_field(client, body, field):
    response = client.post("/webhook/leadfly/duplicate-prevention", json={"user_id": "t"} | body)

    assert response.status_code == 400
    assert field in response.json["error"]["details"]
    assert response.json["error"]["code"] == "INVALID_DATA_FORMAT"


def test_l11_of_five_simultaneous_equals_exactly_one_is_allowed(post):
    def submit(_):
        return post(email="same@example.com", first_name="Same", last_name="Person")

    with ThreadPoolExecutor(5) as pool:
        actions = [answer["action_taken"] for answer in pool.map(submit, range(5))]

    assert sorted(actions) == ["allow_processing"] + ["reject_duplicate"] * 4


def test_l12_a_hundred_different_leads_at_once_are_all_allowed(post):
    def submit(number):
        return post(
            email=f"perf.test.{number}@example.com",
            first_name=f"Test{number}",
            company=f"Company{number}",
        )

    with ThreadPoolExecutor(20) as pool:
        actions = {answer["action_taken"] for answer in pool.map(submit, range(100))}

    assert actions == {"allow_processing"}


def test_a_dry_run_is_answered_and_not_stored(client, post, user_id):
    lead = {"email": "rehearsal@example.org"}
    body = {"user_id": user_id, "source_id": "s", "lead_data": lead, "options": {"dry_run": True}}

    answer = client.post("/webhook/leadfly/duplicate-prevention", json=body)

    assert answer.json["dry_run"] is True
    assert post(**lead)["action_taken"] == "allow_processing"


def check(answer, kind):
    return next(c["confidence"] for c in answer["checks_performed"] if c["type"] == kind)
