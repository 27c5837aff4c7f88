"""The API description is complete, valid, and true of the answers that the services give."""

import copy
import json
import re
import time
import tomllib
from itertools import chain
from pathlib import Path
from uuid import uuid4

import pytest
from jsonschema_rs import Draft202012Validator
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

import services.dedup.app
from services.dedup.openapi import PATH, FlatLead, LeadForm
from services.dedup.options import OptionsGiven
from services.dedup.schema import CONTEXT_FIELDS, ConsentGiven
from shared import issuing, keys
from shared.api_key import PUBLISHABLE, SIGNING, Wanted
from shared.lead_fields import FIELDS
from shared.signature import sign
from shared.web.openapi import VERSION, openapi_path
from shared.web.operation import FORM, JSON

ROOT = Path(__file__).resolve().parents[2]

CONTRACT = [
    "success",
    "duplicate_check_complete",
    "action_taken",
    "prevention_action",
    "duplicate_found",
    "reengagement",
    "policy",
    "confidence_score",
    "risk_level",
    "risk_assessment",
    "checks_performed",
    "lead_id",
    "duplicate_of",
    "decision_id",
    "match_details",
    "lead_validation",
    "manual_review_required",
    "review_id",
    "blocking_reason",
    "trade",
    "next_steps",
    "dry_run",
    "check_skipped",
    "degraded",
    "receipt_id",
    "processing_time_ms",
    "timestamp",
    "request_id",
]
"""Every field of the contract's answer table, and what policies and dry runs add to it."""


@pytest.fixture(scope="module")
def dedup_app(local_settings):
    app = services.dedup.app.create_app(local_settings)
    yield app
    app.extensions["leadfly"].database.close()


@pytest.fixture(params=["combined", "dedup alone"])
def any_app(request, app, dedup_app):
    return app if request.param == "combined" else dedup_app


@pytest.fixture
def document(client):
    return client.get("/openapi.json").json


def operations(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def routes(app):
    """Yield every route as the description should have it; HEAD and OPTIONS come by themselves."""
    for rule in app.url_map.iter_rules():
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            yield openapi_path(rule.rule), method.lower()


def holds(document, operation, status, answer):
    """Return what is wrong with *answer*; a field that is not described is wrong, too."""
    schema = operation["responses"][str(status)]["content"]["application/json"]["schema"]
    closed = copy.deepcopy(document["components"])
    for component in closed["schemas"].values():
        component.setdefault("additionalProperties", False)
    validator = Draft202012Validator(schema | {"components": closed}, validate_formats=True)
    return [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(answer)]


def test_the_description_is_valid_openapi_3_1(any_app):
    document = any_app.test_client().get("/openapi.json").json

    assert document["openapi"].startswith("3.1.")
    assert [error.message for error in OPENAPI_31_VALIDATOR.iter_errors(document)] == []


def test_every_route_is_described_and_every_described_route_exists(any_app):
    document = any_app.test_client().get("/openapi.json").json

    described = {(path, method) for path, method, _ in operations(document)}
    assert described == set(routes(any_app))


def test_every_schema_is_a_valid_json_schema(document):
    for schema in document["components"]["schemas"].values():
        Draft202012Validator(schema | {"components": document["components"]})


def test_every_field_says_what_it_means(document):
    silent = [
        f"{name}.{field}"
        for name, schema in document["components"]["schemas"].items()
        if name.startswith("dedup.")
        for field, about in schema["properties"].items()
        if field not in ("success", "error", "lead_data", "context", "consent", "options")
        and not about.get("description")
    ]

    assert silent == []


def test_every_field_of_the_contracts_answer_is_described_and_required(document):
    answer = document["components"]["schemas"]["dedup.CheckAnswer"]

    assert set(answer["properties"]) == set(CONTRACT)
    assert set(answer["required"]) == set(CONTRACT)


def test_the_version_is_the_projects():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert project["project"]["version"] == VERSION


def test_the_description_is_made_once(app, client):
    client.get("/openapi.json")
    made = app.extensions["leadfly.openapi"]

    client.get("/docs")

    assert app.extensions["leadfly.openapi"] is made


def test_a_flat_body_may_have_the_fields_that_are_folded_in():
    folded = {*FIELDS, *CONTEXT_FIELDS, "source_id", "user_id", "submission_id"}
    agreed = {f"consent[{name}]" for name in ConsentGiven().fields}
    chosen = {f"options[{name}]" for name in OptionsGiven().fields}

    assert set(FlatLead().fields) == folded | {"consent", "options"}
    assert {field.data_key or name for name, field in LeadForm().fields.items()} == (
        folded | agreed | chosen
    )


def examples():
    app_operations = services.dedup.app.OPERATIONS
    return [
        pytest.param(operation, example, id=f"{operation.path}-{example.name}")
        for operation in app_operations
        for example in operation.examples
    ]


@pytest.mark.parametrize(("operation", "example"), examples())
def test_every_example_works_and_its_answer_is_as_described(
    client, document, user_id, operation, example
):
    about = document["paths"][openapi_path(operation.path)][operation.method.lower()]
    shown = about["requestBody"]["content"][example.media_type]["examples"][example.name]["value"]
    body = shown | {"user_id": user_id}

    answer = client.open(
        re.sub("<[^<>]*>", "website-contact", operation.path),
        method=operation.method,
        **({"json": body} if example.media_type == JSON else {"data": body}),
    )

    assert answer.status_code == example.status, answer.json
    assert holds(document, about, example.status, answer.json) == []


FAULTY = {"unreachable", "two", "far"}
"""Examples of what is refused."""


@pytest.mark.parametrize("media_type", [JSON, FORM])
def test_every_example_is_valid_by_the_schema_of_its_request(document, media_type):
    for _, _, operation in operations(document):
        content = operation.get("requestBody", {}).get("content", {}).get(media_type)
        for name, example in (content or {"examples": {}})["examples"].items():
            validator = Draft202012Validator(
                content["schema"] | {"components": document["components"]}
            )
            assert validator.is_valid(example["value"]) is (name not in FAULTY), name


VERDICTS = {
    "allowed": [{"email": "ada@example.org"}],
    "rejected": [{"email": "ada@example.org", "phone": "020 7946 0958", "country": "GB"}] * 2,
    "doubtful": [
        {"email": "michael@corp.example", "name": "Michael Johnson", "company": "Tech Solutions"},
        {"email": "mike@other.example", "name": "Mike Johnson", "company": "Tech Solutions Inc"},
    ],
    "risky": [{"email": "test@tempmail.com", "phone": "+1-000-000-0000", "company": "Test Corp"}],
    "trapped": [{"email": "bot@example.org", "honeypot": "buy now"}],
    "malformed beside usable": [{"email": "nobody at home", "phone": "+44 20 7946 0958"}],
    "a burst": [
        {"email": f"b{n}@example.org", "phone": f"+1-555-000-100{n}", "name": "Bulk Sender",
         "company": "Bulk"} for n in range(5)
    ],
}  # fmt: skip


@pytest.mark.parametrize("leads", VERDICTS.values(), ids=VERDICTS)
def test_every_verdict_is_as_described(client, document, user_id, leads):
    about = document["paths"][PATH]["post"]

    for lead in leads:
        answer = client.post(PATH, json=lead | {"user_id": user_id, "source_id": "s"})

        assert answer.status_code == 200
        assert holds(document, about, 200, answer.json) == []


def test_a_batch_with_a_fault_is_as_described(client, document, user_id):
    leads = [{"lead_data": {"email": "a@example.org"}}, {}, 7, {"email": "a@example.org"}]

    answer = client.post(
        f"{PATH}/batch", json={"user_id": user_id, "source_id": "s", "leads": leads}
    )

    assert [result["success"] for result in answer.json["results"]] == [True, False, False, True]
    assert holds(document, document["paths"][f"{PATH}/batch"]["post"], 200, answer.json) == []


def test_a_field_that_is_not_described_would_be_noticed(client, document, user_id):
    about = document["paths"][PATH]["post"]
    answer = client.post(PATH, json={"user_id": user_id, "email": "ada@example.org"}).json

    assert holds(document, about, 200, answer | {"surprise": 1})
    assert holds(document, about, 200, answer | {"risk_level": "severe"})
    assert holds(document, about, 200, answer | {"confidence_score": 1.5})
    assert holds(document, about, 200, answer | {"lead_id": "7"})


@pytest.mark.parametrize("path", ["/healthz", "/readyz", f"{PATH}/health"])
def test_health_is_as_described(client, document, path):
    answer = client.get(path)

    assert holds(document, document["paths"][path]["get"], 200, answer.json) == []


def test_local_mode_asks_for_no_key(document):
    assert all(operation["security"] == [] for _, _, operation in operations(document))
    assert "securitySchemes" not in document["components"]


def test_with_keys_exactly_the_guarded_routes_refuse_a_stranger(keys_client):
    document = keys_client.get("/openapi.json").json
    elsewhere = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}

    for path, method, operation in operations(document):
        body = {"json": {}} if method == "post" else {}
        status = keys_client.open(path, method=method, **body, **elsewhere).status_code

        assert (status == 401) == bool(operation["security"]) == ("401" in operation["responses"])


def shown(scheme, conn, ring, tenant, scopes):
    """Return the query and the headers of a request that shows just what *scheme* asks for."""
    if scheme == "PublishableKey":
        wanted = Wanted(PUBLISHABLE, source_id="s", origins=frozenset({"https://a.example"}))
        text = issuing.issue(conn, ring, tenant, wanted).text
        return {"key": text}, {"Origin": "https://a.example"}
    if scheme == "Signature":
        issued, at = issuing.issue(conn, ring, tenant, Wanted(SIGNING, tuple(scopes))), time.time()
        signed = {"webhook-id": "m", "webhook-timestamp": str(int(at))}
        signed["webhook-signature"] = sign(issued.text, "m", int(at), b"{}")
        return {"signed_by": issued.key.prefix}, signed
    _, key = keys.create(conn, tenant, scopes)
    return {}, {"X-API-Key": key} if scheme == "ApiKey" else {"Authorization": f"Bearer {key}"}


def test_with_keys_each_scheme_and_scope_opens_what_it_says(keys_client, database, gate):
    document = keys_client.get("/openapi.json").json
    schemes = document["components"]["securitySchemes"]
    assert (schemes["ApiKey"]["name"], schemes["Bearer"]["scheme"]) == ("X-API-Key", "bearer")
    assert (schemes["PublishableKey"]["name"], schemes["Signature"]["in"]) == ("key", "header")

    for path, method, operation in operations(document):
        named = [*chain.from_iterable(operation["security"])]
        for scheme, scopes in chain.from_iterable(n.items() for n in operation["security"]):
            tenant = f"tenant-{uuid4().hex}"
            with database.transaction(tenant) as conn:
                query, headers = shown(scheme, conn, gate.keyring, tenant, scopes)
            answer = keys_client.open(
                path,
                method=method,
                query_string=query,
                headers=headers,
                data=b"{}",
                content_type="application/json",
            )

            assert answer.status_code not in (401, 403), (path, scheme)
        assert not named or {"ApiKey", "Bearer"} <= {*named}


def test_with_keys_no_other_scheme_opens_a_route(keys_client, database, gate):
    document = keys_client.get("/openapi.json").json

    for path, method, operation in operations(document):
        named = {*chain.from_iterable(operation["security"])}
        for scheme in {"PublishableKey", "Signature"} - named if named else ():
            tenant = f"tenant-{uuid4().hex}"
            with database.transaction(tenant) as conn:
                query, headers = shown(scheme, conn, gate.keyring, tenant, ["write:leads"])
            answer = keys_client.open(
                path,
                method=method,
                query_string=query,
                headers=headers,
                data=b"{}",
                content_type="application/json",
                environ_base={"REMOTE_ADDR": "203.0.113.9"},
            )

            assert answer.status_code == 403, (path, scheme)


def test_a_page_is_answered_as_described(keys_client, database, gate, user_id):
    document = keys_client.get("/openapi.json").json
    with database.transaction(user_id) as conn:
        query, headers = shown("PublishableKey", conn, gate.keyring, user_id, ())

    answer = keys_client.post(
        PATH, json={"email": "a@b.example"}, query_string=query, headers=headers
    )

    assert holds(document, document["paths"][PATH]["post"], 200, answer.json) == []
    assert "dedup.Received" in document["components"]["schemas"]


def test_the_page_shows_every_operation_and_field(client, document):
    page = client.get("/docs").text.replace("<wbr>", "")

    for path, _, operation in operations(document):
        assert f'id="{operation["operationId"]}"' in page, path
    for field in CONTRACT:
        assert f"<code>{field}" in page
    assert "<code>lead_data.email</code>" in page
    assert "<code>checks_performed[].confidence</code>" in page


def test_the_page_says_what_may_stand_in_the_address(client):
    page = client.get("/docs").text

    assert "<code>review_id</code>" in page
    assert "<code>limit</code></dt><dd>How many reviews at most." in page


def test_the_description_names_every_setting_and_route_it_mentions(document):
    text = json.dumps(document)
    settings = (ROOT / ".env.example").read_text(encoding="utf-8")

    for name in set(re.findall(r"`([A-Z]+_[A-Z_]+)(?:=\w+)?`", text)):
        assert f"{name}=" in settings, name
