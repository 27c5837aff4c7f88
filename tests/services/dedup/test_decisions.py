"""A decision is read back as it was taken, by its own tenant alone."""

import math
from uuid import uuid4

import pytest

from shared import keys
from tests.services.dedup.flagged import ADA, KING

DECISIONS = "/api/v1/lead-discovery/decisions"


@pytest.fixture
def read(client, user_id):
    """Ask for one decision of this test's tenant."""

    def read(decision_id, expect=200, user_id=user_id):
        answer = client.get(f"{DECISIONS}/{decision_id}", query_string={"user_id": user_id})
        assert answer.status_code == expect, answer.json
        return answer.json

    return read


def weighed(evidence):
    """Return the evidence in an order of its own."""
    said = ("comparison", "level", "weight", "explanation")
    return sorted(tuple(one[name] for name in said) for one in evidence)


def changed(owner, decision_id, evidence):
    """Make the stored evidence what another model would have stored."""
    owner.execute(
        "UPDATE dedup.decisions SET evidence = evidence || %s::jsonb WHERE id = %s",
        [evidence, decision_id],
    )


def test_a_decision_says_what_the_answer_said(post, read):
    post(**ADA)
    answer = post(**ADA)

    decision = read(answer["decision_id"])["decision"]

    assert decision["lead_id"] == answer["lead_id"]
    assert decision["action_taken"] == answer["action_taken"] == "reject_duplicate"
    assert decision["compared_with"] == answer["match_details"]["lead_id"]
    assert decision["model_version"] == answer["match_details"]["model_version"]
    assert decision["risk"]["risk_score"] == answer["risk_assessment"]["risk_score"]
    assert decision["risk"]["risk_level"] == answer["risk_level"]
    assert weighed(decision["evidence"]) == weighed(answer["match_details"]["evidence"])


def test_what_was_told_of_a_lead_that_was_let_through_is_read_back(post, read, client, user_id):
    post(**ADA)
    body = {"user_id": user_id, "source_id": "test-form", "options": {"explain": True}}
    unlike = {"name": "Grace Hopper", "email": "grace@navy.example", "phone": ADA["phone"]}

    path = "/webhook/leadfly/duplicate-prevention"
    answer = client.post(path, json=body | {"lead_data": unlike}).json
    told = answer["match_details"]["counterfactual"]

    assert (answer["action_taken"], told["change"]) == ("allow_processing", "agrees")
    assert read(answer["decision_id"])["decision"]["counterfactual"] == told


def test_what_is_printed_adds_up_to_the_probability(post, read):
    post(**ADA)
    decision = read(post(**KING)["decision_id"])["decision"]

    odds = 2 ** (decision["prior_weight"] + math.fsum(e["weight"] for e in decision["evidence"]))

    assert decision["match_probability"] == pytest.approx(odds / (1 + odds), abs=1e-6)


def test_a_lead_like_nobody_has_a_decision_too(post, read):
    decision = read(post(**ADA)["decision_id"])["decision"]

    assert (decision["compared_with"], decision["evidence"]) == (None, [])
    assert (decision["blocking_reason"], decision["check_skipped"]) == (None, False)


def test_a_level_that_todays_model_does_not_know_has_no_sentence(post, read, owner):
    post(**ADA)
    answer = post(**ADA)
    changed(owner, answer["decision_id"], '{"levels": {"aura": ["glowing", 2.5]}}')

    (evidence,) = read(answer["decision_id"])["decision"]["evidence"]

    assert (evidence["comparison"], evidence["level"]) == ("aura", "glowing")
    assert (evidence["weight"], evidence["explanation"]) == (2.5, None)


def test_what_a_model_stored_beyond_its_weights_is_passed_on(post, read, owner):
    post(**ADA)
    answer = post(**ADA)
    changed(
        owner,
        answer["decision_id"],
        '{"levels": {"phone": ["same", 2.5, {"people": 5}]}, "counterfactual": {"if": "phone"}}',
    )

    decision = read(answer["decision_id"])["decision"]

    assert decision["evidence"][0]["values"] == {"people": 5}
    assert decision["counterfactual"] == {"if": "phone"}


@pytest.mark.parametrize(
    "decision_id", ["7", "x" * 36, "%20", "9fff0942-62bc-4718-8881-be493c41208"]
)
def test_what_is_no_uuid_is_refused_by_name(read, decision_id):
    answer = read(decision_id, expect=400)

    assert answer["error"]["details"] == {"decision_id": "must be a UUID"}


def test_an_unknown_decision_and_another_tenants_are_not_found(post, read):
    decision_id = post(**ADA)["decision_id"]

    assert read(uuid4(), expect=404)["error"]["code"] == "NOT_FOUND"
    assert read(decision_id, expect=404, user_id="somebody else")["error"]["code"] == "NOT_FOUND"


def test_who_is_erased_takes_the_decision_along(post, read, owner, user_id):
    decision_id = post(**ADA)["decision_id"]
    owner.execute("DELETE FROM public.subjects WHERE tenant_id = %s", [user_id])

    read(decision_id, expect=404)


def test_a_key_must_be_allowed_to_read(keys_client, database, user_id):
    with database.transaction(user_id) as conn:
        _, writing = keys.create(conn, user_id, ["write:leads"])
        _, reading = keys.create(conn, user_id, ["read:leads"])
    path = f"{DECISIONS}/{uuid4()}"

    def status(**headers):
        return keys_client.get(path, headers=headers).status_code

    assert status() == 401
    assert status(Authorization=f"Bearer {writing}") == 403
    assert status(Authorization=f"Bearer {reading}") == 404
