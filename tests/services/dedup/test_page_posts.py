"""What a publishable key can do, which anybody has: submit leads of its source, and learn nothing.

Every test is red if the route treats the key as a server's (`web.page_key` answering None).
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.dedup.openapi import PATH
from services.dedup.page_posts import acknowledgement, believed
from shared import issuing, keys
from shared.api_key import PUBLISHABLE, Wanted
from shared.errors import Forbidden

SITE = "https://www.example.com"

ADA = {"email": "ada@analytical.example", "first_name": "Ada", "last_name": "Lovelace"}


@pytest.fixture
def issue(database, gate, user_id):
    def issue(source_id="form", tenant=user_id):
        wanted = Wanted(PUBLISHABLE, source_id=source_id, origins=frozenset({SITE}))
        with database.transaction(tenant) as conn:
            return issuing.issue(conn, gate.keyring, tenant, wanted).text

    return issue


@pytest.fixture
def page(keys_client, issue):
    """Post as a page does, with a key of this test's tenant."""
    own = issue()

    def page(body, key=own, path="", **headers):
        return keys_client.post(
            f"{PATH}{path}?key={key}",
            json=body,
            headers={"Origin": SITE} | {n.replace("_", "-"): v for n, v in headers.items()},
            environ_base={"REMOTE_ADDR": "203.0.113.9"},
        )

    return page


@pytest.fixture
def by_server(keys_client, database, user_id):
    """Post as a server does, with a secret key of this test's tenant."""
    with database.transaction(user_id) as conn:
        _, key = keys.create(conn, user_id, keys.SCOPES)

    def by_server(body, **headers):
        spelt = {name.replace("_", "-"): value for name, value in headers.items()}
        return keys_client.post(PATH, json=body, headers={"X-API-Key": key} | spelt)

    return by_server


@pytest.fixture
def stored(database, user_id):
    def stored(columns="source_id"):
        with database.transaction(user_id) as conn:
            query = {
                "source_id": "SELECT source_id FROM public.leads WHERE tenant_id = %s ORDER BY id",
                "submitted_at": "SELECT submitted_at FROM public.leads WHERE tenant_id = %s",
                "ip_key": "SELECT ip_key FROM dedup.records WHERE tenant_id = %s",
                "action": "SELECT action FROM dedup.decisions WHERE tenant_id = %s ORDER BY id",
            }[columns]
            return [row[0] for row in conn.execute(query, [user_id]).fetchall()]

    return stored


def shape(answer):
    """Return all of an answer that may tell one lead from another, ids and times aside."""
    body = {name: value for name, value in answer.json.items() if name not in VOLATILE}
    headers = {name: value for name, value in answer.headers if name != "X-Request-ID"}
    return answer.status_code, body, headers, sorted(answer.json)


VOLATILE = {"request_id", "timestamp", "receipt_id"}


def test_a_page_hears_the_same_of_a_new_a_known_a_doubtful_and_a_suspicious_lead(
    page, by_server, stored
):
    by_server({"source_id": "crm", "lead_data": ADA})
    by_server({
        "source_id": "crm",
        "lead_data": {"email": "michael@corp.example", "name": "Michael Johnson",
                      "company": "Tech Solutions"},
    })  # fmt: skip
    leads = [
        {"email": "new@somewhere.example"},
        ADA,
        {"email": "mike@other.example", "name": "Mike Johnson", "company": "Tech Solutions Inc"},
        {"email": "test@tempmail.com", "phone": "+1-000-000-0000", "company": "Test Corp"},
        {"email": "bot@example.org", "honeypot": "buy now"},
    ]

    shapes = [shape(page(lead)) for lead in leads]

    assert len(set(stored("action"))) == 3, "they were decided differently"
    assert all(one == shapes[0] for one in shapes)
    assert shapes[0][3] == ["next_steps", "receipt_id", "request_id", "success", "timestamp"]


def test_the_answer_is_made_of_the_request_alone():
    assert acknowledgement(UUID(int=7)) == acknowledgement(UUID(int=7))


def test_an_absent_source_is_the_keys_and_another_is_refused(page, stored):
    assert page(ADA).status_code == 200
    assert page({"source_id": "form", "lead_data": ADA}).status_code == 200

    refused = page({"source_id": "crm", "lead_data": ADA})

    assert refused.status_code == 403
    assert stored() == ["form", "form"]


@pytest.mark.parametrize(
    "options",
    [
        {"options": {"dry_run": True}},
        {"options": {"explain": True}},
        {"options[dry_run]": "true"},
        {"options[explain]": "true"},
    ],
)
def test_a_page_may_not_say_how_it_is_answered(page, stored, options):
    answer = page({"lead_data": ADA} | options)

    assert answer.status_code == 403
    assert stored() == []


@pytest.mark.parametrize("path", ["/check", "/batch"])
def test_a_page_may_not_rehearse_nor_send_many(page, stored, path):
    answer = page({"lead_data": ADA, "leads": [{"lead_data": ADA}]}, path=path)

    assert answer.status_code == 403
    assert stored() == []


def test_a_plain_form_needs_no_header(keys_client, issue, stored):
    answer = keys_client.post(
        f"{PATH}?key={issue()}", data=ADA | {"options": "my own"}, headers={"Origin": SITE}
    )

    assert answer.status_code == 200
    assert stored() == ["form"]


def test_times_and_addresses_that_a_page_claims_are_not_believed(page, stored, gate, user_id):
    long_ago = (datetime.now(UTC) - timedelta(days=400)).isoformat()
    claimed = {"ip": "198.51.100.7", "submitted_at": long_ago}

    for body in (
        {"lead_data": ADA, "context": claimed},
        {"lead_data": {"email": "b@b.example"}}
        | {f"context[{name}]": value for name, value in claimed.items()},
    ):
        assert page(body).status_code == 200

    assert all(datetime.now(UTC) - at < timedelta(minutes=1) for at in stored("submitted_at"))
    seen = gate.keyring.pseudonym(user_id, "ip", "203.0.113.9")
    assert stored("ip_key") == [seen, seen]


def test_what_is_not_believed_is_gone_before_it_is_read():
    sent = {"lead_data": ADA, "context": {"ip": 7, "submitted_at": "never", "form_fill_ms": 9}}

    assert believed(sent, "form")["context"] == {"form_fill_ms": 9}
    with pytest.raises(Forbidden):
        believed(sent | {"source_id": ["form"]}, "form")


def test_a_retry_of_a_page_changes_nothing_and_has_the_first_ones_receipt(page, stored):
    first, again = (page(ADA, Idempotency_Key="k1") for _ in range(2))
    by_body = page(ADA | {"submission_id": "k1"})

    assert first.json["receipt_id"] == again.json["receipt_id"] == by_body.json["receipt_id"]
    assert shape(first) == shape(again)
    assert first.json["request_id"] != again.json["request_id"], "written anew, not repeated"
    assert stored() == ["form"]


def test_a_guessed_idempotency_key_tells_a_page_nothing_and_loses_no_lead(page, by_server, stored):
    """Red if the key's space were the tenant's: an earlier answer, or a 422."""
    own = by_server({"source_id": "form", "lead_data": ADA}, Idempotency_Key="k1").json
    page({"email": "victim@each.example"}, Idempotency_Key="k2")

    fresh = page({"email": "x1@each.example"})
    guesses = [
        page(ADA, Idempotency_Key="k1"),  # all that the server sent
        page({"email": "x2@each.example"}, Idempotency_Key="k1"),
        page({"email": "x3@each.example"}, Idempotency_Key="k2"),
    ]

    assert all(shape(guess) == shape(fresh) for guess in guesses)
    assert all(
        own[name] not in guess.text for guess in guesses for name in ("lead_id", "timestamp")
    )
    assert len(stored()) == 6


def test_a_page_cannot_use_up_a_servers_key(page, by_server):
    page(ADA, Idempotency_Key="k1")

    answer = by_server(
        {"source_id": "crm", "lead_data": {"email": "x@y.example"}}, Idempotency_Key="k1"
    )

    assert answer.status_code == 200
    assert "Idempotent-Replayed" not in answer.headers


def test_two_pages_keys_never_meet(page, issue, stored):
    first = page(ADA, Idempotency_Key="k1").json["receipt_id"]
    other = page(ADA, key=issue("other"), Idempotency_Key="k1").json["receipt_id"]

    assert first != other
    assert stored() == ["form", "other"]


def test_the_preflight_of_a_page_that_sends_json_is_answered(keys_client, issue, page):
    key = issue()
    assert page(ADA, key=key).status_code == 200  # from now on the process knows the key
    answer = keys_client.options(
        f"{PATH}?key={key}",
        headers={"Origin": SITE, "Access-Control-Request-Method": "POST",
                 "Access-Control-Request-Headers": "content-type,idempotency-key"},
    )  # fmt: skip

    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
