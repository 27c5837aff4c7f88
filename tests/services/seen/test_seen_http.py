"""The routes of seen keys: what is answered, and what is refused by the field's name."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import psycopg
import pytest

import leadfly.app
from shared.web.service import KEY_SNAPSHOT

SEEN = "/webhook/leadfly/seen"
SCOPES = "/api/v1/lead-discovery/seen/scopes"


@pytest.fixture
def ask(client, user_id):
    """Post to a route of seen keys; return the answer's JSON."""

    def ask(path="", expect=200, headers=None, **said):
        body = {"user_id": user_id, "scope": "crm"} | said
        answer = client.post(f"{SEEN}{path}", json=body, headers=headers)
        assert answer.status_code == expect, answer.text
        return answer.json

    return ask


@pytest.fixture
def scopes(client, user_id):
    def scopes(**query):
        answer = client.get(SCOPES, query_string={"user_id": user_id} | query)
        assert answer.status_code == 200, answer.text
        return answer.json

    return scopes


def test_a_key_is_kept_and_then_discarded(ask):
    first, second = ask(key="order-4711"), ask(key="order-4711")

    assert (first["result"], second["result"]) == ("kept", "discarded")
    assert second["first_seen_at"] == first["first_seen_at"]
    assert second["expires_at"] == first["expires_at"]
    assert first["held_until"] is None


def test_only_who_has_a_key_is_told_its_claim(ask):
    assert "claim_id" in ask(key="a", hold_seconds=60)
    assert "claim_id" not in ask(key="a", hold_seconds=60)


def test_a_held_key_goes_through_once_it_is_confirmed(ask):
    held = ask(key="a", hold_seconds=60)
    done = ask("/confirm", key="a", claim_id=held["claim_id"])

    assert held["held_until"]
    assert (done["result"], done["held_until"]) == ("confirmed", None)
    assert done["expires_at"] == held["expires_at"]


def test_an_item_that_failed_comes_again(ask):
    held = ask(key="a", hold_seconds=60)

    assert ask("/release", key="a", claim_id=held["claim_id"])["result"] == "released"
    assert ask("/release", key="a", claim_id=held["claim_id"])["result"] == "not_held"
    assert ask(key="a")["result"] == "kept"


def test_an_unknown_hold_is_a_404_and_one_that_is_anothers_a_409(ask):
    held = ask(key="a", hold_seconds=60)
    unknown = ask("/confirm", 404, key="b", claim_id=held["claim_id"])
    other = ask("/confirm", 409, key="a", claim_id="01890000-0000-7000-8000-000000000000")

    assert list(unknown["error"]["details"]) == list(other["error"]["details"]) == ["claim_id"]


def test_a_batch_answers_in_order_and_one_fault_fails_no_other(ask):
    items = [
        {"id": "one", "key": "a"},
        {"id": "two", "key": ""},
        {"id": 3, "key": "a", "scope": "other", "ttl_days": 2},
        None,
        {"id": "five", "key": "a"},
        {"key": "b", "user_id": "somebody-else"},
        {"key": "c", "ttl_days": 0},
    ]
    found = ask("/batch", items=items)["results"]

    assert [one["id"] for one in found] == ["one", "two", 3, None, "five", None, None]
    assert [one.get("result") for one in found] == [
        "kept",
        None,
        "kept",
        None,
        "discarded",
        None,
        None,
    ]
    assert found[1]["error"]["details"] == {"key": "must not be empty"}
    assert found[6]["error"]["details"] == {"ttl_days": "must be from 1 to 3650 days"}


def test_a_batch_is_confirmed_and_released_item_by_item(ask):
    items = [{"id": key, "key": key} for key in "abc"]
    found = ask("/batch", items=items, hold_seconds=60)["results"]
    held = [one | {"claim_id": was["claim_id"]} for one, was in zip(items, found, strict=True)]

    done = ask("/confirm/batch", items=[held[0], {"id": "x", "key": "x"}])["results"]
    gone = ask("/release/batch", items=[held[1], {"id": "z", "key": "z"}])["results"]

    assert done[0]["result"] == "confirmed"
    assert done[1]["error"]["details"] == {"claim_id": "is required"}
    assert [one["result"] for one in gone] == ["released", "not_held"]
    assert [ask(key=key)["result"] for key in "abc"] == ["discarded", "kept", "discarded"]


def test_a_request_that_comes_again_is_answered_again(client, user_id):
    body = {"user_id": user_id, "scope": "crm", "key": "a"}
    headers = {"Idempotency-Key": "execution-17-0"}
    first, again = (client.post(SEEN, json=body, headers=headers) for _ in range(2))

    assert again.headers["Idempotent-Replayed"] == "true"
    assert without_stamp(again.json) == without_stamp(first.json)
    assert first.json["result"] == "kept"


def test_a_batch_that_comes_again_is_answered_again(ask):
    said = {"items": [{"id": 1, "key": "a"}, {"id": 2, "key": True}, {"id": 3, "key": "a"}]}
    headers = {"Idempotency-Key": "execution-17"}
    first, again = (ask("/batch", headers=headers, **said) for _ in range(2))

    assert again["results"] == first["results"]


def test_a_request_key_with_another_key_is_a_422(ask):
    headers = {"Idempotency-Key": "execution-17-0"}
    ask(key="a", headers=headers)

    ask(expect=422, key="b", headers=headers)


def test_fifty_at_once_keep_a_key_once(app, user_id):
    body = {"user_id": user_id, "scope": "crm", "key": "a", "hold_seconds": 60}
    with ThreadPoolExecutor(50) as threads:
        done = list(threads.map(lambda _: app.test_client().post(SEEN, json=body), range(50)))

    assert [one.json["result"] for one in done].count("kept") == 1


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("key", {}),
        ("key", {"key": None}),
        ("key", {"key": "undefined"}),
        ("key", {"key": {"email": "ann@corp.example"}}),
        ("key", {"key": "x" * 2001}),
        ("key", {"key": "ann at home", "normalize": "email"}),
        ("scope", {"key": "a", "scope": ""}),
        ("scope", {"key": "a", "scope": None}),
        ("scope", {"key": "a", "scope": "x" * 129}),
        ("scope", {"key": "a", "scope": "two\nlines"}),
        ("ttl_days", {"key": "a", "ttl_days": 0}),
        ("ttl_days", {"key": "a", "ttl_days": 3651}),
        ("ttl_days", {"key": "a", "ttl_days": 1.5}),
        ("hold_seconds", {"key": "a", "hold_seconds": 0}),
        ("hold_seconds", {"key": "a", "hold_seconds": 604801}),
        ("normalize", {"key": "a", "normalize": "sound"}),
    ],
)
def test_bad_input_is_refused_by_the_fields_name(ask, field, said):
    assert list(ask(expect=400, **said)["error"]["details"]) == [field]


def test_a_refusal_repeats_nothing_of_the_key(ask):
    assert "home" not in str(ask(expect=400, key="ann at home", normalize="email"))


def test_a_missing_scope_and_a_scope_beside_all_scopes_are_refused(ask):
    missing = ask("/release", 400, scope=None, key="a")
    both = ask("/release", 400, key="a", all_scopes=True)

    assert list(missing["error"]["details"]) == ["scope"]
    assert list(both["error"]["details"]) == ["all_scopes"]


def test_a_person_is_forgotten_in_every_scope(ask):
    for scope in ("one", "two"):
        ask(scope=scope, key="Ann@Corp.example", normalize="email")
    said = {"scope": None, "key": "ann@corp.example", "normalize": "email", "all_scopes": True}

    assert [ask("/release", **said)["result"] for _ in range(2)] == ["released", "not_held"]


def test_scopes_are_listed_with_their_keys(ask, scopes):
    ask("/batch", items=[{"key": number} for number in range(7)])
    ask(scope="other", key=1)
    found = scopes()

    assert [(one["scope"], one["keys"], one["keys_exact"]) for one in found["scopes"]] == [
        ("crm", 7, True),
        ("other", 1, True),
    ]
    assert scopes(scope="other")["count"] == 1


def test_scopes_are_paged(ask, scopes):
    for number in range(5):
        ask(scope=f"scope-{number}", key=1)
    first = scopes(limit=3)
    rest = scopes(limit=3, after=first["next_after"])

    names = [one["scope"] for page in (first, rest) for one in page["scopes"]]
    assert names == [f"scope-{number}" for number in range(5)]
    assert rest["next_after"] is None


def test_a_scope_that_is_deleted_begins_anew(ask, scopes, client, user_id):
    ask(key="a")
    (scope,) = scopes()["scopes"]
    place, query = f"{SCOPES}/{scope['id']}", {"user_id": user_id}

    assert client.delete(place, query_string=query).status_code == 200
    assert client.delete(place, query_string=query).status_code == 404
    assert scopes()["count"] == 0
    assert ask(key="a")["result"] == "kept"


def test_nothing_of_a_key_is_stored(ask, user_id, owner_conninfo):
    ask(key="ann@corp.example", normalize="email", headers={"Idempotency-Key": "ann-corp"})
    with psycopg.connect(owner_conninfo) as conn:
        for table in ("keys", "answers", "scopes"):
            rows = conn.execute(
                psycopg.sql.SQL("SELECT r::text FROM seen.{} r WHERE tenant_id = %s").format(
                    psycopg.sql.Identifier(table)
                ),
                [user_id],
            ).fetchall()
            assert rows
            assert "ann" not in str(rows)


def test_without_the_database_the_answer_is_to_come_back(local_settings):
    away = replace(local_settings, database_url="postgresql://nobody@127.0.0.1:1/none")
    app = leadfly.app.create_app(away)
    try:
        with closing(app.extensions["leadfly"].database):
            answer = app.test_client().post(SEEN, json={"user_id": "u", "scope": "s", "key": "k"})
    finally:
        app.extensions[KEY_SNAPSHOT].stop()

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "result" not in answer.json


def without_stamp(answer):
    return {
        name: value for name, value in answer.items() if name not in ("request_id", "timestamp")
    }
