"""What docs/alerts.md says is what happens."""

import re
from pathlib import Path

from services.alerts.receiver_schema import NewReceiver
from services.alerts.rule import RULE_TYPES
from services.alerts.rule_schema import NewRule
from services.alerts.schema import Happened
from tests.test_docs import README, curls

GUIDE = (Path(__file__).resolve().parents[3] / "docs/alerts.md").read_text(encoding="utf-8")

SAID = set(re.findall(r"`(\w+)`", GUIDE))


def test_every_curl_is_answered(client, user_id):
    asked = list(curls(GUIDE))

    assert len(asked) == 5
    for path, body in asked:
        answer = client.post(path, json=body | {"user_id": user_id})
        assert answer.status_code in (200, 201), answer.text
        assert all(one["success"] for one in answer.json.get("results", ())), path


def test_the_readmes_curl_raises_an_alert(client, user_id):
    ((path, body),) = [one for one in curls(README) if one[0].endswith("/alerts")]

    answer = client.post(path, json=body | {"user_id": user_id})

    assert len(answer.json["alert_ids"]) == 1


def test_every_field_that_callers_send_is_explained():
    fields = NewRule().fields.keys() | NewReceiver().fields.keys() | Happened().fields.keys()

    assert fields - SAID - {"user_id"} == set()


def test_every_type_of_rule_is_named():
    assert set(RULE_TYPES) - SAID == set()


def test_every_route_that_the_guide_lists_exists(app):
    rules = {re.sub("<[^<>]*>", "{id}", rule.rule) for rule in app.url_map.iter_rules()}
    named = re.findall(r"(?:GET|PUT|POST|DELETE)\s+(?:/api/v1/lead-discovery|…)(\S*)", GUIDE)

    missing = [
        path
        for path in (re.sub(r"\?.*", "", one).rstrip("`") for one in named)
        if not any(rule.endswith(path) for rule in rules)
    ]
    assert (named != [], missing) == (True, [])
