"""Investigations are begun, found, changed and closed by their owner alone."""

from uuid import uuid4

import pytest

PATH = "/api/v1/lead-discovery/investigations"


@pytest.fixture
def ask(client, user_id):
    """Ask for investigations of this test's account; return the answer's JSON."""

    def ask(method, path=PATH, expect=200, account=user_id, **sent):
        if "json" in sent:
            sent["json"] = {"user_id": account} | sent["json"]
        else:
            sent["query_string"] = {"user_id": account} | sent.get("query_string", {})
        answer = client.open(path, method=method, **sent)
        assert answer.status_code == expect, answer.json
        return answer.json

    return ask


def begun(ask, name="Bakeries", **more):
    return ask("POST", expect=201, json={"name": name} | more)["investigation"]


def test_an_investigation_is_answered_as_it_was_begun(ask):
    made = begun(ask, "  Bakeries in Texas ", description="Ovens")

    found = ask("GET", f"{PATH}/{made['id']}")["investigation"]

    assert found == made
    assert (found["name"], found["description"]) == ("Bakeries in Texas", "Ovens")
    assert (found["status"], found["leads"], found["created_by"]) == ("open", 0, "local")


def test_the_newest_comes_first_and_pages_meet(ask):
    made = [begun(ask, f"n{n}")["id"] for n in range(5)]

    first = ask("GET", query_string={"limit": 3})
    rest = ask("GET", query_string={"limit": 3, "after": first["next_after"]})

    shown = [one["id"] for one in first["investigations"] + rest["investigations"]]
    assert shown == made[::-1]
    assert (first["count"], rest["count"], rest["next_after"]) == (3, 2, None)


def test_only_what_is_named_is_changed(ask):
    made = begun(ask, description="Ovens")

    changed = ask("PUT", f"{PATH}/{made['id']}", json={"name": "Cafés"})["investigation"]

    assert (changed["name"], changed["description"], changed["status"]) == (
        "Cafés",
        "Ovens",
        "open",
    )
    assert changed["changed_at"] > made["changed_at"]
    assert changed["created_at"] == made["created_at"]


def test_a_change_that_changes_nothing_is_not_noted(ask):
    made = begun(ask)

    assert ask("PUT", f"{PATH}/{made['id']}", json={"name": "Bakeries"})["investigation"] == made


def test_it_is_closed_and_opened_again(ask):
    place = f"{PATH}/{begun(ask)['id']}"

    closed = ask("PUT", place, json={"status": "closed"})["investigation"]
    opened = ask("PUT", place, json={"status": "open"})["investigation"]

    assert (closed["status"], opened["status"]) == ("closed", "open")


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_another_accounts_is_answered_as_one_that_nobody_has(ask, method):
    made = begun(ask)
    sent = {"json": {"name": "Mine now"}} if method == "PUT" else {}
    other = f"tenant-{uuid4().hex}"

    foreign = ask(method, f"{PATH}/{made['id']}", expect=404, account=other, **sent)
    nobodys = ask(method, f"{PATH}/{uuid4()}", expect=404, account=other, **sent)

    assert foreign["error"] == nobodys["error"]
    assert ask("GET", f"{PATH}/{made['id']}")["investigation"] == made
    assert ask("GET", account=other)["investigations"] == []


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": " \t "}, "name"),
        ({"name": "n" * 201}, "name"),
        ({"name": None}, "name"),
        ({"name": 7}, "name"),
        ({"name": "n", "description": "d" * 5001}, "description"),
        ({"name": "n", "user_id": 7}, "user_id"),
    ],
)
def test_what_is_wrong_is_named(ask, sent, field):
    error = ask("POST", expect=400, json=sent)["error"]

    assert error["code"] == "INVALID_DATA_FORMAT"
    assert list(error["details"]) == [field]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        (f"{PATH}/seven", "investigation_id"),
        (f"{PATH}?limit=0", "limit"),
        (f"{PATH}?limit=1001", "limit"),
        (f"{PATH}?after=x", "after"),
    ],
)
def test_an_address_that_cannot_be_read_is_named(client, path, field):
    answer = client.get(path)

    assert answer.status_code == 400
    assert list(answer.json["error"]["details"]) == [field]


def test_an_unknown_status_is_refused(ask):
    place = f"{PATH}/{begun(ask)['id']}"

    error = ask("PUT", place, expect=400, json={"status": "done"})["error"]

    assert list(error["details"]) == ["status"]
