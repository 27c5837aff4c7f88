"""Alerts over HTTP: what was posted is raised once, listed, counted, dealt with and remembered."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.services.alerts.account import CANCELLED, Alerted

POSTED = {"amount": 4200}


@pytest.fixture
def mine(app, user_id):
    return Alerted(app, user_id)


# Posting -----------------------------------------------------------------------------------------


def test_an_alert_is_sent_as_it_is(mine):
    data = {"title": "Look", "message": "At this.", "priority": "urgent", "alert_type": "manual"}

    answer = mine.post(data=data)

    shown = mine.get(f"/alerts/{answer['alert_ids'][0]}")["alert"]
    assert {name: shown[name] for name in data} == data
    assert (shown["status"], shown["rule_id"], shown["event"]) == ("new", None, "alert")
    assert "suppressed_by" not in answer


def test_a_rule_makes_an_alert_of_the_event_that_it_hears(mine):
    rule = mine.rule(**CANCELLED | {"title": "Cancelled: {data.amount}"})

    (alert_id,) = mine.post("order.cancelled", data=POSTED)["alert_ids"]

    shown = mine.get(f"/alerts/{alert_id}")["alert"]
    assert (shown["rule_id"], shown["rule_name"]) == (rule["id"], "Cancelled orders")
    assert (shown["title"], shown["facts"]["data.amount"]) == ("Cancelled: 4,200", 4200)


def test_what_meets_no_rule_raises_nothing_and_the_answer_says_so(mine):
    mine.rule(**CANCELLED)

    answer = mine.post("order.cancelled", data={"amount": 1})

    assert (answer["alert_ids"], answer["suppressed_by"]) == ([], "no_rule")


def test_the_same_again_is_counted_and_no_second_alert(mine):
    first = mine.post(data={"title": "Same"})
    again = mine.post(data={"title": "Same"})

    assert again["alert_ids"] == first["alert_ids"]
    assert again["suppressed_by"] == "open_alert"
    assert mine.get(f"/alerts/{first['alert_ids'][0]}")["alert"]["times"] == 2


def test_the_sender_says_what_is_the_same(mine):
    ids = {
        id
        for title in ("One", "Two")
        for id in mine.post(data={"title": title, "fingerprint": "disk-1"})["alert_ids"]
    }

    assert len(ids) == 1


@pytest.mark.parametrize("named", ["header", "field"])
def test_a_post_that_comes_again_gets_the_first_answer_and_changes_nothing(mine, named):
    key = {"submission_id": "order-7"} if named == "field" else {}
    headers = {"Idempotency-Key": "order-7"} if named == "header" else None
    first = mine.post(data={"title": "Once"}, headers=headers, **key)

    again = mine.post(data={"title": "Once"}, headers=headers, **key)

    stamps = ("request_id", "timestamp")
    assert {n: v for n, v in again.items() if n not in stamps} == {
        n: v for n, v in first.items() if n not in stamps
    }
    assert mine.get(f"/alerts/{first['alert_ids'][0]}")["alert"]["times"] == 1


def test_a_key_of_another_event_is_refused(mine):
    mine.post(data={"title": "Once"}, submission_id="order-7")

    mine.post(data={"title": "Another"}, submission_id="order-7", expect=422)


def test_two_accounts_may_use_one_key(mine, app):
    mine.post(data={"title": "Once"}, submission_id="order-7")

    other = Alerted(app, f"{mine.user_id}-2").post(data={"title": "Other"}, submission_id="order-7")

    assert len(other["alert_ids"]) == 1


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"data": {}}, "data.title"),
        ({"data": {"title": "x" * 201}}, "data.title"),
        ({"data": {"title": 5}}, "data.title"),
        ({"data": {"title": "x", "priority": "panic"}}, "data.priority"),
        ({"data": {"title": "x", "message": "x" * 4001}}, "data.message"),
        ({"data": {"title": "x", "more": "x" * 50_000}}, "data"),
        ({"data": []}, "data"),
        ({"event": ""}, "event"),
        ({"event": "a b"}, "event"),
        ({"event": "x\n"}, "event"),
        ({"lead_id": "7"}, "lead_id"),
        ({"occurred_at": "tomorrow"}, "occurred_at"),
    ],
)
def test_what_is_wrong_with_a_post_is_named_and_nothing_is_raised(mine, said, place):
    event = said.get("event", "alert")
    body = {name: value for name, value in said.items() if name != "event"}
    error = mine.client.post(
        "/webhook/leadfly/alerts", json={"user_id": mine.user_id, "event": event} | body
    )

    assert error.status_code == 400
    assert place in error.json["error"]["details"]
    assert mine.get("/alerts")["count"] == 0


def test_a_lead_of_another_account_is_none(mine, app):
    theirs = Alerted(app, f"{mine.user_id}-2").lead()

    foreign = mine.post(data={"title": "x"}, lead_id=theirs, expect=404)["error"]
    nothing = mine.post(data={"title": "x"}, lead_id=str(uuid4()), expect=404)["error"]

    assert foreign == nothing


def test_rules_know_the_lead_of_a_post(mine):
    mine.rule(**CANCELLED | {"conditions": {"source_id": "fair", "status": "new"}})
    (lead_id,) = mine.leads(1)
    mine.get("/leads")

    answer = mine.post("order.cancelled", lead_id=lead_id)

    shown = mine.get(f"/alerts/{answer['alert_ids'][0]}")["alert"]
    assert (shown["lead_id"], shown["facts"]["source_id"]) == (lead_id, "fair")


def test_a_batch_answers_in_order_and_one_fault_costs_no_other(mine):
    events = [
        {"id": 1, "event": "alert", "data": {"title": "One"}},
        {"id": "b", "event": "alert", "data": {}},
        7,
        {"event": "alert", "data": {"title": "Two"}, "lead_id": str(uuid4())},
        {"event": "alert", "data": {"title": "Three"}, "submission_id": "k"},
        {"event": "alert", "data": {"title": "Three"}, "submission_id": "k"},
        {"event": "alert", "data": {"title": "x"}, "user_id": "somebody-else"},
    ]

    results = mine.post("", path="/batch", events=events)["results"]

    assert [one["success"] for one in results] == [True, False, False, False, True, True, False]
    assert [one["id"] for one in results[:3]] == [1, "b", None]
    assert results[4]["alert_ids"] == results[5]["alert_ids"]
    assert mine.get("/alerts")["count"] == 2


# Lists -------------------------------------------------------------------------------------------


def test_alerts_are_found_by_what_they_are(mine):
    urgent = mine.alert(priority="urgent", alert_type="a")
    low = mine.alert(priority="low", alert_type="b")
    mine.act(low, "dismiss")
    mine.act(urgent, "acknowledge")

    def found(**query):
        return [one["id"] for one in mine.get("/alerts", **query)["alerts"]]

    assert found() == [low, urgent]
    assert found(priority="urgent") == found(alert_type="a") == [urgent]
    assert found(status="dismissed") == [low]
    assert found(status="open") == found(acknowledged="true") == [urgent]
    assert found(acknowledged="false") == [low]
    assert found(lead_id=str(uuid4())) == found(rule_id=str(uuid4())) == []


def test_alerts_come_in_pages_that_miss_none(mine):
    made = [mine.alert(number=n) for n in range(5)]

    first = mine.get("/alerts", limit=2)
    mine.alert(number=99)
    second = mine.get("/alerts", limit=2, after=first["next_after"])
    rest = mine.get("/alerts", limit=2, after=second["next_after"])

    shown = [one["id"] for page in (first, second, rest) for one in page["alerts"]]
    assert shown == made[::-1]
    assert rest["next_after"] is None


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 1001}, {"status": "lost"}, {"priority": "x"}, {"after": "7"}]
)
def test_a_query_that_is_none_is_refused(mine, query):
    mine.get("/alerts", 400, **query)


def test_the_summary_counts_a_week(mine):
    ids = [mine.alert(priority=p, n=n) for n, p in enumerate(("urgent", "high", "low", "low"))]
    mine.act(ids[0], "read")
    mine.act(ids[1], "action")

    found = mine.get("/alerts/summary")

    counted = ("total", "new", "read", "actioned", "urgent", "high_priority")
    assert [found[f"{name}_alerts"] for name in counted] == [4, 2, 1, 1, 1, 1]
    assert found["type_breakdown"] == [{"alert_type": "alert", "count": 4}]


# Dealing -----------------------------------------------------------------------------------------


def test_an_alert_that_was_read_is_read_once(mine):
    alert_id = mine.alert()

    first, again = (mine.act(alert_id, "read") for _ in range(2))

    assert (first["alert_id"], first["status"], first["changed"]) == (alert_id, "read", True)
    assert (again["changed"], again["alert"]["read_at"]) == (False, first["alert"]["read_at"])


def test_an_acknowledged_alert_stays_open_and_may_be_actioned(mine):
    alert_id = mine.alert()

    taken = mine.act(alert_id, "acknowledge")["alert"]
    done = mine.act(alert_id, "action", note="Called.")

    assert (taken["status"], taken["acknowledged"], taken["acknowledged_by"]) == (
        "read",
        True,
        "local",
    )
    assert done["status"] == "actioned"


def test_an_alert_is_assigned_snoozed_given_back_and_resolved(mine):
    alert_id = mine.alert()

    assert mine.act(alert_id, "assign", assigned_to="team-a")["alert"]["assigned_to"] == "team-a"
    assert mine.get("/alerts", assigned_to="team-a")["count"] == 1
    assert mine.act(alert_id, "assign", assigned_to=None)["alert"]["assigned_to"] is None
    assert mine.act(alert_id, "snooze", minutes=30)["alert"]["snoozed_until"]
    mine.act(alert_id, "acknowledge")
    assert mine.act(alert_id, "unacknowledge")["alert"]["acknowledged"] is False
    assert mine.act(alert_id, "resolve")["status"] == "resolved"


@pytest.mark.parametrize(
    ("name", "said", "place"),
    [
        ("snooze", {}, "until"),
        ("snooze", {"minutes": -1}, "minutes"),
        ("snooze", {"until": "2020-01-01T00:00:00Z"}, "until"),
        ("snooze", {"minutes": 5, "until": "2030-01-01T00:00:00Z"}, "until"),
        ("assign", {}, "assigned_to"),
        ("assign", {"assigned_to": "x" * 201}, "assigned_to"),
        ("action", {"note": "x" * 2001}, "note"),
    ],
)
def test_what_is_wrong_with_an_act_is_named(mine, name, said, place):
    error = mine.act(mine.alert(), name, 400, **said)["error"]

    assert list(error["details"]) == [place]


def test_what_ended_is_not_snoozed_and_what_was_actioned_not_dismissed(mine):
    alert_id = mine.alert()
    mine.act(alert_id, "action")

    mine.act(alert_id, "snooze", 409, minutes=5)
    mine.act(alert_id, "dismiss", 409)

    assert mine.act(alert_id, "reopen")["status"] == "read"


def test_what_ended_and_happens_again_is_another_alert(mine):
    first = mine.post(data={"title": "Same"})["alert_ids"]
    mine.act(first[0], "dismiss")

    second = mine.post(data={"title": "Same"})["alert_ids"]

    assert first != second
    mine.act(first[0], "reopen", 409)


def test_several_are_read_and_what_cannot_be_is_named(mine):
    one, other, ended = (mine.alert(n=n) for n in range(3))
    mine.act(ended, "action")
    missing = str(uuid4())

    read = mine.ask("PUT", "/alerts/read", alert_ids=[one, other, missing])
    gone = mine.ask("PUT", "/alerts/dismiss", alert_ids=[one, ended])

    assert (read["count"], read["changed"]) == (2, 2)
    assert [left["alert_id"] for left in read["left"]] == [missing]
    assert (gone["alert_ids"], [left["alert_id"] for left in gone["left"]]) == ([one], [ended])


def test_what_people_did_is_told_with_who_and_why(mine):
    alert_id = mine.alert()
    mine.act(alert_id, "assign", assigned_to="team-a", note="They know them.")
    mine.act(alert_id, "action")

    history = mine.get(f"/alerts/{alert_id}/history")

    told = [(a["action"], a["note"], a["details"]) for a in history["actions"]]
    assert told == [
        ("action", None, {}),
        ("assign", "They know them.", {"assigned_to": "team-a"}),
    ]
    assert history["actions"][0]["done_by"] == "local"
    assert (history["decisions"], history["notifications"]) == ([], [])


def test_a_word_of_every_decision_has_a_meaning():
    from typing import get_args

    from services.alerts.alert_answer import MEANINGS
    from services.alerts.telling import Word

    assert set(MEANINGS) == set(get_args(Word))


def test_what_nobody_knows_is_not_found(mine):
    mine.get(f"/alerts/{uuid4()}", 404)
    mine.get(f"/alerts/{uuid4()}/history", 404)
    mine.act(str(uuid4()), "read", 404)
    mine.get("/alerts/7", 400)


def test_an_alert_goes_with_its_lead(mine):
    lead_id = mine.lead()
    (alert_id,) = mine.post(data={"title": "About them"}, lead_id=lead_id)["alert_ids"]

    mine.delete(f"/leads/{lead_id}")

    mine.get(f"/alerts/{alert_id}", 404)


def test_a_snooze_lasts_until_the_moment_said(mine):
    until = (datetime.now(UTC) + timedelta(hours=2)).replace(microsecond=0)

    shown = mine.act(mine.alert(), "snooze", until=until.isoformat())["alert"]

    assert datetime.fromisoformat(shown["snoozed_until"]) == until
