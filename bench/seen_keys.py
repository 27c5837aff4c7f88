"""How long seen keys take: bringing new ones and old ones, at a number of keys that are there.

The keys are brought by the service's own flow, a thousand at a time. Then single keys are looked
at: by the flow, and over HTTP under the service's own gunicorn. Half of them were seen, which is
the lookup, and half are new, which stores them. A filled database is used again.
"""

import hashlib
import http.client
import random
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import orjson

from bench.served import Served
from leadfly.migrate import migrate
from services.seen.claim import DISCARDED, KEPT
from services.seen.claiming import claim
from services.seen.desk import Desk
from services.seen.reading import Reader
from shared import db, settings
from shared.db import MIGRATIONS
from shared.embedded import OWNER, Server
from shared.keyfile import keyring

TENANT, SCOPE = "bench", "bench"

STEP = 1000
"""Keys of one request while the store is filled: the largest batch."""

CALLS = 4000
"""Lookups of each kind."""

Call = Callable[[str], str]
"""Brings a key; returns what became of it."""


def run(home: Path, sizes: Sequence[int], seconds: float) -> None:
    """Measure at each of *sizes* and print what was found; *seconds* is not used."""
    for size in sizes:
        server = Server((home / f"seen-{size}").absolute())
        server.start()
        try:
            _filled(server, size)
            _measure(server, size)
        finally:
            server.stop()


def _filled(server: Server, size: int) -> None:
    """Migrate and fill the server's database, unless an earlier run of these migrations did."""
    filled, wanted = server.home / "filled.txt", _fingerprint()
    if filled.exists() and filled.read_text() == wanted:
        return
    server.stop()
    shutil.rmtree(server.cluster)
    server.start()
    migrate(server.conninfo(OWNER))
    chosen = settings.load({"LEADFLY_HOME": str(server.home)})
    keys = keyring(chosen)
    with closing(db.connect(chosen, keys.fingerprint)) as database:
        _fill(Desk(database, keys), Reader(keys, TENANT, "US"), size)
    filled.write_text(wanted)


def _fingerprint() -> str:
    """Return a digest of the migrations that say how keys are kept."""
    digest = hashlib.sha256()
    for path in sorted(MIGRATIONS.glob("*_seen*.sql")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _measure(server: Server, size: int) -> None:
    chosen = settings.load({"LEADFLY_HOME": str(server.home)})
    keys = keyring(chosen)
    with closing(db.connect(chosen, keys.fingerprint)) as database:
        desk, reader = Desk(database, keys), Reader(keys, TENANT, "US")

        def by_flow(key: str) -> str:
            wanted = reader.wanted({"scope": SCOPE, "key": key})
            (found,) = claim(desk, TENANT, [wanted], datetime.now(UTC)).answers
            return found.result if found else ""

        _report("by the flow", by_flow, size, "flow")
    log = server.home / "gunicorn.log"
    app = Served("leadfly.app:served()", log, LEADFLY_HOME=str(server.home), AUTH_MODE="local")
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", app.port, timeout=10)) as connection:
            _report("over HTTP", lambda key: _asked(connection, key), size, "http")
        whole = ", ".join(f"{used:.0f} MB" for used, _ in app.memory_mb())
        print(f"memory of each worker process afterwards: {whole}")
    finally:
        app.stop()


def _fill(desk: Desk, reader: Reader, size: int) -> None:
    began, slowest = time.perf_counter(), 0.0
    for first in range(0, size, STEP):
        many = range(first, min(first + STEP, size))
        wanted = [reader.wanted({"scope": SCOPE, "key": _key(number)}) for number in many]
        asked = time.perf_counter()
        claim(desk, TENANT, wanted, datetime.now(UTC))
        slowest = max(slowest, time.perf_counter() - asked)
    took = time.perf_counter() - began
    print(
        f"{size:>9,} keys brought {STEP:,} at a time in {took:.1f} s ({size / took:,.0f} a s), "
        f"slowest batch {slowest * 1000:.0f} ms"
    )


def _report(way: str, call: Call, size: int, name: str) -> None:
    rng = random.Random(size)
    kinds = {
        "seen before": (DISCARDED, [_key(rng.randrange(size)) for _ in range(CALLS)]),
        "new": (KEPT, [f"{name}-{time.time_ns()}-{number}" for number in range(CALLS)]),
    }
    for kind, (expected, keys) in kinds.items():
        times, wrong = [], 0
        for key in keys:
            began = time.perf_counter()
            wrong += call(key) != expected
            times.append((time.perf_counter() - began) * 1000)
        times.sort()
        print(
            f"{size:>9,} keys, one {kind}, {way}: median {times[CALLS // 2]:.2f} ms, "
            f"p95 {times[int(0.95 * CALLS)]:.2f} ms, p99 {times[int(0.99 * CALLS)]:.2f} ms, "
            f"slowest {times[-1]:.1f} ms; {wrong} answered wrongly"
        )


def _asked(connection: http.client.HTTPConnection, key: str) -> str:
    body = orjson.dumps({"user_id": TENANT, "scope": SCOPE, "key": key})
    headers = {"Content-Type": "application/json"}
    connection.request("POST", "/webhook/leadfly/seen", body, headers)
    answer = orjson.loads(connection.getresponse().read())
    return str(answer.get("result"))


def _key(number: int) -> str:
    return f"order-{number:08}"
