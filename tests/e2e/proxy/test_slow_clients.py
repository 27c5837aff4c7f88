"""A thousand half-sent requests through the proxy of the compose file harm nobody.

`python -m bench slow-clients` measures how fast honest callers are answered meanwhile.
"""

import json
import re
import time

import pytest

from bench.load import on_schedule
from bench.proxied import Nginx, raw
from bench.served import free_port
from bench.slow_clients import HALF_A_BODY, HALF_A_HEAD, RATE, Flood, honest
from shared.web.replies import SECURITY_HEADERS

FLOOD = 1000

HONEST = 200
"""Requests of honest callers, 50 a second."""

SECONDS = 60
"""For all of them: an answer takes milliseconds, and a busy machine's tens of them."""


@pytest.mark.parametrize("half", [HALF_A_HEAD, HALF_A_BODY], ids=["half a head", "half a body"])
def test_a_thousand_half_sent_requests_keep_no_honest_one_from_its_answer(
    nginx, gunicorn, ours, half
):
    with Flood(nginx.port, half, FLOOD) as flood:
        answered = on_schedule(nginx.port, honest(ours.key, HONEST), RATE)
        held, seen = flood.held, gunicorn.connections()

    assert (len(answered.latencies_ms), answered.failures) == (HONEST, 0)
    assert answered.seconds < SECONDS
    assert held > FLOOD * 0.9, "they were there all the time"
    assert seen < FLOOD * 0.1, "none of them got past the proxy, which keeps 32 lines a worker"


@pytest.mark.parametrize("half", [HALF_A_HEAD, HALF_A_BODY], ids=["half a head", "half a body"])
def test_without_the_proxy_half_sent_requests_stop_everybody(gunicorn, ours, half):
    """The control of the test above, and why the proxy is no ornament."""
    (request,) = honest(ours.key, 1)

    with Flood(gunicorn.port, half, 64), pytest.raises(TimeoutError):
        raw(gunicorn.port, request, seconds=3)


def test_one_address_cannot_hold_every_connection_of_the_proxy(nginx):
    with Flood(nginx.port, HALF_A_BODY, 300, sources=["127.0.0.99"], renew=False) as flood:
        flood.wait_for_the_end(3)
        time.sleep(0.5)

        assert (flood.held, flood.ended) == (200, 100)


def test_a_half_sent_request_is_let_go_soon(nginx):
    begun = time.monotonic()
    with Flood(nginx.port, HALF_A_HEAD, 1) as flood:
        flood.wait_for_the_end(20)

    assert 3 < time.monotonic() - begun < 15


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b"canary-7f3a\r\n\r\n", 400, "INVALID_DATA_FORMAT"),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414, "INVALID_DATA_FORMAT"),
        (b"GET /metrics HTTP/1.1\r\nHost: x\r\n", 404, "NOT_FOUND"),
        (b"GET //%6detrics/ HTTP/1.1\r\nHost: x\r\n", 404, "NOT_FOUND"),
        (b"TRACE / HTTP/1.1\r\nHost: x\r\n", 405, "NOT_FOUND"),
        (
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n",
            413,
            "INVALID_DATA_FORMAT",
        ),
    ],
)
def test_what_the_proxy_refuses_it_refuses_in_our_words(nginx, sent, status, code):
    is_envelope(raw(nginx.port, sent + b"Connection: close\r\n\r\n"), status, code)


def test_a_service_that_is_away_is_a_503_that_may_be_tried_again(tmp_path):
    alone = Nginx(free_port(), tmp_path, ready=None)
    try:
        answer = raw(alone.port, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    finally:
        alone.stop()

    headers = is_envelope(answer, 503, "SERVICE_UNAVAILABLE")
    assert headers["Retry-After"] == "1"


def is_envelope(answer, status, code):
    """Return the headers of *answer*, which must be a refusal as the services say it."""
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    assert first.startswith(f"HTTP/1.1 {status} "), first
    assert headers["Content-Type"] == "application/json"
    assert {name: headers.get(name) for name, _ in SECURITY_HEADERS} == dict(SECURITY_HEADERS)
    assert not re.search(r"\d", headers["Server"])
    said = json.loads(body)
    assert (said["success"], said["error"]["code"]) == (False, code)
    assert said["request_id"] == headers["X-Request-ID"]
    assert b"canary" not in answer
    return headers


def test_the_proxy_logs_nothing_that_was_sent(nginx, ours):
    for sent in (
        "GET /canary-7f3a?email=canary-7f3a HTTP/1.1\r\nHost: canary-7f3a\r\n",
        "GET /canary-7f3a HTTP/9.9\r\n",
        "POST /canary-7f3a HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n",
    ):
        raw(nginx.port, f"{sent}Connection: close\r\n\r\n".encode())

    assert "canary" not in nginx.log.read_text()


def test_the_proxy_passes_on_no_callers_word_about_where_it_comes_from(nginx):
    sent = (
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n"
    )

    assert b"Strict-Transport-Security" not in raw(nginx.port, sent)
