"""Publishable keys and signatures: what each opens, and that it opens nothing else.

The controls are switched off one by one by what a test changes: another origin, another kind of
key, one byte of what was signed. Each request is right but for that.
"""

import os
import time
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from shared import issuing, keys
from shared.api_key import PUBLISHABLE, SIGNING
from shared.key_snapshot import NotKnown
from shared.privacy.pseudonym import Keyring
from shared.signature import sign
from shared.web import credentials
from shared.web.key_cache import SECONDS, KeyCache
from shared.web.operation import Operation

SHOP, OTHER = "https://www.shop.example", "https://shop.example"

OPERATIONS = (Operation("POST", "/intake", "Intake", "", {}, tag="t", for_lead_forms=True),)

SAME = "A valid API key is needed: send it as X-API-Key or Authorization: Bearer."


@pytest.fixture(scope="module")
def ring():
    return Keyring(os.urandom(32))


@pytest.fixture
def client(make_app, ring):
    return make_app(OPERATIONS, AUTH_MODE="keys", keyring=ring).test_client()


@pytest.fixture
def page_key(issue):
    return issue(scopes=(), kind=PUBLISHABLE, source_id="form", origins=frozenset({SHOP, OTHER}))


@pytest.fixture
def sender(database_stand_in, ring):
    """Return a maker of stored signing keys: `sender(tenant_id="acme")` is prefix and secret."""

    def make(tenant_id="acme", scopes=("write:leads",), expires_at=None, revoked_at=None):
        text, prefix, digest = keys.new_key(SIGNING)
        sealed = ring.seal(text.encode(), issuing._place(tenant_id, prefix))
        database_stand_in.stored[prefix] = keys.ApiKey(
            tenant_id, uuid4(), prefix, digest, frozenset(scopes), None, datetime.now(UTC),
            expires_at, revoked_at, SIGNING, None, frozenset(), sealed,
        )  # fmt: skip
        return prefix, text

    return make


def refused(answer, status=401):
    assert answer.status_code == status, answer.json
    assert status != 401 or answer.json["error"]["message"] == SAME
    assert status != 401 or answer.json["error"]["details"] == {}
    return True


# Publishable keys --------------------------------------------------------------------------------


def post(client, key, path="/intake", origin=SHOP, **body):
    headers = {"Origin": origin} if origin is not None else {}
    return client.post(f"{path}?key={key}", json=body, headers=headers)


def test_a_page_of_a_listed_origin_posts_for_the_keys_tenant_and_source(client, page_key):
    for origin in (SHOP, OTHER):
        answer = post(client, page_key, origin=origin)

        assert (answer.json["tenant"], answer.json["page"]) == ("acme", "form")
        assert answer.headers["Access-Control-Allow-Origin"] == origin
        assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize("form", [{"X-API-Key": "{}"}, {"Authorization": "Bearer {}"}])
def test_a_publishable_key_may_stand_in_a_header_too(client, page_key, form):
    headers = {name: value.format(page_key) for name, value in form.items()}

    assert client.post("/intake", json={}, headers=headers | {"Origin": SHOP}).json["page"]


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "",
        "*",
        "https://evil.example",
        f"{SHOP}.evil.example",
        "http://www.shop.example",
        f"{SHOP}:8443",
        f"{SHOP}/",
        SHOP.upper(),
        f"{SHOP}, {SHOP}",
        f"{SHOP}, https://evil.example",
    ],
)
def test_from_any_other_origin_it_opens_nothing_and_the_page_reads_nothing(
    client, page_key, origin
):
    answer = post(client, page_key, origin=origin)

    assert refused(answer, 403)
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(("path", "method"), [("/leads", "post"), ("/metrics", "get")])
def test_a_route_that_does_not_say_so_takes_no_publishable_key(client, page_key, path, method):
    answer = client.open(
        path,
        method=method,
        headers={"X-API-Key": page_key, "Origin": SHOP},
        environ_base={"REMOTE_ADDR": "203.0.113.9"},
        **({"json": {}} if method == "post" else {}),
    )

    assert refused(answer, 403)


def test_a_page_may_read_what_is_wrong_with_its_body(client, page_key):
    answer = client.post(f"/intake?key={page_key}", data=b"{", headers={"Origin": SHOP},
                         content_type="application/json")  # fmt: skip

    assert answer.status_code == 400
    assert answer.headers["Access-Control-Allow-Origin"] == SHOP


def test_it_speaks_for_no_other_tenant(client, page_key):
    assert refused(post(client, page_key, user_id="rival"), 403)
    assert post(client, page_key, user_id="acme").status_code == 200


def test_a_secret_key_in_the_address_is_refused_by_name_and_not_repeated(client, issue):
    for key in (issue(), keys.new_key()[0], "lf_short"):
        answer = post(client, key)

        assert refused(answer, 400)
        assert "is a secret key" in answer.json["error"]["details"]["key"]
        assert key not in answer.text


def test_no_key_of_an_address_is_ever_logged(client, issue, page_key, capfd):
    secret = issue()
    for key in (secret, page_key, "lfp_nonsense"):
        post(client, key)

    said = capfd.readouterr().err
    assert "/intake" in said
    assert not any(key[-43:] in said for key in (secret, page_key))
    assert "nonsense" not in said


@pytest.mark.parametrize(
    "address",
    ["key=", "key=lfp_x", "key={}x", "key={}&key=lfp_y", "key={}&key=", "KEY={}", "key[]={}"],
)
def test_any_other_key_in_the_address_gets_the_same_401(client, page_key, address):
    url = f"/intake?{address.format(page_key)}"

    assert refused(client.post(url, json={}, headers={"Origin": SHOP}))


def test_a_key_in_the_address_and_another_in_a_header_are_two(client, page_key, issue):
    answer = client.post(
        f"/intake?key={page_key}", json={}, headers={"Origin": SHOP, "X-API-Key": issue()}
    )

    assert refused(answer)


def test_a_revoked_or_expired_publishable_key_gets_the_same_401(client, issue):
    about = {"scopes": (), "kind": PUBLISHABLE, "source_id": "s", "origins": frozenset({SHOP})}
    now = datetime.now(UTC)

    assert refused(post(client, issue(**about, revoked_at=now)))
    assert refused(post(client, issue(**about, expires_at=now)))


def preflight(client, address, origin=SHOP, headers="content-type"):
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": headers}
    return client.options(address, headers={"Origin": origin} | asked)


def test_a_preflight_that_names_the_key_is_answered_for_its_origins_alone(client, page_key):
    assert post(client, page_key).status_code == 200  # from now on the process knows the key
    invited = preflight(client, f"/intake?key={page_key}")
    assert (invited.status_code, invited.headers["Access-Control-Allow-Origin"]) == (204, SHOP)

    for answer in (
        preflight(client, f"/intake?key={page_key}", "https://evil.example"),
        preflight(client, f"/intake?key={page_key}x"),
        preflight(client, f"/leads?key={page_key}"),
        preflight(client, "/intake"),
    ):
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_preflight_that_announces_a_key_is_answered_and_the_request_decides(client, page_key):
    answer = preflight(client, "/intake", OTHER, "content-type,x-api-key")

    assert answer.headers["Access-Control-Allow-Origin"] == OTHER
    assert "X-API-Key" in answer.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_preflight_never_asks_the_database(client, page_key, database_stand_in):
    for key in (page_key, keys.new_key(PUBLISHABLE)[0]):
        answer = preflight(client, f"/intake?key={key}")
        assert "Access-Control-Allow-Origin" not in answer.headers

    assert database_stand_in.lookups == 0


def test_a_preflight_is_answered_by_what_is_known_in_an_outage_too(
    make_app, page_key, database_stand_in
):
    prefix = keys.SHAPE.fullmatch(page_key)[1]
    digest, origins = keys.digest(page_key), frozenset({SHOP})
    known = keys.KnownKey(prefix, "acme", digest, frozenset(), None, PUBLISHABLE, "form", origins)
    client = make_app(OPERATIONS, AUTH_MODE="keys", known=Outage(known).key).test_client()
    database_stand_in.unreachable = True

    invited, not_listed = (
        preflight(client, f"/intake?key={page_key}", origin) for origin in (SHOP, OTHER)
    )

    assert invited.headers["Access-Control-Allow-Origin"] == SHOP
    assert "Access-Control-Allow-Origin" not in not_listed.headers


# Signatures --------------------------------------------------------------------------------------


def signed(client, prefix, secret, path="/intake", body=b"{}", at=None, **changes):
    """Send a signed request; *changes* by header name, None to leave one out."""
    at = int(time.time()) if at is None else at
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(at),
        "webhook-signature": sign(secret, "msg_1", at, body),
    } | {name.replace("_", "-"): value for name, value in changes.items()}
    return client.post(
        f"{path}?signed_by={prefix}" if prefix else path,
        data=changes.pop("sent", body),
        content_type="application/json",
        headers={name: value for name, value in headers.items() if isinstance(value, str)},
    )


def test_a_signature_speaks_for_its_tenant(client, sender):
    prefix, secret = sender()

    assert signed(client, prefix, secret).json["tenant"] == "acme"
    assert signed(client, None, secret, webhook_key=prefix).json["tenant"] == "acme"
    assert signed(client, prefix, secret, webhook_key=prefix).json["tenant"] == "acme"


def test_the_signed_id_names_the_request_in_a_space_of_its_own(client, sender):
    prefix, secret = sender()

    message = signed(client, prefix, secret).json["message"]

    assert message == f"\x1fsigned\x1f{prefix}\x1fmsg_1"
    assert not message.isprintable(), "no caller can send it as a key (idempotency.named_key)"


@pytest.mark.parametrize(
    "changes",
    [
        {"webhook_id": "msg_2"},
        {"webhook_id": None},
        {"webhook_timestamp": None},
        {"webhook_timestamp": "1"},
        {"webhook_signature": None},
        {"webhook_signature": ""},
        {"webhook_signature": "v1,AAAA"},
        {"sent": b'{"user_id": "acme"}'},
        {"webhook_key": "zzzzzzzz"},
        {"webhook_key": ""},
    ],
    ids=str,
)
def test_whatever_was_not_signed_just_so_gets_the_same_401(client, sender, changes):
    assert refused(signed(client, *sender(), **changes))


def test_a_signature_is_verified_before_anything_is_parsed(client, sender):
    prefix, secret = sender()

    assert refused(signed(client, prefix, secret, sent=b"{ no JSON"))
    assert refused(signed(client, prefix, secret, body=b"{ no JSON"), 400)


@pytest.mark.parametrize("off", [-301, 302])
def test_an_old_or_early_signature_gets_the_same_401(client, sender, off):
    now = int(time.time())
    prefix, secret = sender()

    assert refused(signed(client, prefix, secret, at=now + off))
    assert signed(client, prefix, secret, at=now + (290 if off > 0 else -290)).status_code == 200


def test_another_keys_prefix_opens_nothing(client, sender, issue, database_stand_in):
    (mine, secret), (theirs, _) = sender("acme"), sender("rival")
    known = keys.SHAPE.fullmatch(issue())[1]

    for prefix in (theirs, known, "zzzzzzzz", "x", "%00", "", f"{mine}&signed_by={theirs}"):
        assert refused(signed(client, prefix or "&signed_by=", secret))
    assert signed(client, mine, secret).status_code == 200


def test_an_expired_or_revoked_signing_key_gets_the_same_401(client, sender):
    now = datetime.now(UTC)

    assert refused(signed(client, *sender(expires_at=now)))
    assert refused(signed(client, *sender(revoked_at=now)))


def test_a_route_that_does_not_say_so_takes_no_signature_alone(client, sender):
    assert refused(signed(client, *sender(scopes=keys.SCOPES), path="/leads"), 403)


def test_a_signing_key_has_no_more_than_its_scopes(client, sender):
    assert refused(signed(client, *sender(scopes=["read:leads"])), 403)


def test_a_key_beside_a_signature_must_be_right_and_of_the_same_tenant(client, sender, issue):
    prefix, secret = sender("acme")

    both = signed(client, prefix, secret, path="/leads", X_API_Key=issue("acme"))
    assert both.status_code == 201
    assert refused(signed(client, prefix, secret, X_API_Key=issue("rival")))
    assert refused(signed(client, prefix, secret, X_API_Key=keys.new_key()[0]))
    assert refused(signed(client, prefix, secret, X_API_Key=issue("acme"), webhook_id="msg_2"))


def test_a_signing_key_sent_as_a_key_opens_nothing(client, sender):
    prefix, secret = sender()

    for text in (secret, prefix, f"lf_{prefix}_{secret[6:49]}"):
        assert refused(client.post("/leads", json={}, headers={"X-API-Key": text}))


def test_a_seal_moved_to_another_key_opens_nothing(client, sender, database_stand_in):
    (mine, secret), (theirs, _) = sender("acme"), sender("rival")
    stored = database_stand_in.stored
    stored[theirs] = keys.ApiKey(
        *(getattr(stored[theirs], name) for name in stored[theirs].__slots__[:-1]),
        stored[mine].sealed,
    )

    assert signed(client, theirs, secret).status_code == 500


def test_without_a_keyring_nobodys_signature_is_good(make_app, sender):
    client = make_app(OPERATIONS, AUTH_MODE="keys").test_client()

    assert refused(signed(client, *sender()))


def test_local_mode_asks_for_no_signature(make_app, sender):
    client = make_app(OPERATIONS).test_client()

    assert signed(client, *sender(), webhook_id="msg_2").json["message"] is None


class Outage:
    """The snapshot that was taken before the database went away."""

    def __init__(self, *known):
        self.known = {key.prefix: key for key in known}

    def key(self, prefix):
        if prefix not in self.known:
            raise NotKnown
        return self.known[prefix]


def test_in_an_outage_known_signers_are_let_in_and_nobody_else(
    make_app, ring, sender, database_stand_in
):
    (prefix, secret), (unknown, other) = sender(), sender()
    stored = database_stand_in.stored[prefix]
    known = keys.KnownKey(
        prefix, "acme", stored.digest, stored.scopes, None, SIGNING, sealed=stored.sealed
    )
    app = make_app(OPERATIONS, AUTH_MODE="keys", keyring=ring, known=Outage(known).key)
    client = app.test_client()
    database_stand_in.unreachable = True

    assert signed(client, prefix, secret).status_code == 200
    assert refused(signed(client, prefix, other))
    assert refused(signed(client, unknown, other), 503)


def test_a_revoked_signing_key_is_forgotten_after_five_seconds(sender, database_stand_in):
    prefix, _ = sender()
    now = [100.0]
    cache = KeyCache(database_stand_in.stored.get, lambda: now[0])
    assert cache.signer(prefix)

    database_stand_in.stored.clear()
    now[0] += SECONDS - 0.1
    assert cache.signer(prefix)
    now[0] += 0.1
    assert cache.signer(prefix) is None


def test_the_memory_of_a_process_holds_no_secret(client, sender, ring):
    prefix, secret = sender()
    assert signed(client, prefix, secret).status_code == 200

    cache = client.application.extensions["leadfly"].key_cache
    held = [getattr(key, name) for _, key in cache._found.values() for name in key.__slots__]

    assert held and secret.encode() not in held and secret not in held


def test_the_names_in_an_address_are_those_that_are_documented():
    assert (credentials.KEY, credentials.SIGNED_BY) == ("key", "signed_by")
