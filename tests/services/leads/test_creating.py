"""A lead that is created goes through the duplicate check, and is complete when it is answered."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from tests.services.leads.created import ADA, API, SIGNALS, creating, signals, stored

RISKY = {"email": "a@tempmail.com", "phone": "+1-000-000-0000", "company": "Test Corp"}


@pytest.fixture(scope="module")
def owner(owner_conninfo):
    with psycopg.connect(owner_conninfo, autocommit=True) as conn:
        yield conn


@pytest.fixture
def create(app, user_id):
    return creating(app, user_id)


# Through the check -------------------------------------------------------------------------------


def test_somebody_new_is_created(create, owner, user_id):
    answer = create(**ADA, source_id="trade-fair", lead_category="loan").json

    lead, check = answer["lead"], answer["duplicate_check"]
    assert (lead["name"], lead["company"], lead["source_id"], lead["status"]) == (
        "Ada Lovelace",
        "Analytical Engines",
        "trade-fair",
        "new",
    )
    assert (check["action_taken"], check["lead_id"]) == ("allow_processing", lead["id"])
    assert answer["incomplete"] == []
    assert stored(owner, user_id) == [(lead["id"], None, "new")]


def test_somebody_known_is_answered_by_their_first_lead(create, owner, user_id):
    first = create(**ADA).json["lead"]

    again = create(expect=200, email=ADA["email"], name="A. Lovelace", phone="+442079460958").json

    record = again["duplicate_check"]["lead_id"]
    assert again["lead"] == first
    assert again["duplicate_check"]["action_taken"] == "reject_duplicate"
    assert stored(owner, user_id) == [(first["id"], None, "new"), (record, first["id"], "new")]


def test_whoever_came_by_another_door_is_known_here(create, post):
    known = post(email=ADA["email"], name=ADA["name"])["lead_id"]

    assert create(expect=200, **ADA).json["lead"]["id"] == known


def test_whoever_was_created_here_is_known_at_another_door(create, post):
    made = create(**ADA).json["lead"]["id"]

    assert post(email=ADA["email"], name=ADA["name"])["duplicate_of"] == made


def test_a_doubtful_lead_is_its_own_until_somebody_has_looked(create):
    answer = create(**RISKY).json

    assert answer["duplicate_check"]["manual_review_required"]
    assert answer["lead"]["id"] == answer["duplicate_check"]["lead_id"]


def test_the_policy_of_its_source_decides(client, create, user_id):
    settings = {"user_id": user_id, "policy": {"review_instead_of_reject": True}}
    assert client.put(f"{API}/policies/fair", json=settings).status_code == 200
    create(**ADA)

    answer = create(**ADA, source_id="fair").json

    assert answer["duplicate_check"]["action_taken"] == "flag_for_review"


def test_somebody_who_comes_back_after_long_is_known(client, create, post, user_id):
    settings = {"user_id": user_id, "policy": {"reengage_after_days": 30}}
    assert client.put(f"{API}/policies", json=settings).status_code == 200
    long_ago = (datetime.now(UTC) - timedelta(days=60)).isoformat()
    known = post(context={"submitted_at": long_ago}, email=ADA["email"], name=ADA["name"])

    answer = create(expect=200, **ADA).json

    assert answer["duplicate_check"]["reengagement"]
    assert answer["lead"]["id"] == known["lead_id"]


def test_of_many_at_once_one_is_new(create):
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: create(expect=None, **ADA), range(8)))

    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json["lead"]["id"] for answer in answers}) == 1


def test_accounts_never_meet(create):
    mine = create(**ADA).json["lead"]["id"]

    theirs = create(**ADA, account=f"tenant-{uuid4().hex}").json["lead"]["id"]

    assert theirs != mine


# What it says ------------------------------------------------------------------------------------


def test_place_and_industry_are_read(create):
    lead = create(**ADA, location="Austin, TX", industry="bakery").json["lead"]

    assert (lead["place"]["name"], lead["place"]["country"]) == ("Austin", "US")
    assert lead["industry_code"]
    assert lead["location"] == "Austin, TX"


def test_a_place_or_an_industry_that_nobody_knows_is_no_reason_to_lose_somebody(create):
    lead = create(**ADA, location="Xyzzyx, Qq", industry="qqxyz", company_size="vast").json["lead"]

    assert (lead["place"], lead["industry_code"]) == (None, None)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": "Nobody"}, "email"),
        ({"email": "nobody at home"}, "email"),
        ({"phone": "none"}, "phone"),
        (ADA | {"city": 7}, "city"),
        (ADA | {"company": "c" * 501}, "company"),
        (ADA | {"notes": "n" * 20_001}, "notes"),
        (ADA | {"investigation_id": "seven"}, "investigation_id"),
        (ADA | {"consent": "yes"}, "consent"),
        (ADA | {"consent": {"purposes": []}}, "consent.purposes"),
        (ADA | {"tags": "loan"}, "tags"),
        (ADA | {"tags": [" "]}, "tags"),
        (ADA | {"tags": ["t" * 65]}, "tags"),
        (ADA | {"tags": list(map(str, range(51)))}, "tags"),
        (ADA | {"assigned_to": "a" * 201}, "assigned_to"),
        (ADA | {"signals": [{"signal_type": "growth", "strength": 101}]}, "signals[0].strength"),
        (ADA | {"signals": [{"signal_type": "rain", "strength": 1}]}, "signals[0].signal_type"),
        (ADA | {"signals": [{"strength": 1}]}, "signals[0].signal_type"),
        (ADA | {"submission_id": 7}, "submission_id"),
    ],
)
def test_what_is_wrong_is_named_as_it_was_sent(create, owner, user_id, sent, field):
    error = create(expect=400, **sent).json["error"]

    assert error["code"] == "INVALID_DATA_FORMAT"
    assert field in error["details"]
    assert not [name for name in error["details"] if name.startswith("lead_data")]
    assert stored(owner, user_id) == []


# What comes with it ------------------------------------------------------------------------------


def test_the_strongest_signal_ranks_the_lead(create, owner, user_id):
    lead = create(**ADA, signals=SIGNALS).json["lead"]

    loan, growth = signals(owner, user_id)
    assert lead["signal_strength"] == 80
    assert loan[:5] == ("loan_need", "content", "content_analysis", 60, 1.0)
    assert growth == ("growth", "keyword", "content_analysis", 80, 0.5, None)


def test_what_a_signal_quotes_is_sealed(create, owner, user_id):
    create(**ADA, signals=SIGNALS)

    assert b"loan" not in bytes(signals(owner, user_id)[0][5])


def test_tags_and_the_one_who_works_on_it_come_with_the_lead(create):
    lead = create(**ADA, tags=["trade  fair", " trade fair ", "vip"], assigned_to=" sam ").json

    assert lead["lead"]["tags"] == ["trade fair", "vip"]
    assert lead["lead"]["assigned_to"] == "sam"


def test_what_comes_with_a_duplicate_changes_nothing_of_the_known_lead(create):
    first = create(**ADA, tags=["old"]).json["lead"]

    again = create(expect=200, **ADA, tags=["new"], signals=SIGNALS, assigned_to="eve").json

    assert again["lead"] == first
    assert again["incomplete"] == []
