"""Policies over HTTP, on a real PostgreSQL: who may set what, and what it does to leads."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from uuid import uuid4

import psycopg
import pytest

from services.dedup.check import check
from services.dedup.policy import Policy
from services.dedup.policy_cache import SECONDS, PolicyCache
from services.dedup.recheck import recheck
from shared import keys
from shared.db import Database
from shared.embedded import OWNER
from tests.services.dedup.arrivals import ADA, NOON, Dying, claimed, lead, rendered, said
from tests.services.dedup.arrivals import with_database as in_front_of
from tests.services.dedup.test_recheck import failing

PATH = "/api/v1/lead-discovery/policies"

NOW = datetime(2026, 6, 1, tzinfo=UTC)

OLD, RECENT = NOW - timedelta(days=430), NOW - timedelta(days=20)

GRACE = {"email": "grace@navy.example", "first_name": "Grace", "last_name": "Hopper"}


@pytest.fixture
def ask(client, user_id):
    """Call a route of policies for this test's account; return the answer."""

    def ask(method, source_id=None, expect=200, **settings):
        path = f"{PATH}/{source_id}" if source_id else PATH
        body = {"json": {"policy": settings}} if method == "PUT" else {}
        response = client.open(path, method=method, query_string={"user_id": user_id}, **body)
        assert response.status_code == expect, response.json
        return response.json

    return ask


@pytest.fixture
def post_at(post):
    """Post a lead that was sent at a given time."""

    def post_at(at, **lead):
        return post(context={"submitted_at": at.isoformat()}, **lead)

    return post_at


def doubtful(post):
    """Post two leads that are possible duplicates, and no more; return the second's answer."""
    post(email="michael@corp.example", name="Michael Johnson", company="Technology Solutions Inc")
    return post(email="mike@other.example", name="Mike Johnson", company="TSI")


# What is set -------------------------------------------------------------------------------------


def test_without_a_policy_the_defaults_hold(ask):
    answer = ask("GET")

    assert (answer["policy"], answer["sources"], answer["changed_at"]) == ({}, [], None)
    assert answer["effective"]["flag"] == 0.6
    assert answer["effective"]["block"] == 0.8
    assert all(answer["effective"]["algorithms"].values())


def test_a_source_inherits_what_it_does_not_set(ask):
    ask("PUT", flag=0.7, half_life_days=365)

    answer = ask("PUT", "form", block=0.9, half_life_days=None)

    assert answer["policy"] == {"block": 0.9, "half_life_days": None}
    assert answer["effective"]["flag"] == 0.7
    assert answer["effective"]["half_life_days"] is None
    assert ask("GET", "form")["effective"] == answer["effective"]
    assert [source["source_id"] for source in ask("GET")["sources"]] == ["form"]
    assert ask("GET", "another")["effective"]["half_life_days"] == 365


@pytest.mark.parametrize("name", ["forms/contact", "a//b/", "Größe & Mehr", "50%"])
def test_a_source_may_have_any_name(ask, post, name):
    ask("PUT", quote(name, safe=""), flag=0.99, block=1.0)

    assert ask("GET")["sources"][0]["source_id"] == name
    assert post(source_id=name, **ADA)["policy"]["flag"] == 0.99


def test_what_is_unset_is_inherited_again(ask):
    ask("PUT", "form", flag=0.7)

    assert ask("DELETE", "form")["effective"]["flag"] == 0.6
    assert ask("DELETE", "form")["policy"] == {}
    assert ask("GET")["sources"] == []


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"flags": 0.7}, "policy.flags"),
        ({"flag": 0.9, "block": 0.8}, "policy.flag"),
        ({"block": 0.5}, "policy.block"),
        ({"flag": 0}, "policy.flag"),
        ({"flag": "0.7"}, "policy.flag"),
        ({"flag": True}, "policy.flag"),
        ({"block": 1.01}, "policy.block"),
        ({"algorithms": {"telepathy": False}}, "policy.algorithms.telepathy.key"),
        ({"algorithms": {"phone": "off"}}, "policy.algorithms.phone.value"),
        ({"review_instead_of_reject": 1}, "policy.review_instead_of_reject"),
        ({"reengage_after_days": 0}, "policy.reengage_after_days"),
        ({"half_life_days": 1.5}, "policy.half_life_days"),
    ],
)
def test_a_setting_that_cannot_be_is_named_and_changes_nothing(ask, settings, field):
    refused = ask("PUT", expect=422, **settings)

    assert list(refused["error"]["details"]) == [field]
    assert ask("GET")["policy"] == {}


def test_a_body_without_a_policy_is_no_change(client, user_id):
    response = client.put(PATH, json={"user_id": user_id, "flag": 0.7})

    assert response.status_code == 400
    assert "policy" in response.json["error"]["details"]


def test_an_account_cannot_contradict_one_of_its_sources(ask):
    ask("PUT", block=0.95)
    ask("PUT", "form", flag=0.9)

    for method, settings in (("PUT", {"block": 0.85}), ("DELETE", {})):
        refused = ask(method, expect=422, **settings)
        assert "the policy of form" in refused["error"]["details"]["policy.block"]
    assert ask("GET")["policy"] == {"block": 0.95}


def test_every_change_is_written_down_for_good(ask, owner, database, user_id):
    ask("PUT", flag=0.65)
    ask("PUT", flag=0.7)
    ask("DELETE")
    ask("DELETE")

    rows = owner.execute(
        "SELECT source_id, changed_by, earlier, later FROM dedup.policy_changes "
        "WHERE tenant_id = %s ORDER BY id",
        [user_id],
    ).fetchall()

    assert rows == [
        ("", "local", None, {"flag": 0.65}),
        ("", "local", {"flag": 0.65}, {"flag": 0.7}),
        ("", "local", {"flag": 0.7}, None),
    ]
    for statement in (
        "DELETE FROM dedup.policy_changes",
        "UPDATE dedup.policy_changes SET id = id",
    ):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            database.transaction(user_id) as conn,
        ):
            conn.execute(statement)


# Who may -----------------------------------------------------------------------------------------


@pytest.fixture
def as_key(keys_client, database, user_id):
    """Call a route with a key of this test's account; return status and the key's prefix."""

    def as_key(method, *scopes, path=PATH, tenant=user_id, **body):
        with database.transaction(tenant) as conn:
            key, text = keys.create(conn, tenant, scopes)
        headers = {"X-API-Key": text}
        remote = {"REMOTE_ADDR": "203.0.113.9"}
        response = keys_client.open(
            path, method=method, headers=headers, environ_base=remote, **body
        )
        return response, key.prefix

    return as_key


def test_reading_needs_read_leads_and_changing_needs_admin_account(as_key):
    change = {"json": {"policy": {"flag": 0.7}}}

    assert as_key("GET", "read:leads")[0].status_code == 200
    assert as_key("GET", "admin:account")[0].status_code == 403
    assert as_key("PUT", "read:leads", "write:leads", **change)[0].status_code == 403
    assert as_key("DELETE", "read:leads", "write:leads")[0].status_code == 403
    changed, prefix = as_key("PUT", "admin:account", **change)
    assert changed.json["changed_by"] == prefix


def test_nobody_sees_or_changes_another_accounts_policy(as_key, user_id):
    as_key("PUT", "admin:account", json={"policy": {"flag": 0.7}})
    other = f"tenant-{uuid4().hex}"

    seen, _ = as_key("GET", "read:leads", tenant=other)
    body = {"user_id": user_id, "policy": {"flag": 0.8}}
    changed, _ = as_key("PUT", "admin:account", tenant=other, json=body)
    asked, _ = as_key("DELETE", "admin:account", tenant=other, query_string={"user_id": user_id})

    assert seen.json["policy"] == {}
    assert (changed.status_code, asked.status_code) == (403, 403)
    assert as_key("GET", "read:leads")[0].json["policy"] == {"flag": 0.7}


def test_a_stranger_hears_nothing_of_what_is_wrong(keys_client):
    for method in ("GET", "PUT", "DELETE"):
        for path in (PATH, f"{PATH}/form"):
            response = keys_client.open(
                path,
                method=method,
                query_string={"user_id": ""},
                environ_base={"REMOTE_ADDR": "203.0.113.9"},
            )
            assert response.status_code == 401


# What it does ------------------------------------------------------------------------------------


def test_thresholds_are_the_policys_and_the_answer_says_which(ask, post):
    ask("PUT", "test-form", flag=0.99, block=1.0)

    answer = doubtful(post)

    assert answer["policy"] == {"flag": 0.99, "block": 1.0}
    assert (answer["action_taken"], answer["duplicate_found"]) == ("allow_processing", False)
    assert 0.6 <= answer["confidence_score"] < 0.99


def test_another_source_of_the_account_is_not_concerned(ask, post):
    ask("PUT", "another-form", flag=0.99, block=1.0)

    assert doubtful(post)["action_taken"] == "flag_for_review"


def test_an_algorithm_that_is_off_counts_as_silent(ask, post):
    ask("PUT", algorithms={"phone": False})
    post(email="one@mail.example", phone="+44 20 7946 0958")

    answer = post(email="two@mail.example", phone="+44 20 7946 0958")

    assert answer["action_taken"] == "allow_processing"
    confidences = {c["type"]: c["confidence"] for c in answer["checks_performed"]}
    assert confidences["phone_match"] == 0


def test_without_names_twins_are_no_more_alike_than_beside_them(ask, post, client, user_id):
    # Their birthday and their address are no evidence beside two names; without names it was.
    home = {"postal_code": "80226", "city": "Denver", "date_of_birth": "1989-05-09"}
    post(name="Gregory Turner", email="gturner@lortex.example", **home)
    lead = home | {"name": "David Turner", "email": "david1948@hotmail.com", "country": "US"}

    def weights(source_id):
        body = {"user_id": user_id, "source_id": source_id, "lead_data": lead}
        path = "/webhook/leadfly/duplicate-prevention/check"
        answer = client.post(path, json=body | {"options": {"explain": True}}).json
        return {e["comparison"]: e["weight"] for e in answer["match_details"]["evidence"]}

    ask("PUT", "without-names", algorithms={"name": False})
    beside, without = weights("with-names"), weights("without-names")

    assert beside.pop("name") < 0
    assert without == beside


def test_a_review_may_take_the_place_of_a_rejection(ask, post, stored):
    ask("PUT", "test-form", review_instead_of_reject=True)
    first = post(**ADA)

    second = post(**ADA)

    assert second["action_taken"] == "flag_for_review"
    assert second["duplicate_of"] == first["lead_id"]
    assert stored.reviews() == [second["lead_id"]]
    assert len(set(stored.subjects())) == 2


def test_who_returns_after_a_long_time_is_let_through_as_the_known_person(ask, post_at, stored):
    ask("PUT", reengage_after_days=425)
    first = post_at(OLD, **ADA)

    answer = post_at(NOW, **ADA)

    assert answer["action_taken"] == "allow_processing"
    assert answer["reengagement"] is True
    assert answer["duplicate_of"] == first["lead_id"]
    assert answer["blocking_reason"] is None
    assert "come back" in " ".join(answer["next_steps"])
    assert len(set(stored.subjects())) == 1
    assert stored.events("lead.created") == [("lead.created", first["lead_id"])]


def test_who_returned_is_a_duplicate_the_next_day(ask, post_at):
    ask("PUT", reengage_after_days=425)
    post_at(OLD, **ADA)
    post_at(NOW, **ADA)

    again = post_at(NOW + timedelta(days=1), **ADA)

    assert (again["action_taken"], again["reengagement"]) == ("reject_duplicate", False)


def test_who_was_heard_of_under_other_keys_has_not_been_silent(ask, post_at):
    """The latest lead shares no key with the new one; only the person joins them."""
    ask("PUT", reengage_after_days=425)
    post_at(OLD, email="ada@analytical.example", phone="+44 20 7946 0958")
    by_phone = post_at(RECENT, phone="+44 20 7946 0958")

    answer = post_at(NOW, email="ada@analytical.example")

    assert by_phone["action_taken"] == "reject_duplicate"
    assert answer["action_taken"] == "reject_duplicate"


def test_of_a_batch_only_the_first_is_a_return(ask, client, user_id, post_at):
    ask("PUT", reengage_after_days=425)
    post_at(OLD, **ADA)
    items = [
        {"lead_data": ADA, "context": {"submitted_at": (NOW + timedelta(days=n)).isoformat()}}
        for n in range(3)
    ]

    answer = client.post(
        "/webhook/leadfly/duplicate-prevention/batch",
        json={"user_id": user_id, "source_id": "test-form", "leads": items},
    )

    assert [one["reengagement"] for one in answer.json["results"]] == [True, False, False]


def test_what_ages_weighs_less_and_still_adds_up(ask, post_at):
    ask("PUT", half_life_days=100)
    number = "+44 20 7946 0958"
    post_at(OLD, email="one@mail.example", phone=number)

    answer = post_at(OLD + timedelta(days=1), email="two@mail.example", phone=number)
    later = post_at(NOW, email="three@mail.example", phone=number)

    assert answer["action_taken"] == "reject_duplicate"
    assert later["action_taken"] == "allow_processing"
    details = answer["match_details"]
    odds = 2 ** (details["prior_weight"] + sum(e["weight"] for e in details["evidence"]))
    assert details["match_probability"] == pytest.approx(odds / (1 + odds), abs=1e-6)
    assert any("With 1 day between" in e["explanation"] for e in details["evidence"])


def test_a_decision_read_back_says_what_had_aged(ask, post_at, client, user_id, owner):
    ask("PUT", half_life_days=400)
    post_at(OLD, email="one@mail.example", phone="+44 20 7946 0958")

    answer = post_at(OLD + timedelta(days=99.6), email="two@mail.example", phone="+44 20 7946 0958")

    def told():
        path = f"/api/v1/lead-discovery/decisions/{answer['decision_id']}?user_id={user_id}"
        evidence = client.get(path).json["decision"]["evidence"]
        return {each["comparison"]: each["explanation"] for each in evidence}

    said = {e["comparison"]: e["explanation"] for e in answer["match_details"]["evidence"]}
    assert told() == said
    assert said["phone"].endswith(" With 100 days between the leads it weighs 84%.")
    assert "between the leads" not in said["email"]
    owner.execute(
        "UPDATE dedup.decisions SET evidence = evidence #- '{levels,phone,2}' WHERE id = %s",
        [answer["decision_id"]],
    )
    assert told()["phone"].endswith(" By the time between the leads it weighs 84%.")


def test_a_lead_that_was_skipped_is_rechecked_by_the_policy_of_then(
    ask, keeping, user_id, stored, worker_database
):
    said(keeping, user_id, at=NOON)
    admitted_skipped(keeping, user_id)
    ask("PUT", "form", review_instead_of_reject=True)

    (job,) = claimed(worker_database, user_id)
    recheck(worker_database, keeping.gate, job)

    assert stored.actions()[-1] == "flag_for_review"


def admitted_skipped(keeping, user_id):
    """Admit the same person where comparing fails."""
    one = lead(keeping.gate, user_id, at=NOON + timedelta(hours=1))
    check(keeping.database, keeping.gate, user_id, [one], rendered, judge=failing)


# How it is remembered ----------------------------------------------------------------------------


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def cache(clock):
    return PolicyCache(clock)


def known(cache, database, user_id, source_id="form"):
    with database.transaction(user_id) as conn:
        return cache.ask(conn, user_id)().of(source_id)


def test_another_process_knows_of_a_change_within_five_seconds(
    ask, cache, clock, database, user_id
):
    assert known(cache, database, user_id) == Policy()
    ask("PUT", flag=0.7)

    clock.now += SECONDS - 0.1
    assert known(cache, database, user_id) == Policy()
    clock.now += 0.1
    assert known(cache, database, user_id) == Policy(flag=0.7)
    assert SECONDS <= 5


def test_a_remembered_policy_costs_no_statement(cache, database, user_id):
    known(cache, database, user_id)

    assert cache.ask(None, user_id)().account == Policy()


def test_policies_that_cannot_be_read_cost_nobody_a_lead(hurt_server, keeping, user_id, caplog):
    hurt = Database(hurt_server.conninfo("leadfly_app"), keeping.gate.keyring.fingerprint, most=2)
    host = in_front_of(keeping, hurt)
    with psycopg.connect(hurt_server.conninfo(OWNER), autocommit=True) as conn:
        conn.execute("ALTER TABLE dedup.policies RENAME TO elsewhere")
        try:
            answers = [said(host, user_id, fields) for fields in (ADA, ADA, GRACE)]
        finally:
            conn.execute("ALTER TABLE dedup.elsewhere RENAME TO policies")
            hurt.close()

    actions = [answer["action_taken"] for answer in answers]
    assert actions == ["allow_processing", "reject_duplicate", "allow_processing"]
    assert not any(answer["check_skipped"] for answer in answers)
    assert caplog.text.count("policies could not be read") == 1


def test_an_outage_leaves_what_is_known(ask, keeping, app_conninfo, user_id):
    ask("PUT", "form", review_instead_of_reject=True)
    said(keeping, user_id)
    dying = Dying(app_conninfo, keeping.gate.keyring.fingerprint, most=2)
    passed = said(in_front_of(keeping, dying), user_id)
    dying.close()

    after = said(keeping, user_id, at=NOON + timedelta(seconds=1))

    assert (passed["check_skipped"], passed["policy"]) == (True, None)
    assert after["action_taken"] == "flag_for_review"


def test_an_answer_that_was_under_way_does_not_outlast_a_change(
    ask, cache, clock, database, user_id
):
    known(cache, database, user_id)
    clock.now += SECONDS
    with database.transaction(user_id) as conn:
        answer = cache.ask(conn, user_id)
        conn.execute("SELECT 1").fetchone()
        clock.now += 0.01
        ask("PUT", flag=0.7)
        cache.forget(user_id)
        answer()

    assert known(cache, database, user_id) == Policy(flag=0.7)
