"""Every answer carries the careful headers: of every route, under every method, and of failures."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from bench.proxied import raw
from shared import errors, web
from shared.settings import load
from shared.web.docs_page import SECURITY_POLICY
from shared.web.replies import ONLY_ENCRYPTED, SECURITY_HEADERS
from tests.security.described import ROUTES
from tests.security.tenants import Tenant, call

ROOT = Path(__file__).resolve().parents[2]

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")

REFUSED_BY_GUNICORN = {
    "no HTTP": b"canary-7f3a\r\n\r\n",
    "another version": b"GET /canary-7f3a HTTP/9.9\r\nHost: x\r\n\r\n",
    "an odd header": b"GET / HTTP/1.1\r\nHost: x\r\ncanary 7f3a: x\r\n\r\n",
    "a NUL in a header": b"GET / HTTP/1.1\r\nHost: x\r\nX: canary-7f3a\0\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n canary-7f3a\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: x\r\n"
    b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "length and chunks": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "an unknown coding": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: canary-7f3a\r\n\r\n",
    "a long address": b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "a long header": b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 70_000 + b"\r\n\r\n",
    "an expectation": b"POST / HTTP/1.1\r\nHost: x\r\nExpect: canary-7f3a\r\n\r\n",
}


@pytest.fixture(scope="module")
def ours(guarded_app, database):
    """An account that may lose what it owns: every method is tried on it."""
    return Tenant(guarded_app.test_client(), database).own_everything()


def missing(headers):
    """Return the careful headers that *headers* lacks, has twice or has otherwise."""
    pairs = [(name.lower(), value) for name, value in headers]
    return [
        name
        for name, value in SECURITY_HEADERS
        if [found for other, found in pairs if other == name.lower()] != [value]
    ]


PAGES = (
    "/docs",
    "/lead-discovery/alerts",
    "/lead-discovery/alerts/{name}",
    "/lead-discovery/imports",
    "/lead-discovery/imports/{name}",
    "/unsubscribe/{unsubscribe_token}",
)
"""They say themselves what a browser may do on them."""


def answers(client, ours, path):
    """Yield what *path* answers under every method, to a stranger and to a guest."""
    for method in METHODS:
        for headers in ({}, {"X-API-Key": ours.key}):
            yield method, call(client, method, path, headers)


@pytest.mark.parametrize("path", sorted({route.path for route in ROUTES}))
def test_every_answer_of_a_route_is_careful(guarded, ours, path):
    own_policy = ["Content-Security-Policy"] if path in PAGES else []
    address = re.sub(r"{(\w+)}", lambda place: ours.owned[place[1]], path)

    for method, answer in answers(guarded, ours, address):
        lacks = missing(answer.headers)
        assert not lacks or (lacks == own_policy and answer.status_code == 200), (method, lacks)
        assert answer.headers["X-Request-ID"]
        assert method in ("HEAD", "OPTIONS") or answer.status_code in (302, 307, 405) or answer.data


@pytest.mark.parametrize("path", ["/nowhere", "/..%2f..%2fetc/passwd", "//", "/%00", "/docs/"])
def test_what_leads_nowhere_is_careful_too(guarded, ours, path):
    for method, answer in answers(guarded, ours, path):
        if answer.status_code >= 400:
            assert missing(answer.headers) == [], method


def test_the_page_has_a_policy_of_its_own(guarded):
    assert guarded.get("/docs").headers.getlist("Content-Security-Policy") == [SECURITY_POLICY]


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"x" * 2**21, "application/json", 413),
        (b"x", "text/odd", 415),
    ],
)
def test_a_refused_body_is_answered_carefully(guarded, ours, body, media_type, status):
    headers = {"X-API-Key": ours.key}
    path = "/webhook/leadfly/duplicate-prevention"

    answer = guarded.post(path, data=body, content_type=media_type, headers=headers)

    assert answer.status_code == status
    assert missing(answer.headers) == []


class Broken:
    """A database that fails in a way that nobody foresaw."""

    def transaction(self, tenant_id):
        raise ZeroDivisionError

    def lookup(self):
        raise ZeroDivisionError

    def ready(self):
        raise errors.Unavailable


@pytest.mark.parametrize(("path", "status"), [("/readyz", 503), ("/metrics", 500)])
def test_a_failure_of_ours_is_answered_carefully(ours, path, status):
    app = web.app("example", (), load({"AUTH_MODE": "keys"}), Broken())

    answer = call(app.test_client(), "GET", path, {"X-API-Key": ours.key})

    assert answer.status_code == status
    assert missing(answer.headers) == []


# Only over HTTPS ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "said", "strict"),
    [
        (0, "https", False),  # nobody's word
        (1, "https", True),
        (1, "HTTPS", True),
        (1, "http", False),
        (1, None, False),
        (1, "https,http", False),  # the caller's own word stands before our proxy's
        (1, "http, https", True),
        (2, "https,http", True),  # the outermost of ours, then the inner one
        (2, "https", True),  # passed on
        (2, "http,https,http", True),
        (2, "https,http,http", False),
        (3, "https,http", False),
    ],
)
def test_browsers_are_told_to_stay_on_https_where_our_proxy_says_they_came_by_it(
    proxies, said, strict
):
    settings = replace(load({"AUTH_MODE": "keys"}), trusted_proxies=proxies)
    client = web.app("example", (), settings, Broken()).test_client()

    answer = client.get("/healthz", headers={"X-Forwarded-Proto": said} if said else {})

    assert (ONLY_ENCRYPTED in list(answer.headers)) is strict


# What never reaches the app ----------------------------------------------------------------------


@pytest.mark.parametrize("sent", REFUSED_BY_GUNICORN.values(), ids=REFUSED_BY_GUNICORN)
def test_what_is_no_http_is_refused_in_our_words(gunicorn, sent):
    head, _, body = raw(gunicorn.port, sent).partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = [tuple(line.split(": ", 1)) for line in lines]

    assert re.match(r"HTTP/1\.1 (400|414|417|431|501) ", first), first
    assert missing(headers) == []
    assert json.loads(body)["success"] is False
    assert json.loads(body)["request_id"] == dict(headers)["X-Request-ID"]
    assert b"canary" not in head + body
    assert "canary" not in gunicorn.log.read_text()


WORKER = "shared.web.gunicorn_worker.Worker"


@pytest.mark.parametrize("place", ["Dockerfile", "docker-compose.yml", "leadfly/web_server.py"])
def test_wherever_gunicorn_is_started_our_worker_is_named(place):
    text = (ROOT / place).read_text(encoding="utf-8")
    classes = re.findall(r"worker-class(?:=|\": \")([\w.]+)", text)

    assert set(classes) == {WORKER}


def test_the_server_does_not_tell_its_version(gunicorn):
    answer = raw(gunicorn.port, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    (server,) = re.findall(rb"^Server: (.*)\r$", answer, re.M)
    assert not re.search(rb"\d", server)


def test_trace_repeats_nothing(gunicorn, ours):
    sent = f"TRACE / HTTP/1.1\r\nHost: x\r\nX-API-Key: {ours.key}\r\nConnection: close\r\n\r\n"

    assert ours.key.encode() not in raw(gunicorn.port, sent.encode())


def test_a_missing_header_would_be_noticed():
    some = [pair for pair in SECURITY_HEADERS if pair[0] != "Referrer-Policy"]

    assert missing(some) == ["Referrer-Policy"]
    assert missing([*SECURITY_HEADERS, ("referrer-policy", "origin")]) == ["Referrer-Policy"]
