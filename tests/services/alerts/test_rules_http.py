"""Rules over HTTP: made, refused with the place named, changed in versions, tried and judged."""

import pytest

from tests.services.alerts.account import CANCELLED, Alerted


@pytest.fixture
def mine(app, user_id):
    return Alerted(app, user_id)


def test_a_rule_is_made_with_what_is_usual(mine):
    rule = mine.rule()

    assert (rule["version"], rule["is_active"], rule["heard"]) == (1, True, ["lead.created"])
    assert (rule["group_interval_seconds"], rule["repeat_interval_seconds"]) == (300, 14400)
    assert mine.get(f"/alerts/rules/{rule['id']}")["rule"] == rule


@pytest.mark.parametrize(
    ("changes", "status", "place"),
    [
        ({"conditions": {"min_intent_scor": 80}}, 400, "conditions.min_intent_scor"),
        ({"conditions": {"all": [{"max_nothing": 1}]}}, 400, "conditions.all[0].max_nothing"),
        (
            {"conditions": {"min_intent_score": 80, "max_intent_score": 20}},
            422,
            "conditions.min_intent_score",
        ),
        ({"conditions": {"region": "Qzxwvkj"}}, 422, "conditions.region"),
        ({"title": "{nobody}"}, 400, "title"),
        ({"message": "a { alone"}, 400, "message"),
        ({"alert_channels": ["pigeon"]}, 400, "alert_channels[0]"),
        ({"priority": "panic"}, 400, "priority"),
        ({"rule_type": "nothing"}, 400, "rule_type"),
        ({"rule_type": "custom"}, 400, "events"),
        ({"group_by": ["shoe_size"]}, 400, "group_by[0]"),
        ({"receivers": ["nobody"]}, 422, "receivers[0]"),
        (
            {"escalation": {"after_minutes": 60, "receivers": ["nobody"]}},
            422,
            "escalation.receivers[0]",
        ),
        ({"escalation": {"after_minutes": 0, "receivers": ["a"]}}, 400, "escalation.after_minutes"),
        ({"rule_name": "a\nb"}, 400, "rule_name"),
    ],
)
def test_what_is_wrong_with_a_rule_is_named_and_nothing_is_stored(mine, changes, status, place):
    error = mine.rule(expect=status, **changes)

    assert list(error["details"]) == [place], error
    assert mine.get("/alerts/rules")["count"] == 0


def test_all_that_is_wrong_is_named_at_once(mine):
    error = mine.rule(
        expect=400, conditions={"min_nothing": 1}, title="{nobody}", receivers=["nobody"]
    )

    assert set(error["details"]) == {"conditions.min_nothing", "title", "receivers[0]"}


def test_receivers_are_named_by_id_or_by_name(mine):
    one, other = mine.receiver(), mine.receiver(name="Others")

    rule = mine.rule(receivers=["CRM", one["id"], other["id"]])

    assert rule["receivers"] == [one["id"], other["id"]]


def test_another_accounts_receiver_is_none(mine, app):
    theirs = Alerted(app, f"{mine.user_id}-2").receiver()

    assert "receivers[0]" in mine.rule(expect=422, receivers=[theirs["id"]])["details"]


def test_a_change_is_a_version_and_the_same_again_is_none(mine):
    rule = mine.rule()
    path = f"/alerts/rules/{rule['id']}"

    louder = mine.ask("PUT", path, priority="urgent")["rule"]
    again = mine.ask("PUT", path, priority="urgent")["rule"]

    assert (louder["version"], again["version"]) == (2, 2)
    assert (louder["priority"], louder["conditions"]) == ("urgent", rule["conditions"])
    versions = mine.get(f"{path}/versions")["versions"]
    assert [(one["version"], one["priority"]) for one in versions] == [(2, "urgent"), (1, "high")]


def test_a_change_of_what_somebody_else_changed_is_refused(mine):
    rule = mine.rule()
    path = f"/alerts/rules/{rule['id']}"
    mine.ask("PUT", path, priority="low")

    mine.ask("PUT", path, 409, priority="urgent", version=1)

    assert mine.get(path)["rule"]["priority"] == "low"


def test_a_faulty_change_changes_nothing(mine):
    rule = mine.rule()
    path = f"/alerts/rules/{rule['id']}"

    mine.ask("PUT", path, 400, priority="urgent", conditions={"min_nothing": 1})

    assert mine.get(path)["rule"] == rule


def test_null_means_what_is_usual(mine):
    rule = mine.rule(group_by=["country"], message="Hello.")

    changed = mine.ask("PUT", f"/alerts/rules/{rule['id']}", group_by=None, message=None)["rule"]

    assert (changed["group_by"], changed["message"]) == ([], None)


def test_a_rule_that_was_removed_raises_nothing_and_its_alerts_stay(mine):
    rule = mine.rule(**CANCELLED)
    (alert_id,) = mine.post("order.cancelled", data={"amount": 4200})["alert_ids"]

    mine.delete(f"/alerts/rules/{rule['id']}")

    mine.get(f"/alerts/rules/{rule['id']}", 404)
    assert mine.get("/alerts/rules")["count"] == 0
    shown = mine.get(f"/alerts/{alert_id}")["alert"]
    assert (shown["rule_id"], shown["rule_name"]) == (rule["id"], "Cancelled orders")


def test_rules_are_listed_in_pages(mine):
    made = [mine.rule(rule_name=f"Rule {n}")["id"] for n in range(3)]

    first = mine.get("/alerts/rules", limit=2)
    rest = mine.get("/alerts/rules", limit=2, after=first["next_after"])

    assert [one["id"] for one in (*first["rules"], *rest["rules"])] == made
    assert rest["next_after"] is None


def test_rules_are_found_by_type_and_state(mine):
    mine.rule()
    paused = mine.rule(**CANCELLED, is_active=False)

    assert [r["id"] for r in mine.get("/alerts/rules", is_active="false")["rules"]] == [
        paused["id"]
    ]
    assert [r["id"] for r in mine.get("/alerts/rules", rule_type="custom")["rules"]] == [
        paused["id"]
    ]


def test_a_dry_run_tells_how_often_a_rule_would_have_fired(mine):
    mine.leads(3)
    rule = mine.rule(conditions={"source_id": "fair"})

    answer = mine.ask("POST", f"/alerts/rules/{rule['id']}/dry-run")

    run = answer["dry_run"]
    assert (answer["rule_id"], run["fired"], run["looked_at"]) == (rule["id"], 3, 3)
    assert run["in_words"] == "would have fired 3 times last week"
    assert (len(run["days"]), run["days"][-1]["fired"]) == (7, 3)
    assert run["examples"][0]["why"] == ["source_id is fair"]


def test_a_rule_is_tried_before_it_is_stored(mine):
    mine.leads(2)

    said = {"rule_type": "new_lead", "conditions": {"source_id": "elsewhere"}, "days": 14}
    run = mine.ask("POST", "/alerts/rules/dry-run", **said)["dry_run"]

    assert (run["fired"], run["looked_at"]) == (0, 2)
    assert run["in_words"] == "would not have fired in 14 days"
    assert mine.get("/alerts/rules")["count"] == 0


def test_a_dry_run_names_what_is_wrong_with_the_rule(mine):
    said = {"rule_type": "new_lead", "conditions": {"min_nothing": 1}}

    error = mine.ask("POST", "/alerts/rules/dry-run", 400, **said)["error"]

    assert list(error["details"]) == ["conditions.min_nothing"]


def test_the_precision_of_a_rule_counts_what_led_to_something(mine):
    rule = mine.rule(**CANCELLED | {"conditions": {}})
    for number, act in enumerate(("action", "dismiss", "dismiss")):
        (alert_id,) = mine.post("order.cancelled", data={"order": number})["alert_ids"]
        mine.act(alert_id, act)

    found = mine.get(f"/alerts/rules/{rule['id']}/precision")

    assert (found["precision"]["judged"], found["precision"]["led"]) == (3, 1)
    assert found["precision"]["share"] == pytest.approx(1 / 3, abs=0.001)
    assert found["suggestion"] is None


def test_the_facts_that_rules_may_name_are_listed(mine):
    found = mine.get("/alerts/facts")

    facts = {one["name"]: one for one in found["facts"]}
    assert (facts["intent_score"]["least"], facts["intent_score"]["most"]) == (0, 100)
    assert facts["latitude"]["is_kept"] is False
    assert found["other_names"]["needs_identified"] == "needs"
    assert found["rule_types"]["high_score_match"] == ["high_score_match"]


def woken(database, mine):
    """Return the receivers that are to be told something, by id."""
    with database.transaction(mine.user_id) as conn:
        rows = conn.execute(
            "SELECT receiver_id::text FROM alerts.groups WHERE tenant_id = %s", [mine.user_id]
        )
        return {row[0] for row in rows.fetchall()}


def test_a_channel_means_all_its_receivers_unless_one_of_them_is_named(mine, database):
    sales, boss = (
        mine.receiver(name=name, channel="email", url=None, address=f"{name}@corp.example")["id"]
        for name in ("sales", "boss")
    )
    crm, other = mine.receiver()["id"], mine.receiver(name="Other")["id"]
    mine.rule(**CANCELLED | {"alert_channels": ["dashboard", "email", "webhook"]}, receivers=[crm])

    mine.post("order.cancelled", data={"amount": 4200})

    assert woken(database, mine) == {sales, boss, crm}
    assert other not in woken(database, mine)
