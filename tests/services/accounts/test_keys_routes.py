"""The routes of API keys: who may make, list, rotate and revoke what."""

import time

import pytest

from services.accounts.app import create_app
from shared import issuing, keys
from shared.api_key import PUBLISHABLE, Wanted
from shared.signature import sign

PATH = "/api/v1/lead-discovery/keys"

PAGE = {"kind": "publishable", "source_id": "form", "origins": ["https://a.example"]}

SENDER = {"kind": "signing", "scopes": ["write:leads"]}


@pytest.fixture
def admin(database, user_id):
    """Return a maker of a key's text, by its scopes."""

    def make(*scopes, tenant=user_id):
        with database.transaction(tenant) as conn:
            return keys.create(conn, tenant, scopes or keys.SCOPES)[1]

    return make


@pytest.fixture
def ask(keys_client):
    def ask(key, method="GET", path="", expect=200, **body):
        headers = {"X-API-Key": key} if key else {}
        sent = {"json": body} if method == "POST" else {}
        answer = keys_client.open(PATH + path, method=method, headers=headers, **sent)
        assert answer.status_code == expect, answer.json
        return answer.json

    return ask


def test_a_key_is_shown_once_and_opens_what_it_may(ask, admin, keys_client):
    made = ask(admin(), "POST", expect=201, scopes=["read:leads"], name="n8n", expires_in_days=30)

    text = made["shown_once"]
    assert made["key"]["scopes"] == ["read:leads"] and made["key"]["usable"]
    reviews = "/api/v1/lead-discovery/reviews"
    assert keys_client.get(reviews, headers={"X-API-Key": text}).status_code == 200
    assert keys_client.get(PATH, headers={"X-API-Key": text}).status_code == 403
    assert text.rpartition("_")[2] not in str(ask(admin()))


def test_a_list_is_paged_newest_first_and_shows_no_digest_and_no_secret(ask, admin, user_id):
    key = admin()
    made = [
        ask(key, "POST", expect=201, **about)
        for about in ({"scopes": ["read:leads"]}, PAGE, SENDER)
    ]

    first = ask(key, path="?limit=2")
    rest = ask(key, path=f"?limit=2&after={first['next_after']}")

    shown = first["keys"] + rest["keys"]
    assert [one["prefix"] for one in shown[:3]] == [one["key"]["prefix"] for one in made[::-1]]
    assert (first["count"], rest["next_after"]) == (2, None)
    assert all(set(one) == set(made[0]["key"]) for one in shown)
    assert not {"digest", "sealed"} & set(shown[0])


@pytest.mark.parametrize("limit", ["0", "1001", "x"])
def test_a_page_has_a_cap(ask, admin, limit):
    assert "limit" in ask(admin(), path=f"?limit={limit}", expect=400)["error"]["details"]


def test_nobody_gives_away_what_they_do_not_have(ask, admin):
    # Red without granting._refuse_more: the maker has admin:account.
    mine = admin("admin:account", "read:leads")

    for more in (["write:leads"], ["read:leads", "delete:leads"]):
        ask(mine, "POST", expect=403, scopes=more)
    ask(mine, "POST", expect=403, **PAGE)
    ask(mine, "POST", expect=403, kind="signing", scopes=["write:leads"])
    ask(mine, "POST", expect=201, scopes=["admin:account", "read:leads"])


def test_nobody_rotates_a_key_that_may_do_more(ask, admin):
    strong = ask(admin(), "POST", expect=201, scopes=["delete:leads"])["key"]["prefix"]
    weak = ask(admin(), "POST", expect=201, **PAGE)["key"]["prefix"]

    for prefix in (strong, weak):
        ask(admin("admin:account"), "POST", f"/{prefix}/rotate", expect=403)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", ""), ("POST", ""), ("POST", "/zzzzzzzz/rotate"), ("DELETE", "/x")]
)
def test_only_admin_account_opens_any_of_it(ask, admin, method, path):
    ask(None, method, path, expect=401)
    ask(admin(*(scope for scope in keys.SCOPES if scope != "admin:account")), method, path, 403)


def test_a_signature_and_a_page_never_reach_the_keys(keys_client, database, gate, user_id):
    """Red if these routes took every kind: the signature and the origin are right."""
    with database.transaction(user_id) as conn:
        scopes = ("read:leads", "write:leads")
        signer = issuing.issue(conn, gate.keyring, user_id, Wanted("signing", scopes))
        page = issuing.issue(
            conn, gate.keyring, user_id,
            Wanted(PUBLISHABLE, source_id="s", origins=frozenset({"https://a.example"})),
        )  # fmt: skip
    at = int(time.time())
    headers = {
        "webhook-id": "m",
        "webhook-timestamp": str(at),
        "webhook-signature": sign(signer.text, "m", at, b"{}"),
        "Content-Type": "application/json",
    }
    by_signer = keys_client.post(
        f"{PATH}?signed_by={signer.key.prefix}", data="{}", headers=headers
    )
    by_page = keys_client.post(
        f"{PATH}?key={page.text}", json={}, headers={"Origin": "https://a.example"}
    )

    assert (by_signer.status_code, by_page.status_code) == (403, 403)


def test_a_rotated_key_works_on_beside_its_successor(ask, admin, keys_client):
    old = ask(admin(), "POST", expect=201, scopes=["read:leads"])
    new = ask(admin(), "POST", f"/{old['key']['prefix']}/rotate", expect=201, overlap_hours=1)

    for text in (old["shown_once"], new["shown_once"]):
        answer = keys_client.get("/api/v1/lead-discovery/reviews", headers={"X-API-Key": text})
        assert answer.status_code == 200
    ends = next(k for k in ask(admin())["keys"] if k["prefix"] == old["key"]["prefix"])
    assert ends["expires_at"] and new["key"]["expires_at"] is None


@pytest.mark.parametrize("hours", [-1, 721, "24", True, 1.5])
def test_an_overlap_has_bounds(ask, admin, hours):
    made = ask(admin(), "POST", expect=201, scopes=["read:leads"])["key"]["prefix"]

    ask(admin(), "POST", f"/{made}/rotate", expect=400, overlap_hours=hours)


def test_a_revoked_key_stays_revoked_and_has_no_successor(ask, admin):
    prefix = ask(admin(), "POST", expect=201, scopes=["read:leads"])["key"]["prefix"]

    first = ask(admin(), "DELETE", f"/{prefix}")["key"]["revoked_at"]
    again = ask(admin(), "DELETE", f"/{prefix}")["key"]

    assert first and (again["revoked_at"], again["usable"]) == (first, False)
    ask(admin(), "POST", f"/{prefix}/rotate", expect=409)


def test_a_foreign_key_is_answered_as_one_that_never_was(ask, admin, user_id):
    prefix = ask(admin(), "POST", expect=201, scopes=["read:leads"])["key"]["prefix"]
    rival = admin(tenant=f"{user_id}-rival")

    bodies = {
        str(ask(rival, method, f"/{named}{act}", expect=404)["error"])
        for named in (prefix, "zzzzzzzz", "%00", "x" * 500)
        for method, act in (("DELETE", ""), ("POST", "/rotate"))
    }

    assert len(bodies) == 1
    assert prefix not in str(ask(rival)["keys"])
    assert ask(rival, path=f"?after={prefix}")["keys"] == []


def test_local_mode_makes_keys_for_the_account_that_is_named(client, user_id, database):
    made = client.post(PATH, json={"user_id": user_id, "scopes": ["read:leads"]})
    prefix = made.json["key"]["prefix"]
    rotated = client.post(f"{PATH}/{prefix}/rotate", json={"user_id": user_id})
    revoked = client.delete(f"{PATH}/{prefix}?user_id={user_id}")

    assert (made.status_code, rotated.status_code, revoked.status_code) == (201, 201, 200)
    assert client.get(f"{PATH}?user_id={user_id}").json["count"] == 2
    assert client.delete(f"{PATH}/{prefix}").status_code == 404


def test_the_service_stands_alone_too(local_settings):
    app = create_app(local_settings)
    try:
        assert app.test_client().get(PATH).status_code == 200
    finally:
        app.extensions["leadfly"].database.close()


def test_body_and_query_name_one_account(client, user_id):
    answer = client.post(f"{PATH}?user_id={user_id}-rival", json={"user_id": user_id} | SENDER)

    assert answer.status_code == 400
    assert list(answer.json["error"]["details"]) == ["user_id"]
