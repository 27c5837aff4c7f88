"""A lead that is created again under its key is created once; investigations say who may join."""

from uuid import uuid4

import psycopg
import pytest

import services.leads.app
from shared.web.service import KEY_SNAPSHOT
from tests.services.leads.created import ADA, API, SIGNALS, creating, signals, stored


@pytest.fixture(scope="module")
def owner(owner_conninfo):
    with psycopg.connect(owner_conninfo, autocommit=True) as conn:
        yield conn


@pytest.fixture
def create(app, user_id):
    return creating(app, user_id)


@pytest.fixture
def investigation(client, user_id):
    """Begin an investigation of this test's account; return its address and id."""
    sent = {"user_id": user_id, "name": "Bakeries"}
    made = client.post(f"{API}/investigations", json=sent).json["investigation"]
    return f"{API}/investigations/{made['id']}", made["id"]


def closed(client, user_id, place):
    assert client.put(place, json={"user_id": user_id, "status": "closed"}).status_code == 200


# Again under the same key ------------------------------------------------------------------------


def test_a_retry_is_answered_the_same_lead_and_stores_nothing(create, owner, user_id):
    first = create(**ADA, key="k", signals=SIGNALS)

    again = create(**ADA, key="k", signals=SIGNALS)

    assert again.json["lead"] == first.json["lead"]
    assert again.json["duplicate_check"] == first.json["duplicate_check"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert len(stored(owner, user_id)) == 1
    assert len(signals(owner, user_id)) == 2


def test_a_retry_of_somebody_known_is_a_200_again(create, owner, user_id):
    create(**ADA)
    create(expect=200, **ADA, submission_id="k")

    again = create(expect=200, **ADA, submission_id="k")

    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(stored(owner, user_id)) == 2


@pytest.mark.parametrize(
    "other", [{"company": "Other"}, {"signals": SIGNALS}, {"tags": ["a"]}, {"assigned_to": "sam"}]
)
def test_another_lead_under_the_same_key_is_refused(create, other):
    create(**ADA, key="k")

    error = create(expect=422, **ADA | other, key="k").json["error"]

    assert error["code"] == "INVALID_DATA_FORMAT"


def test_the_keys_of_another_door_are_others(create, client, user_id):
    body = {"user_id": user_id, "source_id": "s", "lead_data": ADA}
    headers = {"Idempotency-Key": "k"}
    known = client.post("/webhook/leadfly/duplicate-prevention", json=body, headers=headers).json

    assert create(expect=200, **ADA, key="k").json["lead"]["id"] == known["lead_id"]


def test_a_retry_does_not_undo_what_people_changed(create, client, user_id):
    lead_id = create(**ADA, key="k", tags=["old"], assigned_to="sam").json["lead"]["id"]
    change = {"user_id": user_id, "tags": ["mine"]}
    assert client.put(f"{API}/leads/{lead_id}", json=change).status_code == 200

    lead = create(**ADA, key="k", tags=["old"], assigned_to="sam").json["lead"]

    assert (lead["tags"], lead["assigned_to"]) == (["mine"], "sam")


# Investigations ----------------------------------------------------------------------------------


def test_a_lead_joins_its_investigation(create, client, user_id, investigation):
    place, investigation_id = investigation

    lead = create(**ADA, investigation_id=investigation_id).json["lead"]

    found = client.get(place, query_string={"user_id": user_id}).json["investigation"]
    assert (lead["investigation_id"], found["leads"]) == (investigation_id, 1)


def test_an_investigation_that_is_not_the_accounts_is_not_found(
    create, investigation, owner, user_id
):
    other = f"tenant-{uuid4().hex}"

    foreign = create(expect=404, **ADA, investigation_id=investigation[1], account=other).json
    nobodys = create(expect=404, **ADA, investigation_id=str(uuid4())).json

    assert foreign["error"] == nobodys["error"]
    assert list(nobodys["error"]["details"]) == ["investigation_id"]
    assert stored(owner, user_id) == stored(owner, other) == []


def test_a_closed_investigation_takes_no_more_leads(create, client, user_id, investigation, owner):
    place, investigation_id = investigation
    closed(client, user_id, place)

    error = create(expect=409, **ADA, investigation_id=investigation_id).json["error"]

    assert (error["code"], list(error["details"])) == ("CONFLICT", ["investigation_id"])
    assert stored(owner, user_id) == []


def test_a_retry_is_answered_though_the_investigation_was_closed_since(
    create, client, user_id, investigation
):
    place, investigation_id = investigation
    first = create(**ADA, key="k", investigation_id=investigation_id).json["lead"]
    closed(client, user_id, place)

    assert create(**ADA, key="k", investigation_id=investigation_id).json["lead"] == first


# Alone -------------------------------------------------------------------------------------------


def test_without_the_duplicate_check_nothing_is_stored(local_settings, owner, user_id):
    alone = services.leads.app.create_app(local_settings)
    try:
        answer = alone.test_client().post(f"{API}/leads", json={"user_id": user_id} | ADA)
    finally:
        alone.extensions[KEY_SNAPSHOT].stop()
        alone.extensions["leadfly"].database.close()

    assert answer.status_code == 503
    assert "duplicate check" in answer.json["error"]["message"]
    assert stored(owner, user_id) == []
