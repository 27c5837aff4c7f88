"""Changing a lead over HTTP, on a real PostgreSQL: what becomes of it, its history, who is told."""

from dataclasses import replace
from threading import Barrier, Thread
from uuid import uuid4

import psycopg
import pytest

from leadfly.app import create_app
from services.leads.change import LONGEST_ASSIGNEE, LONGEST_TAG, MOST_TAGS
from services.leads.change_openapi import CHANGE_OPERATIONS, HISTORY, NOTES, ONE
from services.leads.filter import STATUSES
from shared.privacy.modes import MODES
from shared.web.openapi import openapi_path
from tests.leadfly.test_openapi import holds
from tests.services.leads.account import ADA, API, CHECK, Account, told


@pytest.fixture
def account(app, user_id):
    return Account(app, user_id)


@pytest.fixture
def ask(account):
    return account.ask


@pytest.fixture
def lead_id(account):
    return account.lead(source_id="test-form")


@pytest.fixture
def change(ask, lead_id):
    def change(expect=200, **wanted):
        return ask("PUT", f"/leads/{lead_id}", expect, **wanted)

    return change


@pytest.fixture
def history(account, lead_id):
    return lambda: account.history(lead_id)


def test_only_what_is_named_changes(change):
    change(status="contacted", assigned_to="sam@corp.example", tags=["a", "b"])

    done = change(status="qualified")

    assert done["changed"] == ["status"]
    lead = done["lead"]
    assert (lead["status"], lead["assigned_to"], lead["tags"]) == (
        "qualified",
        "sam@corp.example",
        ["a", "b"],
    )


def test_what_is_so_already_is_no_change_and_no_history(change, history):
    change(status="contacted", tags=["a"])

    done = change(status="contacted", add_tags=["a"], remove_tags=["b"])

    assert done["changed"] == []
    assert len(history()) == 2


def test_every_status_may_follow_every_other(change):
    for status in (*STATUSES[:-1], *reversed(STATUSES[:-1])):
        assert change(status=status)["lead"]["status"] == status


def test_an_invalid_lead_becomes_another_only_if_that_is_said(change):
    change(status="invalid")

    error = change(409, status="new")["error"]
    assert error["details"] == {"status": "the lead is invalid"}
    assert change(status="new", expected_status="invalid")["lead"]["status"] == "new"


def test_an_invalid_lead_may_be_assigned(change):
    change(status="invalid")

    assert change(assigned_to="sam")["changed"] == ["assigned_to"]


def test_the_history_says_what_was_changed_and_by_whom(change, history):
    change(status="contacted", reason="She called.")
    change(assigned_to="sam", add_tags=["b"])

    entries = history()

    assert {entry["field"]: (entry["before"], entry["after"]) for entry in entries} == {
        "status": ("new", "contacted"),
        "assigned_to": (None, "sam"),
        "tags": ([], ["b"]),
    }
    (first,) = (entry for entry in entries if entry["field"] == "status")
    assert (first["changed_by"], first["reason"]) == ("local", "She called.")
    assert entries[-1] == first
    assert not any(entry["undo"] or entry["bulk_id"] for entry in entries)


def test_a_history_comes_in_pages(client, change, user_id, lead_id):
    for number in range(5):
        change(assigned_to=f"p{number}")
    seen, after, query = [], "", {"user_id": user_id, "limit": 2}
    while after is not None:
        page = client.get(f"{API}/leads/{lead_id}/history", query_string=query).json
        seen += [entry["after"] for entry in page["history"]]
        after = query["after"] = page["next_after"]

    assert seen == ["p4", "p3", "p2", "p1", "p0"]


def test_a_reason_is_sealed_where_it_is_stored(change, owner_conninfo, user_id):
    change(status="lost", reason="Mrs Secret-Reason said no")

    with psycopg.connect(owner_conninfo) as owner:
        (row,) = owner.execute(
            "SELECT row_to_json(c)::text FROM leads.changes AS c WHERE tenant_id = %s", [user_id]
        ).fetchone()
    assert "Secret-Reason" not in row
    assert b"Secret-Reason".hex() not in row


@pytest.mark.parametrize("status", ["qualified", "converted"])
def test_a_lead_that_gets_there_is_told_each_time_once(change, database, user_id, lead_id, status):
    change(status=status)
    change(status=status, add_tags=["again"])
    change(status="contacted")
    change(status=status)

    assert told(database, user_id) == [
        (f"lead.{status}", lead_id, {"source_id": "test-form", "status_before": "new"}),
        (f"lead.{status}", lead_id, {"source_id": "test-form", "status_before": "contacted"}),
    ]


def test_other_statuses_are_told_to_nobody(change, database, user_id):
    for status in ("contacted", "interested", "lost", "invalid"):
        change(status=status)

    assert told(database, user_id) == []


def test_with_an_expected_status_a_lead_that_moved_is_left(change, history):
    change(status="contacted")

    error = change(409, status="lost", assigned_to="sam", expected_status="new")["error"]

    assert error["code"] == "CONFLICT"
    assert list(error["details"]) == ["expected_status"]
    assert len(history()) == 1


def test_of_many_who_saw_the_same_status_one_moves_the_lead(ask, lead_id):
    start, codes = Barrier(6), []

    def move(status):
        start.wait()
        body = {"status": status, "expected_status": "new"}
        try:
            codes.append(ask("PUT", f"/leads/{lead_id}", **body)["success"])
        except AssertionError:
            codes.append(False)

    threads = [Thread(target=move, args=(s,)) for s in ("contacted", "lost") * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(codes) == [False] * 5 + [True]


def test_a_list_finds_a_lead_by_what_was_changed(account, change):
    filters = {"status": "contacted", "assigned_to": "sam", "tag": "Trade fair"}
    change(status="contacted", assigned_to="sam", tags=["Trade fair"])

    assert [account.listed(**{name: value}) for name, value in filters.items()] == [1, 1, 1]
    change(status="new", assigned_to=None, tags=[])
    assert [account.listed(**{name: value}) for name, value in filters.items()] == [0, 0, 0]


def test_a_duplicate_has_a_status_of_its_own_and_the_answer_says_so(account, ask, lead_id):
    again = account.lead(source_id="again")

    done = ask("PUT", f"/leads/{again}", status="lost")

    assert done["lead"]["duplicate_of"] == lead_id
    assert "duplicate" in done["next_steps"][0]
    assert ask("GET", f"/leads/{lead_id}")["lead"]["status"] == "new"


def test_the_space_in_tags_is_folded_and_each_is_kept_once(change):
    done = change(tags=["  trade \t fair ", "trade fair", "Ünï 🎪"])

    assert done["lead"]["tags"] == ["trade fair", "Ünï 🎪"]


def test_tags_are_added_behind_those_that_are_there(change):
    change(tags=["a", "b"])

    assert change(add_tags=["c", "a"], remove_tags=["b"])["lead"]["tags"] == ["a", "c"]


def test_nobody_is_assigned_by_null_or_by_nothing(change):
    for nobody in (None, "", "  "):
        change(assigned_to="sam")
        assert change(assigned_to=nobody)["lead"]["assigned_to"] is None


def test_a_lead_joins_an_investigation_and_leaves_it(ask, change):
    made = ask("POST", "/investigations", 201, name="Bakeries")["investigation"]["id"]

    assert change(investigation_id=made)["lead"]["investigation_id"] == made
    assert change(investigation_id=None)["lead"]["investigation_id"] is None


def test_a_closed_investigation_takes_no_lead(ask, change):
    made = ask("POST", "/investigations", 201, name="Bakeries")["investigation"]["id"]
    ask("PUT", f"/investigations/{made}", status="closed")

    assert change(409, investigation_id=made)["error"]["code"] == "CONFLICT"


def test_an_investigation_of_another_account_is_none(app, change):
    theirs = Account(app, uuid4().hex).ask("POST", "/investigations", 201, name="Theirs")

    for unknown in (theirs["investigation"]["id"], str(uuid4())):
        error = change(404, investigation_id=unknown)["error"]
        assert list(error["details"]) == ["investigation_id"]


FAULTS = [
    ({}, "body"),
    ({"reason": "none at all"}, "body"),
    ({"status": "won"}, "status"),
    ({"status": None}, "status"),
    ({"status": 7}, "status"),
    ({"assigned_to": "x" * (LONGEST_ASSIGNEE + 1)}, "assigned_to"),
    ({"tags": [f"t{n}" for n in range(MOST_TAGS + 1)]}, "tags"),
    ({"tags": ["x" * (LONGEST_TAG + 1)]}, "tags"),
    ({"tags": [" "]}, "tags"),
    ({"tags": ["a\u0007b"]}, "tags"),
    ({"tags": "a"}, "tags"),
    ({"tags": ["a"], "add_tags": ["b"]}, "tags"),
    ({"add_tags": ["a"], "remove_tags": ["a"]}, "remove_tags"),
    ({"add_tags": []}, "add_tags"),
    ({"investigation_id": "7"}, "investigation_id"),
    ({"status": "new", "expected_status": "won"}, "expected_status"),
    ({"status": "new", "reason": "x" * 2001}, "reason"),
]


@pytest.mark.parametrize(("wanted", "field"), FAULTS, ids=range(len(FAULTS)))
def test_what_cannot_be_is_refused_by_its_field(change, history, wanted, field):
    error = change(400, **wanted)["error"]

    assert [name.partition("[")[0] for name in error["details"]] == [field]
    assert history() == []


def test_a_lead_has_at_most_so_many_tags(change, history):
    change(tags=[f"t{number}" for number in range(MOST_TAGS)])

    error = change(422, add_tags=["one more"])["error"]

    assert list(error["details"]) == ["tags"]
    assert len(history()) == 1


@pytest.mark.parametrize("method_and_path", ["PUT ", "GET /history", "GET /notes", "POST /notes"])
def test_a_lead_of_another_account_is_none(app, lead_id, method_and_path):
    method, path = method_and_path.split(" ")
    body = {"PUT": {"status": "lost"}, "POST": {"text": "x"}}.get(method, {})

    for stranger in (lead_id, str(uuid4())):
        Account(app, uuid4().hex).ask(method, f"/leads/{stranger}{path}", 404, **body)


def test_an_id_that_is_none_is_named(ask):
    error = ask("PUT", "/leads/7", 400, status="lost")["error"]

    assert list(error["details"]) == ["lead_id"]


# Consent -----------------------------------------------------------------------------------------


@pytest.fixture
def strict(local_settings):
    """An app in gdpr_strict on the same database."""
    app = create_app(replace(local_settings, mode=MODES["gdpr_strict"]))
    yield app.test_client()
    app.extensions["leadfly"].database.close()


def test_nothing_is_changed_about_somebody_who_does_not_agree(strict, user_id, lead_id):
    path = f"{API}/leads/{lead_id}"

    for method, address, body in (
        ("PUT", path, {"status": "lost"}),
        ("POST", f"{path}/notes", {"text": "x"}),
    ):
        answer = strict.open(address, method=method, json=body | {"user_id": user_id})
        assert answer.status_code == 403, answer.text


def test_the_consent_of_a_later_record_counts_for_the_person(strict, client, user_id, lead_id):
    body = {"user_id": user_id, "source_id": "again", "lead_data": ADA}
    again = client.post(CHECK, json=body | {"consent": {"purposes": ["contact"]}})
    assert again.json["duplicate_of"] == lead_id

    path = f"{API}/leads/{lead_id}?user_id={user_id}"
    assert strict.put(path, json={"status": "lost"}).status_code == 200


# The description ---------------------------------------------------------------------------------


def test_every_answer_is_as_described(client, ask, lead_id, user_id):
    document = client.get("/openapi.json").json
    ask("POST", f"/leads/{lead_id}/notes", 201, text="x")
    ask("PUT", f"/leads/{lead_id}", status="qualified", reason="y")

    for operation in CHANGE_OPERATIONS:
        about = document["paths"][openapi_path(operation.path)][operation.method.lower()]
        for example in operation.examples or (None,):
            body = {"json": example.body} if example else {}
            answer = client.open(
                operation.path.replace("<lead_id>", lead_id),
                method=operation.method,
                query_string={"user_id": user_id},
                **body,
            )
            assert holds(document, about, operation.status, answer.json) == []
    assert {ONE, NOTES, HISTORY} == {operation.path for operation in CHANGE_OPERATIONS}
