"""What the API description says of alerts is what is answered."""

import copy
import re

import pytest
from jsonschema_rs import Draft202012Validator

from services.alerts.alert_openapi import ALERT_OPERATIONS
from services.alerts.openapi import OPERATIONS
from services.alerts.receiver_openapi import RECEIVER_OPERATIONS
from services.alerts.rule_openapi import RULE_OPERATIONS
from services.alerts.silence_openapi import SILENCE_OPERATIONS
from shared.web.openapi import openapi_path
from tests.services.alerts.account import CANCELLED, Alerted

OURS = (
    *(one for one in OPERATIONS if one.path.startswith("/webhook/")),
    *ALERT_OPERATIONS,
    *RULE_OPERATIONS,
    *RECEIVER_OPERATIONS,
    *SILENCE_OPERATIONS,
)


@pytest.fixture
def owned(app, user_id):
    """One of everything, by the names of placeholders, where no example is in its way."""
    mine = Alerted(app, user_id)
    mine.rule(**CANCELLED)
    return {
        "alert_id": mine.post("order.cancelled", data={"amount": 4200})["alert_ids"][0],
        "rule_id": mine.get("/alerts/rules")["rules"][0]["id"],
        "receiver_id": mine.receiver(name="Owned")["id"],
        "silence_id": mine.silence(matchers={"priority": "low"}, minutes=5)["id"],
    }


def wrong(document, operation, status, answer):
    """Return what is wrong with *answer*; a field that is not described is wrong, too."""
    about = document["paths"][openapi_path(operation.path)][operation.method.lower()]
    schema = about["responses"][str(status)]["content"]["application/json"]["schema"]
    closed = copy.deepcopy(document["components"])
    for component in closed["schemas"].values():
        component.setdefault("additionalProperties", False)
    validator = Draft202012Validator(schema | {"components": closed}, validate_formats=True)
    return [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(answer)]


def asked(client, operation, owned, user_id, body):
    path = re.sub(r"<(\w+)>", lambda place: owned[place[1]], operation.path)
    sent = {} if body is None else {"json": body | {"user_id": user_id}}
    return client.open(path, method=operation.method, query_string={"user_id": user_id}, **sent)


def example_of(operation):
    return [
        pytest.param(operation, one, id=f"{operation.path}-{one.name}")
        for one in operation.examples
    ]


@pytest.mark.parametrize(("operation", "example"), [e for o in OURS for e in example_of(o)])
def test_every_example_gets_its_status_and_an_answer_as_described(
    client, owned, user_id, operation, example
):
    document = client.get("/openapi.json").json

    answer = asked(client, operation, owned, user_id, example.body)

    assert answer.status_code == example.status, answer.json
    assert wrong(document, operation, example.status, answer.json) == []


@pytest.mark.parametrize(
    "operation", [o for o in OURS if not o.examples], ids=lambda o: f"{o.method} {o.path}"
)
def test_every_other_route_answers_as_described(client, owned, user_id, operation):
    document = client.get("/openapi.json").json

    answer = asked(client, operation, owned, user_id, {} if operation.body else None)

    status = operation.status
    assert answer.status_code == status, answer.json
    assert wrong(document, operation, status, answer.json) == []
