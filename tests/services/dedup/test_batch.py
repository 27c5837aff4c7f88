"""A batch: answered in the order sent, and one item's fault is that item's alone."""

import pytest

PATH = "/webhook/leadfly/duplicate-prevention/batch"


@pytest.fixture
def batch(client, user_id):
    def batch(raw_items):
        body = f'{{"user_id": "{user_id}", "source_id": "s", "leads": [{raw_items}]}}'
        return client.post(PATH, data=body, content_type="application/json")

    return batch


GOOD = '{"lead_data": {"email": "%s@example.org"}}'


@pytest.mark.parametrize(
    ("faulty", "field"),
    [
        ("null", "body"),
        ("7", "body"),
        ("[]", "body"),
        ('{"lead_data": {"email": 7}}', "lead_data.email"),
        ('{"lead_data": {"email": "a\\u0000@b.example"}}', "lead_data.email"),
        ('{"lead_data": {"email": "\\ud800@b.example"}}', "lead_data.email"),
        ('{"lead_data": {"email": "a@b.example", "email": "c@d.example"}}', "lead_data.email"),
        ('{"lead_data": {"email": "a@b.example", "phone": NaN}}', "lead_data.phone"),
        ('{"lead_data": {"first_name": "Nobody"}}', "lead_data.email"),
        ('{"user_id": "somebody-else", "lead_data": {"email": "a@b.example"}}', "user_id"),
    ],
)
def test_one_items_fault_never_fails_the_rest(batch, faulty, field):
    response = batch(f"{GOOD % 'first'}, {faulty}, {GOOD % 'last'}")

    first, second, third = response.json["results"]
    assert response.status_code == 200
    assert (first["action_taken"], third["action_taken"]) == ("allow_processing",) * 2
    assert second["success"] is False
    assert field in second["error"]["details"]


def test_a_fault_outside_the_items_is_the_whole_batchs(batch, client):
    response = client.post(
        PATH, data='{"user_id": "a\\u0000", "leads": []}', content_type="application/json"
    )

    assert response.status_code == 400
    assert "user_id" in response.json["error"]["details"]


def test_a_lead_meets_those_before_it_in_the_same_batch(batch):
    response = batch(", ".join([GOOD % "same"] * 3))

    actions = [result["action_taken"] for result in response.json["results"]]
    assert actions == ["allow_processing", "reject_duplicate", "reject_duplicate"]


def test_each_lead_of_a_batch_keeps_its_own_consent_or_none(batch, owner, user_id):
    agreed = '{"lead_data": {"email": "%s@example.org"}, "consent": {"purposes": ["%s"]}}'
    items = [agreed % ("first", "marketing"), GOOD % "second", agreed % ("third", "contact")]

    results = batch(", ".join(items)).json["results"]

    kept = owner.execute(
        "SELECT lead_id::text, purposes FROM public.consents WHERE tenant_id = %s", [user_id]
    ).fetchall()
    assert dict(kept) == {
        results[0]["lead_id"]: ["marketing"],
        results[2]["lead_id"]: ["lead_processing"],
    }


def test_answers_stand_in_the_order_sent_across_transactions(batch):
    items = ", ".join(GOOD % f"mailbox{number // 2}" for number in range(250))

    results = batch(items).json["results"]

    assert [result["action_taken"] for result in results] == [
        "allow_processing",
        "reject_duplicate",
    ] * 125
