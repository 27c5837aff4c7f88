"""What a sender's own payload costs beside the plain check, and how soon a sender hears from us.

The same people are posted in turn to the plain check and, as each sender words them, to sources of
their own: in one process through WSGI, whole; and as far as the prepared lead, which is all that
the two do differently. Then a service with two workers is sent 100 posts a second, on a schedule:
while all is well, while the database hangs for a while, and while it is away.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import orjson
from werkzeug.test import EnvironBuilder

import leadfly.app
from bench.auth import answered
from bench.cluster import Cluster, started
from bench.load import TENANT, Timings, body, on_schedule
from bench.outage import hung
from bench.served import Served
from bench.wordings import JSON, WORDINGS, Wording, visitor
from services.dedup import schema
from services.dedup.app import PATH
from services.dedup.intake import source_change
from services.dedup.intake.detection import detected
from services.dedup.intake.post import Post
from services.dedup.intake.sent import Sent
from services.dedup.intake.source import Source
from services.dedup.intake.submitting import read
from services.dedup.preparation import prepare
from shared import db
from shared.keyfile import keyring
from shared.privacy.gate import Gate
from shared.web import json_body
from shared.web.service import KEY_SNAPSHOT

ROUNDS = 400
"""Whole posts of each kind."""

READINGS = 3_000
"""Readings of each kind."""

WARM = 100
"""Of each kind before the clock starts."""

RATE = 100.0
"""Posts a second (issue 06)."""

SECONDS = 60.0
"""How long they come: 6,000 posts, so six lie beyond the 99.9th percentile."""

HANG_AT, HANG_SECONDS = 20.0, 15.0
"""When in that minute the database stops answering, and for how long."""


def run(home: Path, sizes: Sequence[int], seconds: float) -> None:
    """Print the figures at each of *sizes*; *seconds* is not used."""
    for cluster in started(home, sizes):
        with open(os.devnull, "w") as nowhere, redirect_stderr(nowhere):  # the request log
            _costs(cluster)
        _answers(cluster)


# What it costs -----------------------------------------------------------------------------------


def _costs(cluster: Cluster) -> None:
    app = leadfly.app.create_app(replace(cluster.settings, rate_limited=False))
    try:
        addresses = _addresses(app.extensions["leadfly"].database, cluster)
        _show("read, up to the prepared lead", _readings(cluster))
        _show("the whole post", _posts(app, cluster, addresses))
    finally:
        if KEY_SNAPSHOT in app.extensions:
            app.extensions[KEY_SNAPSHOT].stop()
        app.extensions["leadfly"].database.close()


def _addresses(database: Any, cluster: Cluster) -> dict[str, str]:
    """Return the path of a new source for each wording, which it has to recognise by itself."""
    gate = Gate(cluster.settings.mode, keyring(cluster.settings))
    made = {}
    for wording in WORDINGS:
        source = Source(TENANT, f"bench {wording.name} {time.time_ns()}", profile="standard")
        opened = source_change.create(database, gate, source, "local")
        made[wording.name] = str(opened.answer()["url"])
    return made


def _readings(cluster: Cluster) -> dict[str, list[float]]:
    """Return the seconds that reading took, by kind; they take turns."""
    gate = Gate(cluster.settings.mode, keyring(cluster.settings))
    first = cluster.unseen(READINGS + WARM)
    took: dict[str, list[float]] = {"the plain check": [], **{w.name: [] for w in WORDINGS}}
    for number in range(first, first + READINGS + WARM):
        lead, named = cluster.people.lead(number), f"{number}-{time.time_ns()}"
        raw = orjson.dumps(body(lead))
        posts = [(w.name, _post(w, w.words(lead, named))) for w in WORDINGS]
        spent = [("the plain check", _spent(partial(_plain, gate, raw)))]
        spent += [(name, _spent(partial(_taken, gate, post))) for name, post in posts]
        if number >= first + WARM:
            for name, seconds in spent:
                took[name].append(seconds)
    return took


def _plain(gate: Gate, raw: bytes) -> None:
    prepare(gate, TENANT, schema.submission(json_body.parsed(raw), raw=raw), "US")


def _taken(gate: Gate, post: Post) -> None:
    sender = detected(post, None)
    (sent,) = sender.items(post.payload)
    assert isinstance(sent, Sent)
    source = Source(TENANT, "bench")
    found = read(source, sender.name, sent, "named", post.raw, datetime.now(UTC))
    prepare(gate, TENANT, found.submission, "US")


def _post(wording: Wording, raw: bytes) -> Post:
    return Post(headers={"content-type": wording.content_type}, raw=raw)


def _spent(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def _posts(app: Any, cluster: Cluster, addresses: Mapping[str, str]) -> dict[str, list[float]]:
    """Return the seconds that each whole post took, by kind; they take turns."""
    took: dict[str, list[float]] = {"the plain check": [], **{w.name: [] for w in WORDINGS}}
    first = cluster.unseen((ROUNDS + WARM) * len(took))
    people = (cluster.people.lead(number) for number in iter(_counter(first)))
    for turn in range(-WARM, ROUNDS):
        named = f"{turn}-{time.time_ns()}"
        plain = orjson.dumps(body(next(people)) | {"context": {"ip": visitor(named)}})
        sent = [("the plain check", _environ(PATH, JSON, plain, named))]
        for wording in WORDINGS:
            raw = wording.words(next(people), named)
            sent.append(
                (wording.name, _environ(addresses[wording.name], wording.content_type, raw))
            )
        for name, environ in sent:
            seconds = _spent(partial(answered, app, environ))
            if turn >= 0:
                took[name].append(seconds)
    return took


def _counter(first: int) -> Iterator[int]:
    while True:
        yield first
        first += 1


def _environ(path: str, content_type: str, raw: bytes, key: str | None = None) -> dict[str, Any]:
    headers = [("Idempotency-Key", key)] if key else []  # as every post to a source has one
    builder = EnvironBuilder(
        path,
        method="POST",
        data=raw,
        content_type=content_type,
        headers=headers,
        base_url="http://127.0.0.1",
    )
    return builder.get_environ() | {"REMOTE_ADDR": "127.0.0.1"}


def _show(title: str, took: Mapping[str, Sequence[float]]) -> None:
    usual, *_ = (median(seconds) for seconds in took.values())
    print(f"\n{title:<36}{'median µs':>11}{'added ms':>10}{'ratio':>8}")
    for name, seconds in took.items():
        middle = median(seconds)
        added = (middle - usual) * 1e3
        print(f"  {name:<34}{middle * 1e6:11.1f}{added:10.3f}{middle / usual:8.3f}")


# How soon a sender hears -------------------------------------------------------------------------


def _answers(cluster: Cluster) -> None:
    log = cluster.home / "service.log"
    service = Served("leadfly.app:served()", log, LEADFLY_HOME=str(cluster.home))
    database = db.connect(cluster.settings)
    try:
        addresses = _addresses(database, cluster)
        print(f"\n{RATE:.0f} posts a second for {SECONDS:.0f} s")
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            for what, shaken in (("all is well", False), ("the database hangs", True)):
                ready = _ready(cluster, addresses)
                job = pool.submit(on_schedule, service.port, ready, RATE)
                if shaken:
                    _hang(cluster)
                print(f"  {what:<24}{_spread(job.result())}")
                time.sleep(5)
    finally:
        database.close()
        service.stop()


def _hang(cluster: Cluster) -> None:
    time.sleep(HANG_AT)
    with hung(cluster):
        time.sleep(HANG_SECONDS)


def _ready(cluster: Cluster, addresses: Mapping[str, str]) -> list[bytes]:
    count = int(RATE * SECONDS)
    first = cluster.unseen(count)
    ready = []
    for number in range(first, first + count):
        wording = WORDINGS[number % len(WORDINGS)]
        raw = wording.words(cluster.people.lead(number), f"{number}-{time.time_ns()}")
        head = (
            f"POST {addresses[wording.name]} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Content-Type: {wording.content_type}\r\nContent-Length: {len(raw)}\r\n\r\n"
        )
        ready.append(head.encode() + raw)
    return ready


def _spread(found: Timings) -> str:
    shares = (("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999), ("slowest", 1.0))
    told = ", ".join(f"{name} {found.percentile(share):.1f} ms" for name, share in shares)
    return f"{told}; {found.failures} not answered with 200, of {len(found.latencies_ms)}"
