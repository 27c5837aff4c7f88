"""What the API description says of creating leads and investigations is true of the answers."""

import pytest
from jsonschema_rs import Draft202012Validator

from services.leads.creation_openapi import CREATION_OPERATIONS, PATH
from services.leads.investigation_openapi import INVESTIGATION_OPERATIONS
from shared.web.openapi import openapi_path
from tests.leadfly.test_openapi import holds
from tests.services.leads.created import ADA


@pytest.fixture
def document(client):
    return client.get("/openapi.json").json


def examples():
    return [
        pytest.param(operation, example, id=f"{operation.path}-{example.name}")
        for operation in (*CREATION_OPERATIONS, *INVESTIGATION_OPERATIONS)
        for example in operation.examples
    ]


@pytest.mark.parametrize(("operation", "example"), examples())
def test_every_example_works_and_its_answer_is_as_described(
    client, document, user_id, operation, example
):
    named = {"user_id": user_id, "name": "Bakeries"}
    begun = client.post("/api/v1/lead-discovery/investigations", json=named).json
    path = operation.path.replace("<investigation_id>", begun["investigation"]["id"])

    answer = client.open(path, method=operation.method, json=example.body | {"user_id": user_id})

    about = document["paths"][openapi_path(operation.path)][operation.method.lower()]
    assert answer.status_code == example.status, answer.json
    assert holds(document, about, example.status, answer.json) == []


def test_somebody_known_is_answered_as_described(client, document, user_id):
    for status in (201, 200):
        answer = client.post(PATH, json=ADA | {"user_id": user_id})

        assert holds(document, document["paths"][PATH]["post"], status, answer.json) == []


def test_the_duplicate_check_is_told_in_the_webhooks_words(client, document, user_id):
    told = client.post(PATH, json=ADA | {"user_id": user_id}).json["duplicate_check"]

    findings = {"$ref": "#/components/schemas/dedup.CheckFindings"}
    validator = Draft202012Validator(findings | {"components": document["components"]})
    assert [error.message for error in validator.iter_errors(told)] == []


def test_lists_of_investigations_are_as_described(client, document, user_id):
    path = "/api/v1/lead-discovery/investigations"
    client.post(path, json={"user_id": user_id, "name": "Bakeries"})

    answer = client.get(path, query_string={"user_id": user_id})

    assert holds(document, document["paths"][path]["get"], 200, answer.json) == []
