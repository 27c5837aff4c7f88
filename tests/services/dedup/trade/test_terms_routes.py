"""Terms over HTTP, on a real PostgreSQL: who may set what, what is shown, and what is refused."""

from uuid import uuid4

import psycopg
import pytest

from services.dedup.policy_cache import PolicyCache
from services.dedup.trade import terms_store
from services.dedup.trade.deal import Deal
from services.dedup.trade.terms import Lookback, Scope
from services.dedup.trade.terms_store import Entry
from shared import keys
from tests.services.dedup.arrivals import NOON

PATH = "/api/v1/lead-discovery/terms"

BUYER = {
    "lookback": [{"keys": ["email"], "within_days": 30, "across": "buyer"}],
    "caps": [{"most": 20, "per": "day"}],
    "return_days": 14,
}


@pytest.fixture
def ask(client, user_id):
    """Call a route of terms for this test's account; return the answer."""

    def ask(method, path="", expect=200, body=None, **query):
        sent = {"json": body} if body is not None else {}
        query = {"user_id": user_id} | query
        response = client.open(PATH + path, method=method, query_string=query, **sent)
        assert response.status_code == expect, response.json
        return response.json

    return ask


def test_without_terms_nothing_is_set_and_nothing_holds(ask):
    assert ask("GET")["terms"] == {}
    assert ask("GET", "/scopes")["scopes"] == []
    effective = ask("GET", "/effective", source_id="s")
    assert (effective["effective"], effective["origin"], effective["caps"]) == ({}, {}, [])


def test_terms_are_shown_as_they_were_set(ask):
    put = ask("PUT", body=BUYER, buyer_id="b")

    assert put["buyer_id"] == "b" and put["source_id"] is None
    assert put["changed_by"] == "local"
    assert put["terms"]["caps"] == BUYER["caps"]
    assert put["terms"]["lookback"][0]["on_hit"] == "reject"
    assert ask("GET", buyer_id="b")["terms"] == put["terms"]
    assert ask("GET")["terms"] == {}


def test_blanks_around_a_name_make_no_other_scope(ask, post):
    ask("PUT", body={"caps": [{"most": 0, "per": "day"}]}, buyer_id=" b ")

    said = post(email="ada@corp.example", context={"buyer_id": "b "})

    assert said["blocking_reason"] == "cap_reached"
    assert said["next_steps"] == ["Offer the lead elsewhere, or again at trade.full.resumes_at."]


def test_terms_replace_all_that_was_set_for_their_scope(ask):
    ask("PUT", body=BUYER, buyer_id="b")

    assert ask("PUT", body={"zone": "UTC"}, buyer_id="b")["terms"] == {"zone": "UTC"}


def test_what_would_hold_is_shown_with_whose_it_is(ask):
    ask("PUT", body=BUYER, buyer_id="b")
    ask("PUT", body={"return_days": 7, "zone": "UTC", "caps": [{"most": 100, "per": "day"}]})

    holds = ask("GET", "/effective", source_id="s", buyer_id="b")

    assert holds["effective"]["return_days"] == 14
    assert holds["origin"]["return_days"]["of"] == "buyer"
    assert holds["origin"]["zone"] == {
        "of": "account",
        "source_id": None,
        "buyer_id": None,
        "campaign_id": None,
    }
    assert [(each["of"], each["caps"][0]["most"]) for each in holds["caps"]] == [
        ("buyer", 20),
        ("account", 100),
    ]


def test_what_is_unset_holds_no_more(ask):
    ask("PUT", body=BUYER, buyer_id="b")

    ask("DELETE", buyer_id="b")
    ask("DELETE", buyer_id="b")

    assert ask("GET", "/scopes")["scopes"] == []


def test_the_pages_of_scopes_hold_every_scope_once(ask):
    for buyer in ("", "ä\u2028b", "b", "c"):
        ask("PUT", body={"zone": "UTC", "buyer_id": buyer, "source_id": "s"})
    seen, after = [], {}
    for _ in range(5):
        page = ask("GET", "/scopes", limit=1, **after)
        seen += [scope["buyer_id"] for scope in page["scopes"]]
        after = {"after": page["next_after"]}
        if page["next_after"] is None:
            break

    assert sorted(map(str, seen)) == sorted(["None", "ä\u2028b", "b", "c"])


@pytest.mark.parametrize("after", ["?", "é", "W10", "WzEsMiwzXQ", "bnVsbA", "WyIAIiwiIiwiIl0"])
def test_a_mark_that_is_none_is_refused(ask, after):
    refused = ask("GET", "/scopes", after=after, expect=400)

    assert list(refused["error"]["details"]) == ["after"]


def test_what_makes_no_sense_is_told_by_its_field_and_changes_nothing(ask):
    ask("PUT", body={"zone": "UTC"})

    refused = ask("PUT", body={"caps": [{"most": 1, "per": "year"}]}, expect=422)

    assert list(refused["error"]["details"]) == ["caps[0].per"]
    assert ask("GET")["terms"] == {"zone": "UTC"}


def test_every_change_is_written_down_for_good(ask, owner, database, user_id):
    ask("PUT", body={"return_days": 7}, source_id="s")
    ask("PUT", body={"return_days": 8}, source_id="s")
    ask("DELETE", source_id="s")
    ask("DELETE", source_id="s")

    rows = owner.execute(
        "SELECT source_id, changed_by, earlier, later FROM dedup.term_changes "
        "WHERE tenant_id = %s ORDER BY id",
        [user_id],
    ).fetchall()

    assert rows == [
        ("s", "local", None, {"return_days": 7}),
        ("s", "local", {"return_days": 7}, {"return_days": 8}),
        ("s", "local", {"return_days": 8}, None),
    ]
    for statement in ("DELETE FROM dedup.term_changes", "UPDATE dedup.term_changes SET id = id"):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            database.transaction(user_id) as conn,
        ):
            conn.execute(statement)


def test_an_account_may_have_so_many_terms_and_still_change_them(ask, owner, user_id):
    owner.execute(
        "INSERT INTO dedup.terms SELECT %s, 's' || n, '', '', '{}', now(), 'local' "
        "FROM generate_series(1, %s) AS n",
        [user_id, terms_store.MOST],
    )

    refused = ask("PUT", body={"zone": "UTC"}, source_id="another", expect=409)

    assert str(terms_store.MOST) in refused["error"]["message"]
    ask("PUT", body={"zone": "UTC"}, source_id="s1")


def test_reading_needs_read_leads_and_changing_needs_admin_account(keys_client, database, user_id):
    def status(method, scope, **body):
        with database.transaction(user_id) as conn:
            _, text = keys.create(conn, user_id, [scope])
        remote = {"REMOTE_ADDR": "203.0.113.9"}
        headers = {"X-API-Key": text}
        sent = keys_client.open(PATH, method=method, headers=headers, environ_base=remote, **body)
        return sent.status_code

    change = {"json": {"zone": "UTC"}}
    assert status("GET", "read:leads") == 200
    assert status("PUT", "read:leads", **change) == 403
    assert status("DELETE", "read:leads") == 403
    assert status("PUT", "admin:account", **change) == 200


def test_terms_are_their_accounts_own(ask, client):
    ask("PUT", body={"zone": "UTC"})

    other = client.get(PATH, query_string={"user_id": f"other-{uuid4().hex}"})

    assert other.json["terms"] == {}


# What a check reads -------------------------------------------------------------------------------


def read(database, tenant_id, policies):
    with database.transaction(tenant_id) as conn:
        return policies.ask(conn, tenant_id)().book


def test_the_book_of_an_account_is_what_was_set(ask, database, user_id):
    ask("PUT", body=BUYER, buyer_id="b")

    holds = read(database, user_id, PolicyCache()).of("s", Deal("b"))

    assert holds.lookback == (Lookback(30, ("email",), across="buyer"),)
    assert holds.origin["lookback"] == Scope(buyer_id="b")


def test_a_change_holds_for_the_next_lead_of_this_process(ask, database, user_id):
    clock = iter(range(100))
    policies = PolicyCache(lambda: 0.0 * next(clock))
    assert read(database, user_id, policies).silent
    ask("PUT", body=BUYER, buyer_id="b")
    assert read(database, user_id, policies).silent

    policies.forget(user_id)

    assert read(database, user_id, policies).by_scope


def test_for_terms_that_make_no_sense_those_before_them_stand(database, owner, user_id):
    policies = PolicyCache()
    good = Entry(Scope("s"), {"return_days": 7}, NOON, "local")
    with database.transaction(user_id) as conn:
        terms_store.save(conn, user_id, good)
    read(database, user_id, policies)
    owner.execute(
        'UPDATE dedup.terms SET settings = \'{"caps": 7, "return_days": 8}\' WHERE tenant_id = %s',
        [user_id],
    )
    policies.forget(user_id)

    assert read(database, user_id, policies).of("s", Deal()).return_days == 7
