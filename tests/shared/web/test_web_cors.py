"""Pages of listed web sites may post leads; nobody else's may, and nothing else."""

import pytest

from shared.errors import SettingsError
from shared.settings import load
from shared.web.operation import Operation

SHOP = "https://www.shop.example"

OPERATIONS = (
    Operation("POST", "/leads", "Leads", "", {}, tag="t", for_lead_forms=True),
    Operation("POST", "/echo", "Echo", "", {}, tag="t"),
)


@pytest.fixture(params=["local", "keys"])
def mode(request):
    return request.param


@pytest.fixture
def shop_client(make_app, mode):
    return make_app(OPERATIONS, AUTH_MODE=mode, LEAD_FORM_ORIGINS=SHOP).test_client()


def preflight(client, path="/leads", origin=SHOP, method="POST", headers="content-type"):
    return client.options(
        path,
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": headers,
        },
    )


def shared_with(answer):
    """Return the CORS headers of *answer*, but for what they expose."""
    return {
        name.removeprefix("Access-Control-"): value
        for name, value in answer.headers.items()
        if name.startswith("Access-Control-") and not name.endswith("Expose-Headers")
    }


def test_a_preflight_of_a_listed_page_is_answered(shop_client):
    answer = preflight(shop_client)

    assert answer.status_code == 204
    assert answer.data == b""
    assert shared_with(answer) == {
        "Allow-Origin": SHOP,
        "Allow-Methods": "POST",
        "Allow-Headers": "Content-Type, Idempotency-Key, X-Request-ID",
        "Max-Age": "600",
    }
    assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize(
    "origin",
    [
        "https://www.shop.example.evil.example",
        "https://evil.example",
        "http://www.shop.example",
        "https://shop.example",
        "https://www.shop.example:8443",
        "https://www.shop.example/",
        "HTTPS://WWW.SHOP.EXAMPLE",
        f"{SHOP}, https://evil.example",
        "null",
        "*",
        "",
    ],
)
@pytest.mark.parametrize("path", ["/leads", "/echo"])
def test_no_other_origin_is_ever_named(shop_client, path, origin):
    for answer in (
        preflight(shop_client, path, origin),
        shop_client.post(path, json={}, headers={"Origin": origin}),
        shop_client.get(path, headers={"Origin": origin}),
    ):
        assert shared_with(answer) == {}


@pytest.mark.parametrize("path", ["/echo", "/items/1", "/healthz", "/metrics", "/docs", "/nowhere"])
def test_a_listed_page_reads_nothing_but_its_answers(shop_client, path):
    for answer in (
        preflight(shop_client, path),
        shop_client.post(path, json={}, headers={"Origin": SHOP}),
        shop_client.get(path, headers={"Origin": SHOP}),
    ):
        assert shared_with(answer) == {}


def test_a_listed_page_may_read_the_answer_and_the_refusal(make_app):
    client = make_app(OPERATIONS, LEAD_FORM_ORIGINS=SHOP).test_client()

    for sent, status in (
        ({"json": {}}, 201),
        ({"data": b"{"}, 415),
        ({"json": {"user_id": 7}}, 400),
    ):
        answer = client.post("/leads", headers={"Origin": SHOP}, **sent)

        assert answer.status_code == status
        assert shared_with(answer) == {"Allow-Origin": SHOP}
        assert answer.headers["Access-Control-Expose-Headers"] == (
            "Idempotent-Replayed, Retry-After, X-Request-ID"
        )


def test_credentials_are_never_shared(shop_client):
    answers = (
        preflight(shop_client),
        shop_client.post("/leads", json={}, headers={"Origin": SHOP}),
    )

    for answer in answers:
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "x-api-key" not in answer.headers.get("Access-Control-Allow-Headers", "").lower()


def test_with_keys_a_listed_page_still_needs_one(make_app, issue):
    client = make_app(OPERATIONS, AUTH_MODE="keys", LEAD_FORM_ORIGINS=SHOP).test_client()

    refused = client.post("/leads", json={}, headers={"Origin": SHOP})
    by_proxy = client.post("/leads", json={}, headers={"Origin": SHOP, "X-API-Key": issue()})

    assert (refused.status_code, by_proxy.status_code) == (401, 201)
    assert shared_with(by_proxy) == {"Allow-Origin": SHOP}


@pytest.mark.parametrize("path", ["/echo", "/items/1", "/nowhere"])
def test_in_local_mode_a_listed_page_comes_no_further_than_leads(make_app, path):
    client = make_app(OPERATIONS, LEAD_FORM_ORIGINS=SHOP).test_client()

    assert client.get(path, headers={"Origin": SHOP}).status_code == 403
    assert client.post(path, json={}, headers={"Origin": SHOP}).status_code == 403


@pytest.mark.parametrize("header", [{"Host": "leadfly.example"}, {"X-Forwarded-For": "1.2.3.4"}])
def test_in_local_mode_a_listed_page_must_still_be_on_this_machine(make_app, header):
    client = make_app(OPERATIONS, LEAD_FORM_ORIGINS=SHOP).test_client()

    assert client.post("/leads", json={}, headers={"Origin": SHOP} | header).status_code == 403
    assert (
        client.options(
            "/leads", headers={"Origin": SHOP, "Access-Control-Request-Method": "POST"} | header
        ).status_code
        == 403
    )


def test_a_form_of_another_site_is_refused_in_local_mode_though_browsers_ask_nobody(make_app):
    client = make_app(OPERATIONS, LEAD_FORM_ORIGINS=SHOP).test_client()

    for origin in ("https://evil.example", "null"):
        answer = client.post("/leads", data={"email": "a@b.example"}, headers={"Origin": origin})
        assert answer.status_code == 403


def test_without_the_setting_nothing_is_shared(make_app):
    client = make_app(OPERATIONS).test_client()

    assert preflight(client).status_code == 403
    assert "Vary" not in client.post("/leads", json={}).headers


@pytest.mark.parametrize(
    "text",
    [
        "https://www.example.com",
        "https://www.example.com, http://localhost:8080 ,https://[2001:db8::1]:8443,",
        "https://xn--bcher-kva.example",
    ],
)
def test_exact_origins_are_read(text):
    wanted = {origin.strip() for origin in text.split(",") if origin.strip()}

    assert load({"LEAD_FORM_ORIGINS": text}).lead_form_origins == wanted


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "null",
        "https://*.example.com",
        "www.example.com",
        "https://www.example.com/",
        "https://www.example.com/form",
        "https://WWW.example.com",
        "https://bücher.example",
        "https://www.example.com:443",
        "http://www.example.com:80",
        "https://user@example.com",
        "https://a.example https://b.example",
        "ftp://example.com",
        "https://",
        "https://www.example.com,*",
    ],
)
def test_what_is_no_exact_origin_refuses_to_start(text):
    with pytest.raises(SettingsError) as refusal:
        load({"LEAD_FORM_ORIGINS": text})

    assert list(refusal.value.details) == ["LEAD_FORM_ORIGINS"]


def test_no_origin_is_listed_by_default():
    assert load({}).lead_form_origins == frozenset()
