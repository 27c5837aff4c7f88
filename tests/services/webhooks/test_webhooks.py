"""Endpoints over HTTP, on a real PostgreSQL: who may register what, and what is shown of it."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.webhooks.app import DOOR
from services.webhooks.endpoint import MOST, OVERLAP
from services.webhooks.openapi import OPERATIONS, PATH
from shared import keys
from shared.outbound import Door
from shared.signature import PREFIX
from shared.web.openapi import openapi_path
from tests.leadfly.test_openapi import holds
from tests.shared import hostile_urls

CRM = {"url": "https://crm.example.com/hooks/x", "events": ["lead.created"]}


def test_a_new_endpoint_is_answered_with_its_secret_once(ask):
    made = ask("POST", expect=201, **CRM, description="CRM")["webhook"]

    assert made["secret"].startswith(PREFIX)
    assert (made["url"], made["events"], made["active"]) == (CRM["url"], CRM["events"], True)
    shown = ask("GET", f"/{made['id']}")["webhook"]
    assert shown == {name: value for name, value in made.items() if name != "secret"}
    assert ask("GET")["webhooks"] == [shown]


def test_address_and_secret_are_sealed_where_they_are_stored(ask, owner, user_id):
    made = ask("POST", expect=201, **CRM)["webhook"]

    (row,) = owner.execute(
        "SELECT row_to_json(e)::text FROM webhooks.endpoints AS e WHERE tenant_id = %s", [user_id]
    ).fetchone()

    for secret in (made["secret"], "crm.example.com"):
        assert secret not in row
        assert secret.encode().hex() not in row


def test_neither_secret_nor_address_is_logged(ask, registered, post, rounds, sink, caplog):
    caplog.set_level("DEBUG")
    sink.answers = [500]
    made = registered("/very-secret-path")
    ask("POST", f"/{made['id']}/test")
    post(email="ada@example.org")
    rounds()
    registered_then = caplog.text

    assert "very-secret-path" not in registered_then
    assert made["secret"] not in registered_then
    assert len(sink.received) == 2


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example.com/",
        "https://localhost/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://2130706433/",
        "https://user:pass@crm.example.com/",
        "ftp://crm.example.com/",
        "nonsense",
    ],
)
def test_an_address_that_is_not_a_public_https_one_cannot_be_registered(ask, url):
    error = ask("POST", expect=422, url=url, events=["lead.created"])["error"]

    assert list(error["details"]) == ["url"]
    assert url not in str(error)


def test_no_hostile_url_reaches_what_listens_inside_by_way_of_a_test_message(app, sink):
    """Registered or not, as the server in front of it says: nothing arrives at the canary."""
    client, sent = app.test_client(), 0
    app.extensions[DOOR] = Door(resolve=lambda host, port: ["127.0.0.1"])
    try:
        for number, url in enumerate(hostile_urls.urls(sink.port)):
            body = {"url": url, "events": ["lead.created"], "user_id": f"hostile-{number}"}
            made = client.post(PATH, data=json.dumps(body), content_type="application/json")
            assert made.status_code in (201, 400, 422), url
            if made.status_code == 201:
                where = f"{PATH}/{made.json['webhook']['id']}/test"
                told = client.post(where, json={"user_id": f"hostile-{number}"}).json["test"]
                assert told["error"] == "The host has an address that is not public.", url
                sent += 1
    finally:
        del app.extensions[DOOR]

    assert sent >= 3
    assert sink.received == []


def test_a_listed_private_host_can_be_registered(ask):
    ask("POST", expect=201, url="http://127.0.0.1:9/x", events=["lead.created"])
    ask("POST", expect=422, url="http://127.0.0.2:9/x", events=["lead.created"])


def test_a_host_that_does_not_resolve_can_be_registered(ask):
    ask("POST", expect=201, url="https://not-there.invalid/", events=["lead.created"])


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"events": ["lead.created"]}),
        (400, {"url": "https://crm.example.com/"}),
        (400, CRM | {"events": []}),
        (400, CRM | {"events": ["lead.unheard"]}),
        (400, CRM | {"events": "lead.created"}),
        (422, CRM | {"events": ["lead.created", "lead.created"]}),
        (400, CRM | {"url": 7}),
        (400, CRM | {"description": "x" * 501}),
    ],
)
def test_what_makes_no_sense_cannot_be_registered(ask, status, body):
    ask("POST", expect=status, **body)


def test_an_account_has_a_limited_number_of_endpoints(ask):
    for _ in range(MOST):
        ask("POST", expect=201, **CRM)

    assert ask("POST", expect=409, **CRM)["error"]["code"] == "CONFLICT"


def test_endpoints_are_paged(ask):
    made = [ask("POST", expect=201, **CRM)["webhook"]["id"] for _ in range(5)]
    seen, after = [], None

    while True:
        page = ask("GET", query={"limit": 2} | ({"after": after} if after else {}))
        seen += [webhook["id"] for webhook in page["webhooks"]]
        after = page["next_after"]
        if not after:
            break

    assert seen == made


@pytest.mark.parametrize("limit", ["0", "1001", "-1", "many"])
def test_a_page_has_a_thousand_rows_at_most(ask, limit):
    ask("GET", query={"limit": limit}, expect=400)


def test_an_endpoint_is_changed_in_what_the_body_names(ask):
    made = ask("POST", expect=201, **CRM, description="old")["webhook"]

    changed = ask("PUT", f"/{made['id']}", events=["lead.qualified"], description="new")["webhook"]

    assert (changed["url"], changed["events"]) == (CRM["url"], ["lead.qualified"])
    assert changed["description"] == "new"
    assert ask("GET", f"/{made['id']}")["webhook"] == changed


def test_an_endpoint_cannot_be_moved_inside(ask):
    made = ask("POST", expect=201, **CRM)["webhook"]

    ask("PUT", f"/{made['id']}", url="https://10.0.0.1/", expect=422)

    assert ask("GET", f"/{made['id']}")["webhook"]["url"] == CRM["url"]


def test_a_paused_endpoint_says_so_until_it_is_active_again(ask):
    made = ask("POST", expect=201, **CRM)["webhook"]

    paused = ask("PUT", f"/{made['id']}", active=False)["webhook"]
    assert (paused["active"], paused["inactive_because"]) == (False, "paused")
    assert ask("GET", f"/{made['id']}")["webhook"] == paused

    again = ask("PUT", f"/{made['id']}", active=True)["webhook"]
    assert (again["active"], again["inactive_because"]) == (True, None)


def test_a_removed_endpoint_is_gone(ask):
    made = ask("POST", expect=201, **CRM)["webhook"]

    assert ask("DELETE", f"/{made['id']}")["webhook_id"] == made["id"]

    ask("DELETE", f"/{made['id']}", expect=404)
    ask("GET", f"/{made['id']}", expect=404)
    assert ask("GET")["webhooks"] == []


def test_a_rotation_shows_a_new_secret_and_until_when_the_old_one_signs(ask):
    made = ask("POST", expect=201, **CRM)["webhook"]

    rotated = ask("POST", f"/{made['id']}/rotate")["webhook"]

    assert rotated["secret"] != made["secret"]
    left = datetime.fromisoformat(rotated["former_secret_until"]) - datetime.now(UTC)
    assert OVERLAP - timedelta(minutes=1) < left <= OVERLAP
    assert "secret" not in ask("GET", f"/{made['id']}")["webhook"]


FOREIGN = [
    ("GET", ""),
    ("PUT", ""),
    ("DELETE", ""),
    ("POST", "/rotate"),
    ("POST", "/test"),
    ("GET", "/deliveries"),
]


@pytest.mark.parametrize(("method", "path"), FOREIGN)
def test_another_accounts_endpoint_is_as_unknown_as_none(ask, method, path):
    made = ask("POST", expect=201, **CRM)["webhook"]
    other = f"tenant-{uuid4().hex}"

    foreign = ask(method, f"/{made['id']}{path}", expect=404, user_id=other)
    unknown = ask(method, f"/{uuid4()}{path}", expect=404, user_id=other)

    assert foreign["error"] == unknown["error"]
    assert ask("GET", f"/{made['id']}")["webhook"]["changed_at"] == made["changed_at"]


def test_another_accounts_endpoints_are_not_listed(ask):
    ask("POST", expect=201, **CRM)

    assert ask("GET", user_id=f"tenant-{uuid4().hex}")["webhooks"] == []


@pytest.mark.parametrize(("method", "path"), [("POST", None), ("GET", None), *FOREIGN])
def test_with_keys_every_route_asks_for_the_scope_of_workflows(keys_client, database, method, path):
    tenant = f"tenant-{uuid4().hex}"
    with database.transaction(tenant) as conn:
        _, right = keys.create(conn, tenant, ["write:workflows"])
        _, wrong = keys.create(conn, tenant, ["read:leads", "write:leads", "admin:account"])
    where = PATH if path is None else f"{PATH}/{uuid4()}{path}"

    def status(key):
        headers = {"X-API-Key": key} if key else {}
        body = {"json": {}} if method in ("POST", "PUT") else {}
        return keys_client.open(where, method=method, headers=headers, **body).status_code

    assert (status(None), status(wrong)) == (401, 403)
    assert status(right) in (200, 400, 404)


def test_the_body_may_name_the_account(hooks_app, user_id):
    client = hooks_app.test_client()
    made = client.post(PATH, json=CRM | {"user_id": user_id}).json["webhook"]

    rotated = client.post(f"{PATH}/{made['id']}/rotate", json={"user_id": user_id})
    elsewhere = client.post(f"{PATH}/{made['id']}/rotate", json={"user_id": "somebody-else"})

    assert (rotated.status_code, elsewhere.status_code) == (200, 404)


# The API description -----------------------------------------------------------------------------


def described(document, operation):
    return document["paths"][openapi_path(operation.path)][operation.method.lower()]


@pytest.mark.parametrize(
    ("operation", "example"),
    [(operation, example) for operation in OPERATIONS for example in operation.examples],
    ids=lambda part: getattr(part, "name", ""),
)
def test_every_example_works_and_its_answer_is_as_described(client, user_id, operation, example):
    document = client.get("/openapi.json").json

    answer = client.open(
        operation.path, method=operation.method, json=example.body | {"user_id": user_id}
    )

    assert answer.status_code == example.status
    assert holds(document, described(document, operation), example.status, answer.json) == []


def test_every_answer_is_as_described(hooks_app, user_id, registered, post, rounds, sink):
    client = hooks_app.test_client()
    document = client.get("/openapi.json").json
    made = registered()
    sink.answers = [200, 500]
    post(email="ada@example.org")
    post(email="grace@example.net", first_name="Grace", last_name="Hopper")
    rounds()

    # What removes the endpoint comes last.
    for operation in sorted(OPERATIONS, key=lambda operation: operation.method == "DELETE"):
        path = operation.path.replace("<webhook_id>", made["id"])
        body = {"json": {"active": True}} if operation.method == "PUT" else {}
        if operation.status == 201:
            continue
        answer = client.open(
            path, method=operation.method, query_string={"user_id": user_id}, **body
        )
        assert answer.status_code == 200, answer.json
        assert holds(document, described(document, operation), 200, answer.json) == [], path


def test_every_field_says_what_it_means(client):
    silent = [
        f"{name}.{field}"
        for name, schema in client.get("/openapi.json").json["components"]["schemas"].items()
        if name.startswith("webhooks.")
        for field, about in schema["properties"].items()
        if field != "success" and not about.get("description")
    ]

    assert silent == []


# A test message ----------------------------------------------------------------------------------


def test_a_test_message_is_sent_at_once_and_its_answer_told(ask, registered, sink):
    made = registered()

    told = ask("POST", f"/{made['id']}/test")["test"]

    (received,) = sink.received
    body = received.verified(made["secret"])
    assert (body["event"], body["data"]) == ("webhook.test", {"webhook_id": made["id"]})
    assert (told["delivered"], told["status"], told["error"]) == (True, 200, None)


def test_a_test_message_that_fails_is_told_in_words(ask, registered, sink):
    made = registered()
    sink.answers = [503]

    told = ask("POST", f"/{made['id']}/test")["test"]

    assert (told["delivered"], told["status"]) == (False, 503)
    assert "503" in told["error"]
    assert ask("GET", f"/{made['id']}")["webhook"]["failing_since"] is None


def test_a_test_message_to_where_nobody_listens_is_told_in_words(ask):
    made = ask("POST", expect=201, url="http://127.0.0.1:9/", events=["lead.created"])["webhook"]

    told = ask("POST", f"/{made['id']}/test")["test"]

    assert (told["delivered"], told["status"]) == (False, None)
    assert "refused" in told["error"]
