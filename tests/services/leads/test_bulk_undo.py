"""Bulk actions taken back, and several at the same time, on a real PostgreSQL."""

from threading import Barrier, Thread

import pytest

from tests.services.leads.account import Account


@pytest.fixture
def account(app, user_id):
    return Account(app, user_id)


@pytest.fixture
def act(account):
    def act(change, expect=200, **order):
        return account.ask("POST", "/leads/bulk", expect, change=change, **order)

    return act


def undo(account, done):
    return account.ask("POST", f"/bulk/{done['bulk']['id']}/undo")


# Taken back --------------------------------------------------------------------------------------


def test_an_action_is_taken_back_whole(account, act):
    ids = account.leads(4)
    account.ask("PUT", f"/leads/{ids[0]}", status="qualified", tags=["a", "b"], assigned_to="kim")
    before = [account.of(one) for one in ids]
    change = {"status": "lost", "assigned_to": "sam", "add_tags": ["c"], "remove_tags": ["a"]}
    done = act(change, filter={})
    assert account.of(ids[0]) == ("lost", "sam", ["b", "c"])

    taken_back = undo(account, done)

    assert taken_back["changed"] is True
    assert (taken_back["bulk"]["put_back"], taken_back["bulk"]["changed_since"]) == (4, 0)
    assert [account.of(one) for one in ids] == before


def test_what_somebody_changed_since_is_left_and_counted(account, act):
    ids = account.leads(3)
    done = act({"status": "contacted", "assigned_to": "sam"}, filter={})
    account.ask("PUT", f"/leads/{ids[0]}", status="qualified")

    taken_back = undo(account, done)["bulk"]

    assert (taken_back["put_back"], taken_back["changed_since"]) == (3, 1)
    assert account.of(ids[0])[:2] == ("qualified", None)
    assert account.of(ids[1])[:2] == ("new", None)


def test_taking_back_twice_changes_nothing_and_says_so(account, act):
    (one,) = account.leads(1)
    done = act({"status": "contacted"}, filter={})
    first = undo(account, done)["bulk"]
    act({"status": "contacted"}, filter={})

    again = undo(account, done)

    assert (again["changed"], again["bulk"]) == (False, first)
    assert account.of(one)[0] == "contacted"


def test_actions_may_be_taken_back_one_by_one(account, act):
    (one,) = account.leads(1)
    first, second = (act({"status": s}, filter={}) for s in ("contacted", "lost"))

    assert undo(account, first)["bulk"]["changed_since"] == 1
    assert account.of(one)[0] == "lost"
    undo(account, second)
    assert account.of(one)[0] == "contacted"


def test_a_lead_that_was_erased_does_not_come_back(account, act):
    ids = account.leads(2)
    done = act({"status": "contacted"}, filter={})
    account.ask("DELETE", f"/leads/{ids[0]}")

    taken_back = undo(account, done)["bulk"]

    assert (taken_back["leads"], taken_back["put_back"], taken_back["changed_since"]) == (2, 1, 0)
    account.ask("GET", f"/leads/{ids[0]}", 404)


def test_the_history_names_the_action_and_its_undoing(account, act):
    (one,) = account.leads(1)
    done = act({"status": "contacted"}, filter={})
    undo(account, done)

    entries = account.history(one)

    assert [(entry["before"], entry["after"], entry["undo"]) for entry in entries] == [
        ("contacted", "new", True),
        ("new", "contacted", False),
    ]
    assert {entry["bulk_id"] for entry in entries} == {done["bulk"]["id"]}


def test_lists_follow_an_action_and_its_undoing(account, act):
    account.leads(3)
    done = act({"status": "contacted", "add_tags": ["Fair 26"]}, filter={})

    assert account.listed(status="contacted") == account.listed(tag="Fair 26") == 3
    undo(account, done)
    assert account.listed(status="contacted") == account.listed(tag="Fair 26") == 0


# At the same time --------------------------------------------------------------------------------


def at_once(*calls):
    """Run *calls* together; return the statuses that they were answered."""
    start, statuses = Barrier(len(calls)), []

    def run(call):
        start.wait()
        statuses.append(call().status_code)

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def test_actions_on_the_same_leads_come_one_after_the_other(app, account, user_id):
    ids = account.leads(40)

    def call(order):
        named = sorted(ids, reverse=order % 2)
        body = {"lead_ids": named, "change": {"assigned_to": f"p{order}"}, "user_id": user_id}
        return lambda: app.test_client().post("/api/v1/lead-discovery/leads/bulk", json=body)

    assert at_once(*map(call, range(6))) == [200] * 6
    actions = account.ask("GET", "/bulk")["bulk"]
    assert [action["leads"] for action in actions] == [40] * 6
    assert len({account.of(one)[1] for one in ids}) == 1
    values = [entry["after"] for entry in reversed(account.history(ids[0]))]
    befores = [entry["before"] for entry in reversed(account.history(ids[0]))]
    assert befores == [None, *values[:-1]]


def test_of_two_who_take_an_action_back_one_does(app, account, act, user_id):
    account.leads(5)
    path = f"/api/v1/lead-discovery/bulk/{act({'status': 'lost'}, filter={})['bulk']['id']}/undo"
    answers = []

    def call():
        answers.append(app.test_client().post(path, json={"user_id": user_id}))
        return answers[-1]

    assert at_once(*[call] * 4) == [200] * 4
    assert sorted(answer.json["changed"] for answer in answers) == [False] * 3 + [True]
