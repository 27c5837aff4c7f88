from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from shared import keys
from shared.errors import Unavailable
from shared.key_snapshot import NotKnown
from shared.web import key_cache
from shared.web.key_cache import KeyCache


def send(client, json=None, **headers):
    spelt = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/leads", json=json or {}, headers=spelt)


def refused(answer, status):
    assert answer.status_code == status
    assert (
        answer.json["error"]["code"]
        == {
            400: "INVALID_DATA_FORMAT",
            401: "INVALID_API_KEY",
            403: "INSUFFICIENT_PERMISSIONS",
        }[status]
    )
    return True


def test_a_local_caller_who_names_no_tenant_is_anonymous(client):
    assert send(client).json["tenant"] == "anonymous"


def test_a_local_caller_is_the_tenant_it_names(client):
    assert send(client, {"user_id": "acct 7 Ünal"}).json["tenant"] == "acct 7 Ünal"


@pytest.mark.parametrize("user_id", ["", "x" * 129, "a\nb", "a\u0085", "\x7f", 7, True, ["a"], {}])
def test_a_user_id_that_is_none_is_refused_by_name(client, user_id):
    answer = send(client, {"user_id": user_id})

    assert refused(answer, 400)
    assert list(answer.json["error"]["details"]) == ["user_id"]


@pytest.mark.parametrize("address", ["203.0.113.9", "10.0.0.1", "::2", "", "localhost.evil"])
def test_local_mode_refuses_a_peer_from_elsewhere(client, address):
    answer = client.post("/leads", json={}, environ_base={"REMOTE_ADDR": address})

    assert refused(answer, 403)


@pytest.mark.parametrize(
    "header", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP"]
)
def test_local_mode_refuses_what_a_proxy_brings(client, header):
    assert refused(send(client, **{header: "127.0.0.1"}), 403)


@pytest.mark.parametrize(
    "host",
    [
        "leadfly.example",
        "localhost.evil.example",
        "127.0.0.1.nip.io",
        "evil@localhost",
        "localhost/x",
        "localhost:x",
        "192.168.1.4:8000",
        "",
        "[",
        "é",
        "localhost, evil.example",
    ],
)
def test_local_mode_refuses_another_name_for_this_machine(client, host):
    assert refused(send(client, Host=host), 403)


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8000", "127.0.0.1:8000", "127.9.9.9", "[::1]:8000", "[::1]"]
)
def test_local_mode_answers_to_every_loopback_name(client, host):
    assert send(client, Host=host).status_code == 201


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost.evil.example", "", "[", "file://"]
)
def test_local_mode_refuses_pages_of_other_sites(client, origin):
    assert refused(send(client, Origin=origin), 403)


def test_local_mode_answers_pages_of_this_machine(client):
    assert send(client, Origin="http://localhost:3000").status_code == 201


def test_local_mode_guards_routes_that_never_ask_who_calls(client):
    assert refused(client.get("/items/1", headers={"Host": "evil.example"}), 403)
    assert refused(client.get("/nowhere", headers={"Host": "evil.example"}), 403)


@pytest.mark.parametrize("form", [{"X-API-Key": "{}"}, {"Authorization": "Bearer {}"}])
def test_a_key_speaks_for_its_tenant(keys_client, issue, form):
    key = issue(tenant_id="acme")
    headers = {name: value.format(key) for name, value in form.items()}

    assert send(keys_client, **headers).json["tenant"] == "acme"
    assert send(keys_client, {"user_id": "acme"}, **headers).json["tenant"] == "acme"


def test_one_key_in_both_headers_is_one_key(keys_client, issue):
    key = issue()

    answer = send(keys_client, X_API_Key=key, Authorization=f"bearer {key}")

    assert answer.status_code == 201


def test_a_proxys_basic_authorization_does_not_hide_the_key(keys_client, issue):
    assert send(keys_client, X_API_Key=issue(), Authorization="Basic abc").status_code == 201


def test_a_key_may_not_speak_for_another_tenant(keys_client, issue):
    answer = send(keys_client, {"user_id": "rival"}, X_API_Key=issue(tenant_id="acme"))

    assert refused(answer, 403)


def test_a_key_without_the_scope_is_refused(keys_client, issue):
    answer = send(keys_client, X_API_Key=issue(scopes=["read:leads"]))

    assert refused(answer, 403)
    assert answer.json["error"]["details"] == {"scope": "this needs write:leads"}


def wrong_keys(issue):
    """Headers that carry no usable key, by what is wrong with them."""
    right, hour = issue(), timedelta(hours=1)
    return {
        "none": {},
        "empty": {"X-API-Key": ""},
        "unknown": {"X-API-Key": keys.new_key()[0]},
        "wrong secret": {"X-API-Key": right[:-1] + ("A" if right[-1] != "A" else "B")},
        "malformed": {"X-API-Key": "lf_short"},
        "spaced": {"X-API-Key": right + " x"},
        "expired": {"X-API-Key": issue(expires_at=datetime.now(UTC) - hour)},
        "revoked": {"X-API-Key": issue(revoked_at=datetime.now(UTC))},
        "two": {"X-API-Key": right, "Authorization": f"Bearer {issue()}"},
        "basic": {"Authorization": f"Basic {right}"},
        "bare": {"Authorization": right},
        "non-ASCII": {"X-API-Key": "lf_ä"},
        "non-ASCII bearer": {"Authorization": "Bearer \xff\xfe" + right[2:]},
        "non-ASCII digits": {"X-API-Key": right[:-1] + "\xb2"},
        "long": {"X-API-Key": "lf_" + "a" * 8000},
    }


def test_every_wrong_key_gets_the_same_401(keys_client, issue):
    bodies = set()
    for headers in wrong_keys(issue).values():
        answer = send(keys_client, **headers)
        assert refused(answer, 401)
        bodies.add(str(answer.json["error"]))

    assert len(bodies) == 1


def test_a_wrong_key_is_refused_before_its_tenant_is_discussed(keys_client):
    assert refused(send(keys_client, {"user_id": 7}, X_API_Key="x"), 401)


def test_keys_mode_does_not_mind_where_the_call_comes_from(keys_client, issue):
    answer = send(keys_client, X_API_Key=issue(), Host="leadfly.example", X_Forwarded_For="1.2.3.4")

    assert answer.status_code == 201


def test_a_key_that_cannot_be_looked_up_is_a_503_and_opens_nothing(
    keys_client, issue, database_stand_in
):
    key = issue()
    database_stand_in.unreachable = True

    answer = send(keys_client, X_API_Key=key)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"


def test_a_key_is_looked_up_once_for_many_requests(keys_client, issue, database_stand_in):
    key = issue()

    for _ in range(5):
        assert send(keys_client, X_API_Key=key).status_code == 201

    assert database_stand_in.lookups == 1


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def stored(expires_at=None):
    text, prefix, digest = keys.new_key()
    scopes, now = frozenset(keys.SCOPES), datetime.now(UTC)
    return text, keys.ApiKey("t", uuid4(), prefix, digest, scopes, None, now, expires_at, None)


def test_a_revocation_is_noticed_after_five_seconds():
    text, key = stored()
    known, clock = {key.prefix: key}, Clock()
    cache = KeyCache(known.get, clock)
    assert cache.holder(text) is key

    known.clear()
    clock.now += 4.9
    assert cache.holder(text) is key
    clock.now += 0.1
    assert cache.holder(text) is None


def test_a_remembered_key_stops_when_it_expires():
    text, key = stored(expires_at=datetime.now(UTC) + timedelta(milliseconds=30))
    cache = KeyCache({key.prefix: key}.get, Clock())
    assert cache.holder(text) is key

    while datetime.now(UTC) < key.expires_at:
        pass

    assert cache.holder(text) is None


def test_an_unknown_key_is_never_remembered():
    text, key = stored()
    known = {}
    cache = KeyCache(known.get, Clock())
    assert cache.holder(text) is None

    known[key.prefix] = key

    assert cache.holder(text) is key


def test_the_cache_is_bounded_and_holds_no_key():
    made = [stored() for _ in range(key_cache.MOST + 10)]
    cache = KeyCache({key.prefix: key for _, key in made}.get, Clock())

    for text, _ in made:
        cache.holder(text)

    remembered = repr(cache._found)
    assert len(cache._found) == key_cache.MOST
    assert not any(text in remembered for text, _ in made)


def wrong(text):
    """Return a key with the same prefix and another secret."""
    return text[:-1] + ("A" if text[-1] != "A" else "B")


class Outage:
    """A database that is away, and the snapshot that was taken of it before."""

    def __init__(self, *known):
        self.known = {key.prefix: key for key in known}

    def find(self, prefix):
        raise Unavailable

    def key(self, prefix):
        if prefix not in self.known:
            raise NotKnown
        return self.known[prefix]

    def cache(self):
        return KeyCache(self.find, Clock(), self.key)


def known(text, expires_at=None):
    prefix = keys.SHAPE.fullmatch(text)[1]
    return keys.KnownKey(prefix, "acme", keys.digest(text), frozenset(keys.SCOPES), expires_at)


def test_a_known_key_is_let_in_while_the_database_is_away():
    text, _, _ = keys.new_key()

    assert Outage(known(text)).cache().holder(text) == known(text)


def test_a_known_key_with_another_secret_is_refused_while_the_database_is_away():
    text, _, _ = keys.new_key()

    assert Outage(known(text)).cache().holder(wrong(text)) is None


def test_an_unknown_key_is_neither_refused_nor_let_in_while_the_database_is_away():
    with pytest.raises(Unavailable):
        Outage().cache().holder(keys.new_key()[0])


def test_a_known_key_ends_when_it_expires_in_an_outage_too():
    text, _, _ = keys.new_key()
    hour_ago = datetime.now(UTC) - timedelta(hours=1)

    assert Outage(known(text, hour_ago)).cache().holder(text) is None


def test_what_the_snapshot_says_is_never_remembered():
    text, _, _ = keys.new_key()
    outage = Outage(known(text))
    cache = outage.cache()
    assert cache.holder(text)

    outage.known.clear()

    with pytest.raises(Unavailable):
        cache.holder(text)


def test_the_snapshot_is_not_asked_while_the_database_answers():
    text, key = stored()
    cache = KeyCache({key.prefix: key}.get, Clock(), Outage(known(text)).key)

    assert cache.holder(text) is key
    assert KeyCache({}.get, Clock(), Outage(known(text)).key).holder(text) is None


def test_a_key_that_nobody_knows_in_an_outage_is_a_503(make_app, database_stand_in, issue):
    text = issue()
    app = make_app(AUTH_MODE="keys", known=Outage(known(text)).key)
    database_stand_in.unreachable = True
    client = app.test_client()

    assert send(client, X_API_Key=text).status_code == 201
    assert refused(send(client, X_API_Key=wrong(text)), 401)
    answer = send(client, X_API_Key=issue())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
