"""How long suppression lists take: a million hashes imported, and a lookup among so many entries.

Each import is one HTTP request of a million SHA-256 in hex, under the service's own gunicorn, whose
memory is told before and after. Then single people are asked about who are on the list and who are
not: the lookup as the check makes it (keys computed, one statement in a transaction), and the
duplicate check of new leads over HTTP, by an account without lists and by one with them. A filled
database is used again.
"""

import hashlib
import http.client
import random
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from bench.served import Served
from leadfly.migrate import migrate
from services.suppression import asking
from services.suppression.desk import Desk
from services.suppression.identity import identity
from services.suppression.sheet import MOST_ROWS
from shared import db, settings
from shared.db import MIGRATIONS
from shared.embedded import OWNER, Server
from shared.keyfile import keyring

TENANT, WITHOUT = "bench", "bench-without"

LISTS = "/api/v1/lead-discovery/suppression/lists"
CHECK = "/webhook/leadfly/duplicate-prevention"

CALLS = 2000
"""Lookups, and checks, of each kind."""

STEP = 1000
"""Rows of one piece of an upload."""


def run(home: Path, sizes: Sequence[int], seconds: float) -> None:
    """Measure at each of *sizes* and print what was found; *seconds* is not used."""
    for size in sizes:
        server = Server((home / f"suppression-{size}").absolute())
        server.start()
        try:
            _fresh(server)
            log = server.home / "gunicorn.log"
            served = Served(
                "leadfly.app:served()", log, LEADFLY_HOME=str(server.home), AUTH_MODE="local"
            )
            try:
                _fill(server, served, size)
                _look_up(server, size)
                _check(served, size)
            finally:
                served.stop()
        finally:
            server.stop()


def _fresh(server: Server) -> None:
    """Migrate the server's database, unless an earlier run of these migrations filled it."""
    filled, wanted = server.home / "filled.txt", _fingerprint()
    if filled.exists() and filled.read_text() == wanted:
        return
    filled.unlink(missing_ok=True)
    server.stop()
    shutil.rmtree(server.cluster)
    server.start()
    migrate(server.conninfo(OWNER))


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(MIGRATIONS.glob("*.sql")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _fill(server: Server, served: Served, size: int) -> None:
    """Import *size* hashes, a file after the other, and print how long each took."""
    filled = server.home / "filled.txt"
    if filled.exists():
        return
    with closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=600)) as connection:
        said = {"user_id": TENANT, "name": "bench", "kind": "do_not_contact"}
        list_id = _asked(connection, LISTS, orjson.dumps(said))["list"]["id"]
        for first in range(0, size, MOST_ROWS):
            many = range(first, min(first + MOST_ROWS, size))
            path = f"{LISTS}/{list_id}/import?user_id={TENANT}"
            before, began = _memory(served), time.perf_counter()
            answer = _asked(connection, path, _file(many), "text/csv")
            took = time.perf_counter() - began
            print(
                f"{answer['added']:>9,} hashes imported beside {first:,} in {took:.1f} s; memory "
                f"of each worker process before: {before}; at most: {_peak(served)}"
            )
    filled.write_text(_fingerprint())


def _look_up(server: Server, size: int) -> None:
    """Print how long the lookup takes that a check makes."""
    chosen = settings.load({"LEADFLY_HOME": str(server.home)})
    keys = keyring(chosen)
    with closing(db.connect(chosen, keys.fingerprint)) as database:
        desk = Desk(database, keys, "US")

        def found(email: str) -> bool:
            person = identity({"email": email, "phone": "+12125550142"}, "US")
            return bool(asking.naming(desk, TENANT, person, datetime.now(UTC)))

        rng = random.Random(size)
        listed = [_email(rng.randrange(size)) for _ in range(CALLS)]
        others = [f"other-{number}@corp.example" for number in range(CALLS)]
        wrong = sum(not found(email) for email in listed[:100])
        wrong += sum(found(email) for email in others[:100])
        print(f"{wrong} of 200 were found wrongly")
        _report(f"{size:>9,} entries, one who is listed", found, listed)
        _report(f"{size:>9,} entries, one who is not", found, others)


def _check(served: Served, size: int) -> None:
    """Print how long the check of a new lead takes without lists and with them."""
    with closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)) as connection:

        def checked(tenant: str) -> Callable[[str], object]:
            def check(email: str) -> object:
                lead = {"email": email, "phone": _phone(email), "name": f"Ann {email[:12]}"}
                body = {"user_id": tenant, "source_id": "bench", "lead_data": lead}
                return _asked(connection, CHECK, orjson.dumps(body))

            return check

        stamp = time.time_ns()
        new = [f"new-{stamp}-{number}@corp.example" for number in range(CALLS)]
        for tenant in (WITHOUT, TENANT) * 2:
            some = new[: CALLS // 2] if tenant == WITHOUT else new[CALLS // 2 :]
            new = [f"again-{email}" for email in new]
            _report(f"{size:>9,} entries, a whole check by {tenant}", checked(tenant), some)


def _report(what: str, call: Callable[[str], object], asked: Sequence[str]) -> None:
    times = []
    for email in asked:
        began = time.perf_counter()
        call(email)
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    print(
        f"{what}: median {times[len(times) // 2]:.2f} ms, p95 {times[int(0.95 * len(times))]:.2f} "
        f"ms, p99 {times[int(0.99 * len(times))]:.2f} ms"
    )


def _asked(
    connection: http.client.HTTPConnection,
    path: str,
    body: bytes | Iterator[bytes],
    kind: str = "application/json",
) -> Any:
    chunked = not isinstance(body, bytes)
    connection.request("POST", path, body, {"Content-Type": kind}, encode_chunked=chunked)
    answer = connection.getresponse()
    text = answer.read()
    if answer.status not in (200, 201):
        raise SystemExit(f"{path} answered {answer.status}: {text[:500]!r}")
    return orjson.loads(text)


def _file(many: range) -> Iterator[bytes]:
    yield b"email_sha256\n"
    for first in range(many.start, many.stop, STEP):
        some = range(first, min(first + STEP, many.stop))
        lines = (hashlib.sha256(_email(number).encode()).hexdigest() for number in some)
        yield ("\n".join(lines) + "\n").encode()


def _memory(served: Served) -> str:
    return ", ".join(f"{used:.0f} MB" for used, _ in served.memory_mb())


def _peak(served: Served) -> str:
    return ", ".join(f"{most:.0f} MB" for most in served.peak_memory_mb())


def _email(number: int) -> str:
    return f"person-{number:08}@corp.example"


def _phone(email: str) -> str:
    return f"+1212{int(hashlib.md5(email.encode()).hexdigest(), 16) % 8_000_000 + 2_000_000}"
