"""Who is counted for what: keys, accounts, and the networks of those who have none."""

import time
from dataclasses import replace

import pytest
import requests

from shared.api_key import PUBLISHABLE, KnownKey
from shared.errors import SettingsError
from shared.settings import load
from tests.shared.web.test_web_served import Served

NO_SECOND = {"X-API-Key": "lf_aaaaaaaa_" + "A" * 43}
"""A key that nobody has."""

SHARED_APP = """
import os
from types import SimpleNamespace
from flask import Blueprint
from shared import web
from shared.settings import load

routes = Blueprint("routes", __name__)

@routes.get("/worker")
def worker():
    return web.reply({"worker": os.getpid()})

@routes.post("/leads")
def leads():
    web.caller(None)
    return worker()

def create():
    chosen = load({"LEADFLY_HOME": FOLDER, "RATE_LIMIT": "on", "RATE_LIMIT_PER_KEY": "30"})
    return web.app("served", [routes], chosen, SimpleNamespace(), b"k" * 32)
"""


def limited(make_app, **environ):
    return make_app(AUTH_MODE="keys", **environ).test_client()


def knock(client, peer="198.51.100.7", headers=None, path="/leads", **more):
    """Return the status of a request from *peer*, without a key unless *headers* bring one."""
    sent = client.post(path, json={}, headers=headers, environ_base={"REMOTE_ADDR": peer}, **more)
    return sent.status_code


def statuses(times, *arguments, **more):
    return [knock(*arguments, **more) for _ in range(times)]


# Strangers ---------------------------------------------------------------------------------------


def test_guessing_keys_is_limited(make_app, database_stand_in):
    """And what is refused is not even looked up."""
    client = limited(make_app, RATE_LIMIT_PER_IP="5")

    assert statuses(8, client, headers=NO_SECOND) == [401] * 5 + [429] * 3
    assert database_stand_in.lookups == 5


def test_without_the_limit_guessing_goes_on(make_app):
    """The control: it is the limit that ends it."""
    client = limited(make_app)

    assert statuses(8, client, headers=NO_SECOND) == [401] * 8


@pytest.mark.parametrize("path", ["/leads", "/nowhere", "/openapi.json"])
def test_whatever_a_stranger_asks_for_is_counted(make_app, path):
    client = limited(make_app, RATE_LIMIT_PER_IP="3")

    assert 429 not in statuses(3, client, path=path)
    assert statuses(2, client, path=path) == [429, 429]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_whether_we_are_alive_may_be_asked_at_any_time(make_app, path):
    client = limited(make_app, RATE_LIMIT_PER_IP="1")
    statuses(3, client)

    answers = [client.get(path, environ_base={"REMOTE_ADDR": "198.51.100.7"}) for _ in range(5)]

    assert {answer.status_code for answer in answers} == {200}


def test_another_network_is_not_limited_with_it(make_app):
    client = limited(make_app, RATE_LIMIT_PER_IP="2")
    assert statuses(3, client, "198.51.100.7")[-1] == 429

    assert knock(client, "198.51.100.8") == 401


def test_an_ipv6_network_is_one_however_many_addresses_it_has(make_app):
    client = limited(make_app, RATE_LIMIT_PER_IP="4")
    peers = [f"2001:db8:1:2:{number:x}::{number:x}" for number in range(1, 6)]

    assert [knock(client, peer) for peer in peers] == [401] * 4 + [429]
    assert knock(client, "2001:db8:1:3::1") == 401


def test_an_ipv4_address_is_itself_over_ipv6(make_app):
    client = limited(make_app, RATE_LIMIT_PER_IP="2")

    assert [knock(client, peer) for peer in ("::ffff:198.51.100.7", "198.51.100.7")] == [401] * 2
    assert knock(client, "::ffff:c633:6407") == 429
    assert knock(client, "::ffff:198.51.100.8") == 401


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Client-IP"])
def test_without_proxies_of_ours_no_header_changes_who_it_is(make_app, header):
    client = limited(make_app, RATE_LIMIT_PER_IP="3")
    forged = [{header: f"203.0.113.{number}"} for number in range(5)]

    assert [knock(client, headers=sent) for sent in forged] == [401] * 3 + [429] * 2


@pytest.mark.parametrize("proxies", ["1", "2"])
def test_behind_proxies_of_ours_only_what_they_wrote_counts(make_app, proxies):
    client = limited(make_app, RATE_LIMIT_PER_IP="3", TRUSTED_PROXIES=proxies)
    ours = ["203.0.113.9", "10.0.0.2"][: int(proxies)]
    forged = [", ".join([f"6.6.6.{number}", *ours]) for number in range(5)]

    seen = [knock(client, "10.0.0.1", {"X-Forwarded-For": chain}) for chain in forged]

    assert seen == [401] * 3 + [429] * 2
    another = ", ".join(["203.0.113.10", *ours[1:]])
    assert knock(client, "10.0.0.1", {"X-Forwarded-For": another}) == 401


@pytest.mark.parametrize("chain", ["", "nonsense", "6.6.6.{}"])
def test_a_chain_that_is_too_short_or_no_address_leaves_the_peer(make_app, chain):
    client = limited(make_app, RATE_LIMIT_PER_IP="3", TRUSTED_PROXIES="2")
    sent = [{"X-Forwarded-For": chain.format(number)} for number in range(5)]

    assert [knock(client, headers=headers) for headers in sent] == [401] * 3 + [429] * 2


@pytest.mark.parametrize("written", ["203.0.113.9:4711", "[2001:db8::1]:4711", "fe80::1%eth0"])
def test_a_proxys_way_to_write_an_address_is_read(make_app, written):
    client = limited(make_app, RATE_LIMIT_PER_IP="1", TRUSTED_PROXIES="1")

    assert knock(client, "10.0.0.1", {"X-Forwarded-For": written}) == 401
    assert knock(client, "10.0.0.1", {"X-Forwarded-For": "192.0.2.1"}) == 401
    assert knock(client, "10.0.0.1", {"X-Forwarded-For": written}) == 429


def test_whoever_has_no_address_is_limited_with_all_who_have_none(make_app):
    client = limited(make_app, RATE_LIMIT_PER_IP="2")

    assert statuses(3, client, "") == [401, 401, 429]


# Keys --------------------------------------------------------------------------------------------


def test_a_server_with_a_key_is_counted_for_its_key_alone(make_app, issue):
    client = limited(make_app, RATE_LIMIT_PER_IP="2", RATE_LIMIT_PER_KEY="9")

    assert statuses(10, client, headers={"X-API-Key": issue()}) == [201] * 9 + [429]


def test_two_keys_of_one_account_are_two(make_app, issue):
    client = limited(make_app, RATE_LIMIT_PER_KEY="2")
    statuses(3, client, headers={"X-API-Key": issue()})

    assert knock(client, headers={"X-API-Key": issue()}) == 201


def test_a_key_that_only_the_snapshot_knows_is_let_in_too(make_app, issue, database_stand_in):
    """A process that has not seen it yet, while somebody of its network guesses."""
    text = issue()
    (stored,) = database_stand_in.stored.values()
    copy = KnownKey(stored.prefix, "acme", stored.digest, stored.scopes, None)
    client = limited(make_app, known={stored.prefix: copy}.__getitem__, RATE_LIMIT_PER_IP="1")
    assert statuses(2, client) == [401, 429]

    assert knock(client, headers={"X-API-Key": text}) == 201
    assert knock(client, headers={"X-API-Key": text[:-1] + "-"}) == 429


def test_a_page_key_is_no_way_around_the_limit_of_a_network(make_app, issue, database_stand_in):
    client = limited(make_app, RATE_LIMIT_PER_IP="2")
    text = issue()
    ((prefix, stored),) = database_stand_in.stored.items()
    database_stand_in.stored[prefix] = replace(
        stored, kind=PUBLISHABLE, origins=frozenset({"https://shop.example"})
    )

    assert statuses(4, client, headers={"X-API-Key": text}) == [403, 403, 429, 429]


def test_who_guesses_does_not_shut_out_a_known_key_of_the_same_network(make_app, issue):
    client = limited(make_app, RATE_LIMIT_PER_IP="3")
    mine = {"X-API-Key": issue()}
    assert knock(client, headers=mine) == 201
    assert statuses(5, client, headers=NO_SECOND)[-1] == 429

    assert statuses(4, client, headers=mine) == [201] * 4


def test_a_limited_caller_is_told_which_limit_and_when_to_come_back(make_app, issue):
    client = limited(make_app, RATE_LIMIT_PER_KEY="3")
    mine = {"X-API-Key": issue()}
    statuses(3, client, headers=mine)

    refused = client.post("/leads", json={}, headers=mine)

    assert refused.json["error"]["code"] == "RATE_LIMIT_EXCEEDED"
    details = {"limit": "key", "per_minute": 3, "retry_after_seconds": 20}
    assert refused.json["error"]["details"] == details
    assert refused.headers["Retry-After"] == "20"


def test_what_a_scope_forbids_a_key_is_not_counted_for_its_network(make_app, issue):
    client = limited(make_app, RATE_LIMIT_PER_IP="2")

    assert statuses(5, client, headers={"X-API-Key": issue(scopes=["read:leads"])}) == [403] * 5
    assert knock(client) == 401


def test_the_host_is_local_and_off_is_the_default(make_app):
    client = make_app(RATE_LIMIT_PER_KEY="1").test_client()

    assert statuses(5, client, "127.0.0.1") == [201] * 5


def test_in_local_mode_the_account_stands_for_the_key(make_app):
    client = make_app(RATE_LIMIT="on", RATE_LIMIT_PER_KEY="2").test_client()

    assert statuses(3, client, "127.0.0.1") == [201, 201, 429]
    answer = client.post("/leads", json={"user_id": "another"})
    assert answer.status_code == 201


def test_a_broken_disk_still_limits_and_lets_good_callers_in(make_app, issue, tmp_path):
    (tmp_path / "limits").write_text("no folder")
    client = limited(make_app, RATE_LIMIT_PER_KEY="8", WEB_CONCURRENCY="2")

    assert statuses(6, client, headers={"X-API-Key": issue()}) == [201] * 4 + [429] * 2


def test_limits_cannot_be_switched_off_where_strangers_call():
    with pytest.raises(SettingsError) as refused:
        load({"AUTH_MODE": "keys", "RATE_LIMIT": "off"})

    assert "RATE_LIMIT" in refused.value.details


@pytest.mark.parametrize("nonsense", ["0", "-1", "1.5", "lots", "9" * 9])
@pytest.mark.parametrize("name", ["KEY", "SOURCE", "IP"])
def test_a_limit_that_is_none_refuses_to_start(name, nonsense):
    with pytest.raises(SettingsError) as refused:
        load({f"RATE_LIMIT_PER_{name}": nonsense})

    assert list(refused.value.details) == [f"RATE_LIMIT_PER_{name}"]


# Two workers -------------------------------------------------------------------------------------


def one_session_each(server, workers=2):
    """Return a connection to each worker: it stays with the one that accepted it."""
    sessions, give_up = {}, time.monotonic() + 20
    while len(sessions) < workers:
        assert time.monotonic() < give_up, "one worker takes every connection"
        session = requests.Session()
        known = session.get(f"{server.url}/worker", timeout=20).json()["worker"]
        sessions.setdefault(known, session)
    return sessions


def test_two_workers_count_together(tmp_path):
    server = Served(tmp_path, SHARED_APP.replace("FOLDER", repr(str(tmp_path / "home"))))
    try:
        started = time.monotonic()
        sessions = one_session_each(server).values()
        answers = [
            session.post(f"{server.url}/leads", json={}, timeout=20)
            for _ in range(30)
            for session in sessions
        ]
        took = time.monotonic() - started
        counted = requests.get(f"{server.url}/metrics", timeout=20).text
    finally:
        server.stop()

    admitted = [answer.json()["worker"] for answer in answers if answer.ok]
    assert len(set(admitted)) == 2
    assert 30 <= len(admitted) <= 30 + took / 2 + 1  # every two seconds pay for one
    refused = 'leadfly_rate_limited_total{limit="account",outcome="refused"} '
    assert f"{refused}{60 - len(admitted)}.0" in counted
