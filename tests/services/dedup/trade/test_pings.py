"""Pings over HTTP: what they find out, what they leave behind, and the leads that follow them."""

import hashlib
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import leadfly.app
from services.dedup.trade import hashed_store, hashed_switch, ping_token
from services.dedup.trade.terms import Scope
from shared import jobs, keys
from shared.privacy.modes import MODES
from shared.web.service import KEY_SNAPSHOT

PING, HASHED = "/webhook/leadfly/ping", "/api/v1/lead-discovery/pings/hashed"

CHECK = "/webhook/leadfly/duplicate-prevention"

API = "/api/v1/lead-discovery"

ADA = {
    "email": "ada@analytical.example",
    "phone": "+44 20 7946 0958",
    "first_name": "Ada",
    "last_name": "Lovelace",
}


def digest(text, kind="md5"):
    return hashlib.new(kind, text.encode()).hexdigest()


@pytest.fixture
def ping(client, user_id):
    """Ask; return the answer."""

    def ping(expect=200, source_id="test-form", **said):
        body = {"user_id": user_id, "source_id": source_id} | said
        response = client.post(PING, json=body)
        assert response.status_code == expect, response.json
        return response.json

    return ping


@pytest.fixture
def put(client, user_id):
    def put(path, method="put", **body):
        query = {"user_id": user_id}
        response = getattr(client, method)(f"{API}/{path}", query_string=query, json=body)
        assert response.status_code < 300, response.json
        return response.json

    return put


def said(answer):
    return answer["outcome"], answer["reason"]


# What a ping finds out ---------------------------------------------------------------------------


def test_somebody_new_would_be_taken(ping):
    answer = ping(**ADA)

    assert said(answer) == ("success", None)
    assert answer["checked"] == ["caps", "suppression", "holds", "duplicates"]
    assert answer["unchecked"] == []


@pytest.mark.parametrize("part", ["email", "phone"])
def test_a_known_address_or_number_is_a_duplicate(ping, post, part):
    post(**ADA)

    answer = ping(**{part: ADA[part]})

    assert said(answer) == ("failure", "duplicate")
    assert (answer["ping_id"], answer["expires_at"]) == (None, None)


def test_a_part_that_names_nobody_is_checked_against_caps_alone(ping):
    answer = ping(postal_code="SW1Y 4JH", first_name="Ada")

    assert said(answer) == ("success", None)
    assert answer["checked"] == ["caps"]
    assert answer["unchecked"] == ["suppression", "holds", "duplicates"]


def test_a_cap_that_is_reached_is_no_duplicate(ping, put, post):
    put("terms", buyer_id="solar", caps=[{"most": 1, "per": "day"}])
    post(**ADA, context={"buyer_id": "solar"})

    full = ping(buyer_id="solar", email="bob@builder.example")

    assert said(full) == ("failure", "cap_reached")
    assert datetime.fromisoformat(full["resumes_at"]) > datetime.now(UTC)
    assert said(ping(email="bob@builder.example")) == ("success", None)


def test_closed_hours_are_said(ping, put):
    other = (datetime.now(UTC) + timedelta(days=3)).strftime("%A").lower()
    put("terms", schedule=[{"day": other, "begins": "09:00", "ends": "17:00"}])

    assert said(ping(**ADA)) == ("failure", "closed")


def test_a_held_identity_is_said(ping, post):
    post(**ADA, context={"hold_seconds": 600})

    assert said(ping(email=ADA["email"])) == ("failure", "held")


def test_a_ping_is_within_the_look_back_of_a_buyer(ping, put, post):
    rule = {"keys": ["email"], "within_days": 30, "across": "buyer"}
    put("terms", buyer_id="solar", lookback=[rule])
    post(**ADA, context={"buyer_id": "solar"})

    assert said(ping(email=ADA["email"], buyer_id="solar")) == ("failure", "duplicate")


@pytest.fixture
def suppressed(client, user_id):
    """Put an address on a list."""

    def suppressed(kind="do_not_contact", **entry):
        query = {"user_id": user_id}
        made = client.post(
            f"{API}/suppression/lists", query_string=query, json={"name": kind, "kind": kind}
        )
        assert made.status_code == 201, made.json
        list_id = made.json["list"]["id"]
        path = f"{API}/suppression/lists/{list_id}/entries"
        added = client.post(path, query_string=query, json={"entries": [entry]})
        assert added.status_code < 300, added.json

    return suppressed


@pytest.mark.parametrize(
    "asked",
    [
        {"email": " Ada@Analytical.example"},
        {"email_md5": digest(ADA["email"])},
        {"email_sha256": digest(ADA["email"], "sha256").upper()},
    ],
    ids=["clear", "md5", "sha256"],
)
def test_who_is_to_be_left_alone_is_suppressed_however_asked(ping, suppressed, asked):
    suppressed(**({"email": ADA["email"]} if "email" in asked else asked))

    answer = ping(**asked)

    assert said(answer) == ("failure", "suppressed")
    assert "suppression" in answer["checked"]


# Digests -----------------------------------------------------------------------------------------


def test_a_digest_says_that_known_leads_were_not_looked_at(ping, post):
    post(**ADA)

    answer = ping(email_md5=digest(ADA["email"]))

    assert said(answer) == ("success", None)
    assert answer["checked"] == ["caps", "suppression"]
    assert answer["unchecked"] == ["holds", "duplicates"]


@pytest.fixture
def hashed(put, user_id, database, worker_database, gate):
    """Switch digests on, and do what follows."""

    def hashed():
        put("pings/hashed")
        work(worker_database, gate, user_id)

    return hashed


def work(worker_database, gate, user_id):
    """Do the steps of the job one after the other, as a worker does when their time has come."""
    with worker_database.transaction(user_id) as conn:
        switch = hashed_store.find(conn, user_id)
    for _ in range(20):
        claimed = []
        with worker_database.lookup() as conn:
            claimed = [
                job
                for job in jobs.claim(
                    conn, 50, datetime.now(UTC) + timedelta(hours=2), kind=hashed_switch.HASH_LEADS
                )
                if job.tenant_id == user_id
            ]
        for job in claimed:
            hashed_switch.hash_leads("US", worker_database, gate, job)
        if not claimed:
            return switch
    return switch


@pytest.mark.parametrize(
    "asked",
    [
        {"email_md5": digest("ada@analytical.example")},
        {"email_sha1": digest("ada@analytical.example", "sha1")},
        {"email_sha256": digest("ada@analytical.example", "sha256").upper()},
        {"phone_md5": digest("+442079460958")},
        {"phone_sha1": digest("442079460958", "sha1")},
        {"phone_sha256": digest("02079460958", "sha256")},
    ],
    ids=lambda asked: next(iter(asked)),
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_digest_finds_a_lead_that_came_before_or_after_it_was_switched_on(
    ping, post, hashed, asked, when
):
    if when == "before":
        post(**ADA)
    hashed()
    if when == "after":
        post(**ADA)

    answer = ping(**asked)

    assert said(answer) == ("failure", "duplicate")
    assert "duplicates" in answer["checked"]


def test_nobody_elses_digest_is_a_duplicate(ping, post, hashed):
    post(**ADA)
    hashed()

    assert said(ping(email_md5=digest("bob@builder.example"))) == ("success", None)


@pytest.mark.parametrize(
    "asked",
    [
        {"email": "new@builder.example", "email_md5": digest("ada@analytical.example")},
        {"email": "no address", "email_md5": digest("ada@analytical.example")},
        {"phone": "+44 20 7946 0111", "phone_md5": digest("442079460958")},
    ],
    ids=["address", "unreadable", "number"],
)
def test_a_digest_counts_beside_what_is_said_in_clear(ping, post, hashed, asked):
    post(**ADA)
    hashed()

    assert said(ping(**asked)) == ("failure", "duplicate")


def test_until_earlier_leads_are_known_by_digest_a_ping_says_so(ping, put, post):
    post(**ADA)
    put("pings/hashed")

    assert "duplicates" in ping(email_md5=digest(ADA["email"]))["unchecked"]


def test_the_look_back_holds_for_a_digest(ping, post, put, hashed):
    put("terms", lookback=[{"keys": ["email"], "within_days": 30}])
    hashed()
    long_ago = (datetime.now(UTC) - timedelta(days=31)).isoformat()
    post(**ADA, context={"submitted_at": long_ago})

    assert said(ping(email_md5=digest(ADA["email"]))) == ("success", None)


def test_digests_are_forgotten_when_it_is_switched_off(
    put, post, hashed, stored, worker_database, gate, user_id, client
):
    hashed()
    post(**ADA)
    (kept,) = stored.rows("SELECT count(*) FROM dedup.hashed_keys WHERE tenant_id = %(tenant)s")[0]
    assert kept > 10

    response = client.delete(HASHED, query_string={"user_id": user_id})
    with worker_database.lookup() as conn:
        at = datetime.now(UTC) + timedelta(hours=2)
        due = jobs.claim(conn, 50, at, kind=hashed_switch.FORGET_HASHES)
    for job in due:
        if job.tenant_id == user_id:
            hashed_switch.forget_hashes(worker_database, gate, job)

    assert response.json["hashed_pings"] is False
    left = stored.rows("SELECT count(*) FROM dedup.hashed_keys WHERE tenant_id = %(tenant)s")
    assert left == [(0,)]


def test_an_account_that_has_it_off_keeps_no_digest(post, stored):
    post(**ADA)

    left = stored.rows("SELECT count(*) FROM dedup.hashed_keys WHERE tenant_id = %(tenant)s")
    assert left == [(0,)]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"email_md5": "12ab"}, "email_md5"),
        ({"email_sha1": digest("x")}, "email_sha1"),
        ({"phone_sha256": "z" * 64}, "phone_sha256"),
        ({"valid_seconds": 9}, "valid_seconds"),
        ({"valid_seconds": 3601}, "valid_seconds"),
    ],
)
def test_what_cannot_be_read_is_named_and_not_repeated(ping, asked, field):
    refused = ping(expect=400, **asked)

    assert list(refused["error"]["details"]) == [field]
    assert "12ab" not in str(refused)


# What a ping leaves behind -----------------------------------------------------------------------


def test_only_the_number_of_pings_is_kept(ping, put, post, stored):
    for _ in range(3):
        ping(**ADA)
    post(**ADA)
    before = stored.count()
    ping(**ADA)

    assert stored.count() == before
    kept = "SELECT outcome, pings FROM dedup.pings WHERE tenant_id = %(tenant)s ORDER BY outcome"
    assert stored.rows(kept) == [("duplicate", 1), ("success", 3)]


def test_nothing_that_a_ping_says_is_logged(ping, caplog):
    with caplog.at_level(logging.DEBUG):
        ping(**ADA, email_md5=digest(ADA["email"]))

    for said in (*ADA.values(), digest(ADA["email"])):
        assert said not in caplog.text


# The lead that follows ---------------------------------------------------------------------------


@pytest.fixture
def follow(client, user_id):
    """Send a lead that names a ping; return the answer."""

    def follow(ping_id, expect=200, key=None, path=CHECK, context=(), **said):
        context = {"ping_id": ping_id} | dict(context)
        body = {"user_id": user_id, "source_id": "test-form", "lead_data": ADA} | said
        headers = {"Idempotency-Key": key} if key else {}
        response = client.post(path, json=body | {"context": context}, headers=headers)
        assert response.status_code == expect, response.json
        return response.json

    return follow


def test_a_lead_may_follow_its_ping(ping, follow):
    answer = follow(ping(**ADA)["ping_id"])

    assert answer["action_taken"] == "allow_processing"


def test_the_ping_of_another_buyer_is_refused_and_nothing_is_stored(ping, follow, stored):
    token = ping(**ADA)["ping_id"]

    refused = follow(token, 422, context={"buyer_id": "solar"})

    assert list(refused["error"]["details"]) == ["context.ping_id"]
    assert stored.count()[0] == 0


@pytest.mark.parametrize("token", ["no-ping", "A" * 40, "é" * 40])
def test_what_is_no_ping_id_is_refused(follow, stored, token):
    refused = follow(token, 422)

    assert list(refused["error"]["details"]) == ["context.ping_id"]
    assert stored.count()[0] == 0


def test_the_ping_of_another_account_is_refused(ping, follow, client):
    body = {"user_id": "somebody-else", "source_id": "test-form", **ADA}
    token = client.post(PING, json=body).json["ping_id"]

    follow(token, 422)


def expired(gate, user_id):
    def sign(text):
        return gate.keyring.signature(user_id, ping_token.KIND, text)

    return ping_token.made(sign, Scope("test-form"), datetime.now(UTC) - timedelta(seconds=1))


@pytest.mark.parametrize("key", [None, "once"])
@pytest.mark.parametrize("path", [CHECK, f"{CHECK}/check"])
def test_a_ping_that_is_too_old_is_refused_and_nothing_is_stored(
    follow, gate, user_id, stored, key, path
):
    refused = follow(expired(gate, user_id), 422, key=key, path=path)

    assert refused["error"]["details"] == {"context.ping_id": "has expired"}
    assert stored.count()[0] == 0


def test_a_retry_is_answered_as_before_though_the_ping_is_old_by_now(
    follow, ping, gate, user_id, stored
):
    first = follow(ping(**ADA)["ping_id"], key="once")

    again = follow(expired(gate, user_id), key="once")

    assert again["lead_id"] == first["lead_id"]
    assert stored.count()[0] == 1


def test_a_ping_reserves_nothing(ping, post, follow):
    token = ping(**ADA)["ping_id"]
    post(**ADA)

    assert follow(token)["action_taken"] == "reject_duplicate"


# Who may, and when -------------------------------------------------------------------------------


@pytest.mark.parametrize(("scope", "expect"), [("read:leads", 200), ("write:leads", 403)])
def test_who_may_only_submit_leads_finds_out_nothing(keys_client, database, user_id, scope, expect):
    with database.transaction(user_id) as conn:
        _, key = keys.create(conn, user_id, [scope])

    response = keys_client.post(
        PING,
        json={"source_id": "s", **ADA},
        headers={"X-API-Key": key},
        environ_base={"REMOTE_ADDR": "203.0.113.9"},
    )

    assert response.status_code == expect


def test_the_strictest_mode_asks_for_consent_before_a_digest_is_looked_at(local_settings, user_id):
    strict = next(mode for mode in MODES.values() if "strict" in mode.name)
    app = leadfly.app.create_app(replace(local_settings, mode=strict))
    body = {"user_id": user_id, "source_id": "s", "email_md5": digest("a@b.example")}

    refused = app.test_client().post(PING, json=body)

    app.extensions[KEY_SNAPSHOT].stop()
    app.extensions["leadfly"].database.close()
    assert refused.status_code == 403


def test_the_job_ends_without_a_trace_when_it_was_switched_off_meanwhile(
    database, worker_database, gate, user_id, post, stored
):
    post(**ADA)
    now = datetime.now(UTC)
    hashed_switch.switch_on(database, user_id, "local", now)
    hashed_switch.switch_off(database, user_id, now)

    work(worker_database, gate, user_id)

    left = stored.rows("SELECT count(*) FROM dedup.hashed_keys WHERE tenant_id = %(tenant)s")
    assert left == [(0,)]
