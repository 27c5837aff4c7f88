"""The alert system does in Python what the routes do, under the documents' names."""

import asyncio
from uuid import uuid4

import pytest

from lead_discovery import LeadAlertSystem, open_pool
from shared.errors import Conflict, Malformed, Meaningless, NotFound
from tests.services.alerts.account import CANCELLED, INTENT, Alerted


@pytest.fixture
def mine(app, user_id):
    return Alerted(app, user_id)


@pytest.fixture
def alerts(local_settings, user_id):
    with open_pool(local_settings) as pool:
        yield LeadAlertSystem(pool, user_id=user_id)


def test_an_alert_about_a_lead_is_sent_and_found(mine, alerts):
    lead_id = mine.lead()

    alert_id = asyncio.run(
        alerts.send_lead_alert(
            lead_id,
            alert_type="high_score_match",
            title="High Value Match Found",
            message="Lead scored 95% match with Premium Service",
            priority="urgent",
        )
    )

    (found,) = asyncio.run(alerts.get_alerts(status="new", priority="urgent"))
    assert (str(found["id"]), str(found["lead_id"])) == (alert_id, lead_id)
    assert found["alert_type"] == "high_score_match"
    assert mine.get(f"/alerts/{alert_id}")["alert"]["title"] == "High Value Match Found"


@pytest.mark.parametrize(("score", "priority"), [(90, "urgent"), (75, "high"), (60, "medium")])
def test_a_match_alert_is_as_urgent_as_its_score(mine, alerts, score, priority):
    alert_id = asyncio.run(alerts.send_match_alert(uuid4(), mine.lead(), uuid4(), score))

    assert mine.get(f"/alerts/{alert_id}")["alert"]["priority"] == priority


def test_a_match_alert_asks_the_rules_that_hear_of_matches(mine, alerts):
    rule = {"rule_name": "Matches", "rule_type": "high_score_match"}
    (rule_id,) = asyncio.run(
        alerts.setup_alert_rules([rule | {"conditions": {"min_match_score": 80}}])
    )
    lead_id = mine.lead()

    alert_id = asyncio.run(alerts.send_match_alert(uuid4(), lead_id, uuid4(), 95))

    assert mine.get(f"/alerts/{alert_id}")["alert"]["rule_id"] == rule_id
    assert asyncio.run(alerts.send_match_alert(uuid4(), lead_id, uuid4(), 70)) is None


def test_rules_are_set_up_all_or_none(mine, alerts):
    faulty = CANCELLED | {"conditions": {"min_nothing": 1}}

    with pytest.raises(Malformed) as caught:
        asyncio.run(alerts.setup_alert_rules([INTENT, faulty]))

    assert list(caught.value.details) == ["rules[1].conditions.min_nothing"]
    assert mine.get("/alerts/rules")["count"] == 0


def test_to_set_up_the_same_rules_again_changes_nothing(mine, alerts):
    first = asyncio.run(alerts.setup_alert_rules([INTENT, CANCELLED]))

    again = asyncio.run(alerts.setup_alert_rules([INTENT, CANCELLED | {"priority": "urgent"}]))

    assert first == again
    rules = mine.get("/alerts/rules")["rules"]
    assert [(one["id"], one["version"]) for one in rules] == list(zip(first, (1, 2), strict=True))


def test_two_rules_of_one_name_are_refused(alerts):
    with pytest.raises(Meaningless):
        asyncio.run(alerts.setup_alert_rules([INTENT, INTENT]))


def test_every_act_of_the_routes_is_there(mine, alerts):
    alert_id = mine.alert()

    asyncio.run(alerts.read(alert_id))
    taken = asyncio.run(alerts.acknowledge(alert_id, note="Mine."))
    asyncio.run(alerts.assign(alert_id, "team-a"))
    asyncio.run(alerts.snooze(alert_id, 30))
    done = asyncio.run(alerts.action(alert_id))

    assert (taken["acknowledged_by"], done["status"]) == ("python", "actioned")
    with pytest.raises(Conflict):
        asyncio.run(alerts.dismiss(alert_id))
    assert asyncio.run(alerts.summary())["actioned_alerts"] == 1


def test_alerts_are_dismissed_and_resolved(mine, alerts):
    one, other = mine.alert(n=1), mine.alert(n=2)

    assert asyncio.run(alerts.dismiss(one))["status"] == "dismissed"
    assert asyncio.run(alerts.resolve(other))["status"] == "resolved"


def test_what_cannot_be_is_an_error(alerts):
    with pytest.raises(NotFound):
        asyncio.run(alerts.send_lead_alert(uuid4(), "x", "Nobody's"))
    with pytest.raises(Malformed):
        asyncio.run(alerts.send_lead_alert(None, "x", "Title", priority="panic"))
    with pytest.raises(Malformed):
        asyncio.run(alerts.get_alerts(status="lost"))
    with pytest.raises(NotFound):
        asyncio.run(alerts.read(uuid4()))


@pytest.mark.parametrize("score", ["91", float("nan"), None, True, 101, -1])
def test_a_match_alert_with_what_is_no_score_is_refused(alerts, score):
    with pytest.raises(Malformed) as caught:
        asyncio.run(alerts.send_match_alert(None, uuid4(), uuid4(), score))

    assert list(caught.value.details) == ["match_score"]


def test_what_is_no_id_no_time_and_no_json_is_malformed(alerts):
    wrong = {
        "alert_id": lambda: alerts.read("x"),
        "minutes": lambda: alerts.snooze(uuid4(), "soon"),
        "data": lambda: alerts.send_lead_alert(None, "x", "half a letter: \ud800"),
    }

    for field, asked in wrong.items():
        with pytest.raises(Malformed) as caught:
            asyncio.run(asked())
        assert list(caught.value.details) == [field]
