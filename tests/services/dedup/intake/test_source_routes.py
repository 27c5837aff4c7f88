"""The routes of sources: who may make, change, open and close what."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

import leadfly.app
from services.dedup.intake import source_change, source_store
from services.dedup.intake.registry import SENDERS
from services.dedup.intake.source import Source
from services.dedup.intake.source_change import MOST
from services.dedup.intake.source_routes import SOURCES
from shared import issuing, keys
from shared.api_key import INTAKE, SHAPE, digest
from shared.errors import NotFound
from shared.web.service import KEY_SNAPSHOT

PATH = "/api/v1/lead-discovery/sources"

POLICIES = "/api/v1/lead-discovery/policies"

SIGNING = next(sender.name for sender in SENDERS if sender.verify)

S3CRET = "s3cret-7f3a"


@pytest.fixture
def new_key(database, user_id):
    def new_key(*scopes):
        with database.transaction(user_id) as conn:
            return keys.create(conn, user_id, scopes or keys.SCOPES)[1]

    return new_key


@pytest.fixture
def ask(keys_client, new_key):
    """Call a route of sources; return the answer."""
    everything = new_key()

    def ask(method="GET", path="", expect=200, key=everything, query=None, **body):
        sent = {"json": body} if method in ("POST", "PUT") else {}
        answer = keys_client.open(
            PATH + path,
            method=method,
            headers={"X-API-Key": key},
            query_string=query,
            **sent,
        )
        assert answer.status_code == expect, answer.json
        return answer.json

    return ask


@pytest.fixture
def make(ask):
    def make(source_id="contact", **settings):
        return ask("POST", expect=201, source_id=source_id, **settings)

    return make


@pytest.fixture
def usable(database):
    """Whether a token would open its source now."""

    def usable(token):
        with database.lookup() as conn:
            key = keys.by_prefix(conn, SHAPE.fullmatch(token)[1])
        return bool(key) and key.digest == digest(token) and key.usable(datetime.now(UTC))

    return usable


# Made ---------------------------------------------------------------------------------------------


def test_a_source_is_made_with_a_token_that_is_shown_once(ask, make, database, user_id):
    made = make(country="DE", field_map={"Firma": "company"})

    token = made["token"]
    assert token.startswith("lfi_") and made["url"] == f"/in/{token}"
    assert made["source"]["tokens"] == [SHAPE.fullmatch(token)[1]]
    assert token.split("_", 2)[2] not in str(ask(path="/contact")) + str(ask())
    with database.lookup() as conn:
        key = keys.by_prefix(conn, made["source"]["tokens"][0])
    assert (key.tenant_id, key.kind, key.source_id) == (user_id, INTAKE, "contact")
    assert key.scopes == key.origins == frozenset()


def test_what_was_set_is_answered(ask, make):
    consent = {"purposes": ["contact"], "text_version": "2026-01", "field": "I agree"}
    made = make(
        adapter="generic", profile="always_200", country="DE", consent=consent,
        field_map={"Firma": "company", "Größe": "ignore"},
    )["source"]  # fmt: skip

    opened = {name: made.pop(name) for name in ("token", "url", "path")}

    assert opened["url"] == opened["path"] == f"/in/{opened['token']}"
    assert made == ask(path="/contact")["source"]
    assert (made["adapter"], made["profile"], made["country"]) == ("generic", "always_200", "DE")
    assert made["field_map"] == {"Firma": "company", "Größe": "ignore"}
    assert made["consent"] == consent
    assert not (made["has_secret"] or made["has_verify_token"] or made["has_access_token"])
    assert made["created_by"] == made["changed_by"] != "local"


def test_a_source_may_be_made_in_the_words_of_other_programs(ask, make):
    for other, name in (
        ("gravity", "gravity_forms"),
        ("google", "google_ads"),
        ("n8n", "n8n_webhook"),
    ):
        made = make(other, adapter=other, reply_profile="standard")
        source = ask(path=f"/{other}")["source"]

        assert made["source"]["id"] == source["id"] == other
        assert made["source"]["url"] == made["url"] == f"/in/{made['source']['token']}"
        assert (source["adapter"], source["profile"]) == (name, "standard")


def test_a_sample_is_read_as_a_senders_by_any_of_its_names(ask, make):
    make("contact", adapter="gravity")
    sample = {"email": "ada@analytical.example"}

    for path in ("/try", "/contact/try"):
        assert ask("POST", path, sample=sample, adapter="gravity")["adapter"] == "gravity_forms"


def test_an_address_is_whole_where_the_services_own_is_known(local_settings, user_id):
    settings = replace(local_settings, public_url="https://leads.corp.example/api")
    app = leadfly.app.create_app(settings)
    try:
        made = app.test_client().post(PATH, json={"user_id": user_id, "source_id": "contact"}).json
    finally:
        app.extensions["leadfly"].database.close()

    assert made["path"] == f"/in/{made['token']}"
    assert made["url"] == made["source"]["url"] == f"{settings.public_url}{made['path']}"


def test_a_setting_is_said_in_one_word_alone(ask):
    both = {"profile": "standard", "reply_profile": "always_200"}

    answer = ask("POST", expect=400, source_id="contact", **both)

    assert answer["error"]["details"] == {"reply_profile": "is not a known field"}


def test_a_name_is_given_once(ask, make):
    make()

    ask("POST", expect=409, source_id="contact")


def test_a_setting_that_does_not_exist_is_refused(ask):
    for misspelt in ("secrt", "adaptor", "Field_map"):
        answer = ask("POST", expect=400, source_id="contact", **{misspelt: "x"})
        assert answer["error"]["details"] == {misspelt: "is not a known field"}
    assert ask()["sources"] == []


def test_a_policy_comes_with_it_or_neither_does(ask, make, keys_client, new_key):
    make("strict", policy={"flag": 0.5, "block": 0.7})
    ask("POST", expect=422, source_id="odd", policy={"flag": 0.9, "block": 0.7})

    shown = keys_client.get(f"{POLICIES}/strict", headers={"X-API-Key": new_key()}).json
    assert shown["policy"] == {"flag": 0.5, "block": 0.7}
    assert [source["source_id"] for source in ask()["sources"]] == ["strict"]


def test_a_source_that_is_refused_leaves_no_policy_behind(ask, make, keys_client, new_key):
    make("contact")
    ask("POST", expect=409, source_id="contact", policy={"flag": 0.5, "block": 0.7})

    shown = keys_client.get(f"{POLICIES}/contact", headers={"X-API-Key": new_key()}).json
    assert shown["policy"] == {}


def test_an_account_has_so_many_sources_and_no_more(ask, database, gate, user_id):
    now = datetime.now(UTC)
    with database.transaction(user_id) as conn:
        for number in range(MOST):
            stored = source_store.Stored(Source(user_id, f"{number:03}"), now, "x", now, "x")
            source_store.save(conn, gate, stored)

    ask("POST", expect=409, source_id="one more")


def test_names_may_be_of_any_language(ask, make):
    for name in ("Formulaire été", "a b+c", "50 %", "a?b#c", "連絡"):
        make(name)

        assert ask(path=f"/{quote(name)}")["source"]["source_id"] == name
        assert ask("POST", f"/{quote(name)}/rotate", 201)["source"]["source_id"] == name
        ask("DELETE", f"/{quote(name)}")


def test_a_source_may_be_called_as_a_route_is(ask, make):
    for name in ("try", "rotate", "sources"):
        make(name)

        assert ask(path=f"/{name}")["source"]["source_id"] == name
        assert ask("POST", f"/{name}/revoke")["source"]["tokens"] == []


# Changed ------------------------------------------------------------------------------------------


def test_only_what_is_sent_changes(ask, make):
    make(country="DE", profile="google", field_map={"Firma": "company"})
    before = ask(path="/contact")["source"]

    after = ask("PUT", "/contact", country=None)["source"]

    assert after["changed_at"] > before["changed_at"]
    assert after == before | {"country": None, "changed_at": after["changed_at"]}


def test_a_change_takes_effect_here_at_once(ask, make, keys_client, user_id):
    known = keys_client.application.extensions[SOURCES]
    make()
    assert known.of(user_id, "contact").country is None

    ask("PUT", "/contact", country="FR")
    assert known.of(user_id, "contact").country == "FR"
    ask("DELETE", "/contact")
    assert known.of(user_id, "contact") is None


def test_a_change_that_makes_no_sense_changes_nothing(ask, make):
    make()
    before = ask(path="/contact")["source"]

    ask("PUT", "/contact", expect=422, country="XX", profile="google")
    ask("PUT", "/contact", expect=422, secret="of nobody")
    ask("PUT", "/contact", expect=400, adapter="nobody")

    assert ask(path="/contact")["source"] == before


def test_a_secret_is_told_of_and_never_told(ask, make, database, gate, owner, user_id):
    made = make(adapter=SIGNING, secret=S3CRET)
    listed, one = ask(), ask(path="/contact")
    changed = ask("PUT", "/contact", country="DE")

    assert one["source"]["has_secret"] and changed["source"]["has_secret"]
    assert S3CRET not in str([made, listed, one, changed])
    with database.transaction(user_id) as conn:
        stored = source_store.find(conn, gate, user_id, "contact")
    assert stored.source.secrets == {"secret": S3CRET}
    rows = owner.execute("SELECT s::text FROM dedup.sources s WHERE tenant_id = %s", [user_id])
    assert S3CRET not in str(rows.fetchall())
    assert not ask("PUT", "/contact", secret=None)["source"]["has_secret"]


def test_an_adapter_does_not_go_and_leave_its_secret_behind(ask, make):
    make(adapter=SIGNING, secret=S3CRET)

    refused = ask("PUT", "/contact", expect=422, adapter=None)
    assert set(refused["error"]["details"]) == {"secret"}
    assert S3CRET not in str(refused)
    assert ask("PUT", "/contact", adapter=None, secret=None)["source"]["adapter"] is None


# Opened and closed --------------------------------------------------------------------------------


def test_a_rotation_overlaps(ask, make, usable):
    first = make()["token"]

    second = ask("POST", "/contact/rotate", 201, overlap_hours=1)

    assert usable(first) and usable(second["token"])
    assert second["source"]["tokens"] == [SHAPE.fullmatch(t)[1] for t in (second["token"], first)]
    third = ask("POST", "/contact/rotate", 201, overlap_hours=0)
    assert not (usable(first) or usable(second["token"])) and usable(third["token"])


def test_an_overlap_is_never_longer_than_was_said_before(ask, make, database, user_id):
    prefix = make()["source"]["tokens"][0]
    ask("POST", "/contact/rotate", 201, overlap_hours=1)
    ask("POST", "/contact/rotate", 201, overlap_hours=700)

    with database.transaction(user_id) as conn:
        ends = issuing.found(conn, user_id, prefix).expires_at
    assert (ends - datetime.now(UTC)).total_seconds() < 3600


def test_revoking_closes_every_address_and_rotating_opens_a_new_one(ask, make, usable):
    tokens = [make()["token"], ask("POST", "/contact/rotate", 201)["token"]]

    assert ask("POST", "/contact/revoke")["source"]["tokens"] == []
    assert not any(map(usable, tokens))
    assert ask("POST", "/contact/revoke")["source"]["tokens"] == []
    assert usable(ask("POST", "/contact/rotate", 201)["token"])


def test_a_removed_source_takes_its_tokens_with_it_and_leaves_those_of_others(ask, make, usable):
    gone, other = make()["token"], make("other")["token"]

    ask("DELETE", "/contact")

    assert not usable(gone) and usable(other)
    ask(path="/contact", expect=404)
    ask("DELETE", "/contact", expect=404)
    assert ask("POST", expect=201, source_id="contact")["source"]["tokens"]
    assert not usable(gone)


def test_leads_outlive_their_source(ask, make, keys_client, new_key, stored):
    make()
    lead = {"source_id": "contact", "lead_data": {"email": "ada@analytical.example"}}
    check = "/webhook/leadfly/duplicate-prevention"
    assert keys_client.post(check, json=lead, headers={"X-API-Key": new_key()}).status_code == 200

    ask("DELETE", "/contact")

    assert len(stored.leads()) == 1


@pytest.mark.parametrize("act", ["rotate", "revoke", "try"])
def test_what_is_not_there_is_neither_opened_nor_closed(ask, act):
    body = {"sample": {}} if act == "try" else {}

    ask("POST", f"/nobody/{act}", 404, **body)


# Tokens among the keys ----------------------------------------------------------------------------


def test_tokens_are_listed_and_revoked_among_the_keys_and_made_only_here(
    ask, make, keys_client, new_key, usable
):
    token, mine = make()["token"], {"X-API-Key": new_key()}
    prefix, path = SHAPE.fullmatch(token)[1], "/api/v1/lead-discovery/keys"

    (shown,) = (
        k for k in keys_client.get(path, headers=mine).json["keys"] if k["prefix"] == prefix
    )
    assert (shown["kind"], shown["source_id"], shown["scopes"]) == ("intake", "contact", [])
    wanted = {"kind": "intake", "source_id": "contact"}
    assert keys_client.post(path, json=wanted, headers=mine).status_code == 400
    assert keys_client.post(f"{path}/{prefix}/rotate", json={}, headers=mine).status_code == 409
    assert usable(token)
    assert keys_client.delete(f"{path}/{prefix}", headers=mine).status_code == 200
    assert not usable(token)
    assert ask(path="/contact")["source"]["tokens"] == []


@pytest.mark.parametrize("place", ["X-API-Key", "Authorization", "key"])
def test_a_token_is_no_key(make, keys_client, place):
    token = make()["token"]
    headers = {"X-API-Key": token} if place == "X-API-Key" else {}
    headers |= {"Authorization": f"Bearer {token}"} if place == "Authorization" else {}
    query = {"key": token} if place == "key" else {}

    for path in (PATH, "/webhook/leadfly/duplicate-prevention"):
        lead = {"source_id": "contact", "lead_data": {"email": "ada@analytical.example"}}
        answer = keys_client.post(path, json=lead, headers=headers, query_string=query)
        assert answer.status_code == 403
        assert "address" in answer.json["error"]["message"]


def test_nobody_gives_away_what_they_do_not_have(ask, make, new_key):
    make()
    only_admin = new_key("admin:account")

    refused = ask("POST", expect=403, key=only_admin, source_id="mine")
    assert refused["error"]["details"] == {"scopes": "your own key has no write:leads"}
    ask("POST", "/contact/rotate", 403, key=only_admin)
    ask("POST", "/contact/revoke", key=only_admin)


def test_whoever_reads_leads_sees_the_sources_and_changes_none(ask, make, new_key):
    make()
    reader = new_key("read:leads")

    assert ask(key=reader)["count"] == 1
    ask("POST", "/contact/try", key=reader, sample={"email": "a@b.example"})
    for method, path in (("POST", "/contact/rotate"), ("PUT", "/contact"), ("DELETE", "/contact")):
        ask(method, path, expect=403, key=reader)


def test_the_keys_of_tokens_are_known_in_an_outage(make, keys_client):
    prefix = make()["source"]["tokens"][0]
    snapshot = keys_client.application.extensions[KEY_SNAPSHOT]
    snapshot.refresh()

    assert (snapshot.key(prefix).kind, snapshot.key(prefix).source_id) == (INTAKE, "contact")


# Listed -------------------------------------------------------------------------------------------


def test_the_pages_hold_every_source_once_by_name(ask, make):
    names = ["a", "b", "c", "d", "e"]
    for name in reversed(names):
        make(name)

    pages, query = [], {"limit": 2}
    while query:
        answer = ask(query=query)
        pages.append([source["source_id"] for source in answer["sources"]])
        following = answer["next_after"]
        query = following and {"limit": 2, "after": following}

    assert pages == [["a", "b"], ["c", "d"], ["e"]]


@pytest.mark.parametrize("query", [{"after": "\0"}, {"after": "x" * 129}, {"limit": 1001}])
def test_a_page_that_cannot_be_is_refused(ask, query):
    ask(expect=400, query=query)


# Tried --------------------------------------------------------------------------------------------

SAMPLE = {"Your e-mail": "ada@analytical.example", "Ihre Firma": "Analytical Engines Ltd"}


def test_a_sample_is_shown_as_it_would_be_understood_and_nothing_is_stored(ask, stored):
    before = ask()

    tried = ask("POST", "/try", sample=SAMPLE, field_map={"Ihre Firma": "company"})

    (item,) = tried["items"]
    assert (tried["adapter"], item["kind"]) == ("generic", "lead")
    assert item["fields"]["email"] == "ada@analytical.example"
    assert item["fields"]["company"] == "Analytical Engines Ltd"
    assert ask()["sources"] == before["sources"] == []


def test_a_source_reads_a_sample_by_its_own_settings_unless_others_are_given(ask, make):
    make(adapter="generic", field_map={"Ihre Firma": "company"})

    (own,) = ask("POST", "/contact/try", sample=SAMPLE)["items"]
    (other,) = ask("POST", "/contact/try", sample=SAMPLE, field_map={"Ihre Firma": "city"})["items"]

    assert own["fields"]["company"] == other["fields"]["city"] == "Analytical Engines Ltd"
    assert "company" not in other["fields"]


@pytest.mark.parametrize("sample", [[], None, 7, True, "", "\0", "{", "<xml/>", {"a": {"b": []}}])
def test_any_sample_has_an_answer_or_a_clear_refusal(ask, keys_client, new_key, sample):
    answer = keys_client.post(
        f"{PATH}/try", json={"sample": sample}, headers={"X-API-Key": new_key()}
    )

    assert answer.status_code in (200, 400)
    assert answer.json["success"] is (answer.status_code == 200)


# Where no key is asked for ------------------------------------------------------------------------


def test_on_this_machine_a_source_belongs_to_the_account_that_is_named(client, user_id):
    made = client.post(PATH, json={"source_id": "contact", "user_id": user_id})
    assert made.status_code == 201, made.json
    assert made.json["source"]["created_by"] == "local"

    for account, count in ((user_id, 1), (f"{user_id}-rival", 0)):
        listed = client.get(PATH, query_string={"user_id": account}).json
        assert listed["count"] == count
    query = {"user_id": user_id}
    assert client.post(f"{PATH}/contact/rotate", json={}, query_string=query).status_code == 201
    assert client.post(f"{PATH}/contact/revoke", query_string=query).json["source"]["tokens"] == []
    assert client.delete(f"{PATH}/contact", query_string=query).status_code == 200


# All at once --------------------------------------------------------------------------------------


def test_no_token_outlives_its_source_however_they_meet(busy_database, gate, user_id):
    def rotated(name):
        with suppress(NotFound):
            source_change.rotate(busy_database, gate, user_id, name, timedelta(hours=1))

    def removed(name):
        source_change.remove(busy_database, gate, user_id, name)

    names = [f"source-{number}" for number in range(10)]
    for name in names:
        source_change.create(busy_database, gate, Source(user_id, name), "local")
    with ThreadPoolExecutor(16) as pool:
        acts = [(act, name) for name in names for act in (rotated, removed, rotated)]
        for done in [pool.submit(act, name) for act, name in acts]:
            done.result()

    with busy_database.transaction(user_id) as conn:
        assert keys.tokens(conn, user_id, names) == {}
        assert source_store.count(conn, user_id) == 0


def test_of_two_who_make_the_same_source_one_does(busy_database, gate, user_id):
    def made(_):
        try:
            return source_change.create(busy_database, gate, Source(user_id, "contact"), "local")
        except source_change.Exists:
            return None

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(made, range(8)))

    assert len([one for one in results if one]) == 1
    with busy_database.transaction(user_id) as conn:
        assert len(keys.tokens(conn, user_id, ["contact"])["contact"]) == 1
