"""What it costs to ask who is calling, and how soon a revoked key is dead.

The same request is taken through WSGI in one process, in turn in local mode and with each way to
say who one is, on a route that does nothing else and on the whole check. Rate limits are off in
both: `bench limits` measures them. A key is then revoked under two gunicorn workers.
"""

import http.client
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import orjson
from flask import Blueprint, Flask
from werkzeug.test import EnvironBuilder

import leadfly.app
from bench.cluster import Cluster, started
from bench.load import TENANT, body
from bench.served import Served
from services.dedup.app import PATH
from shared import db, issuing, keys, web
from shared.api_key import PUBLISHABLE, SIGNING, Wanted
from shared.keyfile import keyring
from shared.settings import Settings
from shared.signature import sign
from shared.web.service import KEY_SNAPSHOT

ROUNDS = 4_000
"""Requests of each kind on the empty route."""

CHECKS = 300
"""Whole checks of each kind."""

WARM = 200
"""Requests of each kind before the clock starts."""

EMPTY = "/empty"

SITE = "https://www.example.com"

WATCHED_SECONDS = 8.0
"""How long a revoked key is tried; it must be dead after five."""

ASKERS = 8
"""Threads that try it, each on new connections, so that both workers are asked."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to say who is calling."""

    name: str
    app: Flask
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    signer: issuing.Issued | None = None

    def environ(self, path: str, sent: Mapping[str, Any], number: int) -> dict[str, Any]:
        """Return the WSGI environment of request *number*, that gunicorn would make."""
        raw, named = orjson.dumps(sent), f"msg_{number}_{os.urandom(4).hex()}"
        headers = {"Idempotency-Key": named} | self.headers  # as webhook-id is one
        if self.signer:
            at = int(time.time())
            headers |= {"webhook-id": named, "webhook-timestamp": str(at)}
            headers["webhook-signature"] = sign(self.signer.text, named, at, raw)
        address = f"{path}?{self.query}" if self.query else path
        builder = EnvironBuilder(
            address,
            method="POST",
            data=raw,
            content_type="application/json",
            headers=list(headers.items()),
            base_url="http://127.0.0.1",
        )
        return builder.get_environ() | {"REMOTE_ADDR": "127.0.0.1"}


def run(home: Path, sizes: Sequence[int], seconds: float) -> None:
    """Print the figures at each of *sizes*; *seconds* is not used."""
    for cluster in started(home, sizes):
        with open(os.devnull, "w") as nowhere, redirect_stderr(nowhere):  # the request log
            _report(cluster)
        _revocation(cluster)


def _report(cluster: Cluster) -> None:
    remote = replace(cluster.settings, auth_mode="keys")
    for title, make, path, count in (
        ("a route that does nothing else", _empty, EMPTY, ROUNDS),
        ("the whole check of a lead", leadfly.app.create_app, PATH, CHECKS),
    ):
        local, guarded = make(cluster.settings), make(remote)
        try:
            _show(title, _took(cluster, _ways(local, guarded), path, count))
        finally:
            for app in (local, guarded):
                if KEY_SNAPSHOT in app.extensions:
                    app.extensions[KEY_SNAPSHOT].stop()
                app.extensions["leadfly"].database.close()


def _ways(local: Flask, guarded: Flask) -> list[Way]:
    """Return every way to say who one is, local mode first."""
    context = guarded.extensions["leadfly"]
    page = Wanted(PUBLISHABLE, source_id="bench", origins=frozenset({SITE}))
    with context.database.transaction(TENANT) as conn:
        _, secret = keys.create(conn, TENANT, ["write:leads"])
        public = issuing.issue(conn, context.keyring, TENANT, page).text
        signer = issuing.issue(conn, context.keyring, TENANT, Wanted(SIGNING, ("write:leads",)))
    return [
        Way("local mode", local),
        Way("a secret key", guarded, headers={"X-API-Key": secret}),
        Way("a publishable key", guarded, f"key={public}", {"Origin": SITE}),
        Way("a signature", guarded, f"signed_by={signer.key.prefix}", signer=signer),
    ]


def _took(cluster: Cluster, ways: Sequence[Way], path: str, count: int) -> dict[str, list[float]]:
    """Return the seconds that each request took, by the way; they take turns."""
    took: dict[str, list[float]] = {way.name: [] for way in ways}
    first = cluster.unseen((count + WARM) * len(ways))
    for number in range(-WARM, count):
        for place, way in enumerate(ways):
            lead = cluster.people.lead(first + (number + WARM) * len(ways) + place)
            environ = way.environ(path, body(lead), number)
            began = perf_counter()
            answered(way.app, environ)
            if number >= 0:
                took[way.name].append(perf_counter() - began)
    return took


def _show(title: str, took: Mapping[str, Sequence[float]]) -> None:
    usual, *_ = (median(seconds) for seconds in took.values())
    print(f"\n{title:<36}{'median µs':>11}{'added µs':>10}{'ratio':>8}")
    for name, seconds in took.items():
        middle = median(seconds)
        print(
            f"  {name:<34}{middle * 1e6:11.1f}{(middle - usual) * 1e6:10.1f}{middle / usual:8.3f}"
        )


def _empty(settings: Settings) -> Flask:
    """Return an app with a route that reads a body and asks who is calling, as a check does."""
    blueprint, ring = Blueprint("empty", __name__), keyring(settings)

    @blueprint.post(EMPTY)
    def empty() -> Any:
        web.admit(web.EVERYBODY)
        data = web.body()
        web.caller(data.get("user_id"), kinds=web.EVERYBODY)
        web.caller(data.get("user_id"), "write:leads", web.EVERYBODY)
        return web.reply({"success": bool(web.raw_body())})

    return web.app("bench", [blueprint], settings, db.connect(settings), keyring=ring)


def answered(app: Flask, environ: dict[str, Any]) -> None:
    """Take one request through *app*. Raises RuntimeError unless it answers 200."""
    status = ""

    def start(line: str, headers: Any, error: Any = None) -> Callable[[bytes], object]:
        nonlocal status
        status = line
        return lambda data: None

    content = b"".join(app.wsgi_app(environ, start))
    if not status.startswith("200"):
        raise RuntimeError(f"answered {status}: {content[:300]!r}")


def _revocation(cluster: Cluster) -> None:
    """Print how long after its revocation a key still opened a route of two workers."""
    database = db.connect(cluster.settings)
    with database.transaction(TENANT) as conn:
        key, text = keys.create(conn, TENANT, ["read:leads"])
    service = Served(
        "leadfly.app:served()",
        cluster.home / "service.log",
        LEADFLY_HOME=str(cluster.home),
        AUTH_MODE="keys",
    )
    answers: list[tuple[float, int]] = []
    stop = threading.Event()
    askers = [
        threading.Thread(target=_ask, args=(service.port, text, answers, stop))
        for _ in range(ASKERS)
    ]
    try:
        for asker in askers:
            asker.start()
        time.sleep(2)
        with database.transaction(TENANT) as conn:
            keys.revoke(conn, TENANT, key.prefix)
        revoked = time.monotonic()
        time.sleep(WATCHED_SECONDS)
    finally:
        stop.set()
        for asker in askers:
            asker.join()
        service.stop()
        database.close()
    _show_revocation(revoked, answers)


def _ask(port: int, text: str, answers: list[tuple[float, int]], stop: threading.Event) -> None:
    """Ask on ever new connections, noting when each answer was asked for, and its status."""
    while not stop.is_set():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        at = time.monotonic()
        connection.request("GET", "/api/v1/lead-discovery/reviews", headers={"X-API-Key": text})
        answers.append((at, connection.getresponse().status))
        connection.close()
        time.sleep(0.1)  # below the limit of requests a key may send


def _show_revocation(revoked: float, answers: Sequence[tuple[float, int]]) -> None:
    before = {status for at, status in answers if at < revoked}
    after = [(at - revoked, status) for at, status in answers if at >= revoked]
    last = max((at for at, status in after if status == 200), default=0.0)
    refused = sum(status == 401 for _, status in after)
    other = sum(status not in (200, 401) for _, status in after)
    print(
        f"\na revoked key, two workers: answered {before} before; accepted last {last:.2f} s after,"
    )
    print(f"  then refused {refused} times of {len(after)}; {other} answers of another kind")
