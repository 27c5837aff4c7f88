"""Where the time of one check goes, in µs: each step timed by itself, in one thread.

The steps are the service's own functions called one after another, so their sum
can be held against a whole request through WSGI. What a statement costs inside
PostgreSQL comes from pg_stat_statements, where the installation has it.
"""

import cProfile
import io
import os
import pstats
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean, median
from time import perf_counter
from typing import Any, TypeVar

import orjson
import psycopg
from flask import Blueprint, Flask, request
from werkzeug.test import EnvironBuilder

import leadfly.app
from bench.cluster import Cluster
from bench.load import TENANT, body
from services.dedup import blocking, record, schema, store
from services.dedup.answer import answer
from services.dedup.app import PATH
from services.dedup.judging import judged
from services.dedup.neighbourhood import Neighbourhood
from services.dedup.outcome import lead_row, remembered_row
from services.dedup.packed import packed
from services.dedup.preparation import prepare
from shared import leads, web
from shared.normalize import address, company, email, name, phone
from shared.privacy.gate import Gate
from shared.privacy.purposes import LEAD_PROCESSING
from shared.web.service import GATE

CHECKS = 2_000
"""Leads taken through each part."""

WARM = 300
"""Leads before the clock starts: statements are prepared and tables loaded after that."""

LIBRARY = "pg_stat_statements"

T = TypeVar("T")


class Clock:
    """Seconds by step."""

    def __init__(self) -> None:
        self.steps: dict[str, list[float]] = defaultdict(list)

    def time(self, step: str, call: Callable[..., T], *arguments: Any) -> T:
        """Return what *call* returns, and note how long it took."""
        began = perf_counter()
        result = call(*arguments)
        self.steps[step].append(perf_counter() - began)
        return result

    @contextmanager
    def lap(self, step: str) -> Iterator[None]:
        """Note how long the block took."""
        began = perf_counter()
        yield
        self.steps[step].append(perf_counter() - began)

    def show(self, title: str) -> None:
        """Print median and mean of every step in µs."""
        print(f"\n{title:<52}{'median µs':>10}{'mean µs':>10}")
        for step, seconds in self.steps.items():
            print(f"  {step:<50}{median(seconds) * 1e6:10.1f}{mean(seconds) * 1e6:10.1f}")


def run(home: Path, sizes: Sequence[int], seconds: float) -> None:
    """Print the breakdown at each of *sizes*; *seconds* is not used."""
    for size in sizes:
        cluster = Cluster(home, size)
        cluster.start(preload=LIBRARY if has_library(cluster) else "")
        try:
            print(f"\n=== {size:,} leads")
            with open(os.devnull, "w") as nowhere, redirect_stderr(nowhere):  # the request log
                _report(cluster)
        finally:
            cluster.stop()


def has_library(cluster: Cluster) -> bool:
    """True if this PostgreSQL comes with pg_stat_statements."""
    folder = cluster.server.programs().folder
    return any(folder.parent.glob(f"lib/**/{LIBRARY}.*"))


def _report(cluster: Cluster) -> None:
    _statements(cluster)  # the connections that the app opens shall count nested statements
    app = leadfly.app.create_app(cluster.settings)
    bodies = iter(_bodies(cluster, 7 * CHECKS))
    take: Callable[[], list[dict[str, Any]]] = lambda: [next(bodies) for _ in range(CHECKS)]  # noqa: E731
    gate, database = app.extensions[GATE], web_database(app)
    for sent in [next(bodies) for _ in range(WARM)]:
        _answered(app, _environ(PATH, sent))

    clock = Clock()
    bare, ours = _bare(), _empty(cluster, database)
    for sent in take():
        clock.time("a bare Flask app, empty route", _answered, bare, _environ("/empty", sent))
        clock.time("our web layer, empty route", _answered, ours, _environ("/empty", sent))
    for sent in take():
        clock.time("the check, whole request", _answered, app, _environ(PATH, sent))
    clock.show("(a) through WSGI, in process, without gunicorn")

    clock = Clock()
    for sent in take():
        _read(clock, gate, sent)
    clock.show("(b, c) reading a lead")

    for durable in ("on", "off"):
        clock = Clock()
        statements = _statements(cluster)
        for sent in take():
            _transaction(clock, database, gate, sent, durable)
        clock.show(f"(d, e, f) the transaction, synchronous_commit = {durable}")
        if durable == "on":
            _show_statements(statements, _statements(cluster))
    _show_profile(app, take())
    database.close()


def _bodies(cluster: Cluster, count: int) -> Iterator[dict[str, Any]]:
    first = cluster.unseen(count)
    return (body(cluster.people.lead(number)) for number in range(first, first + count))


def web_database(app: Flask) -> Any:
    """Return the database of a running app of ours."""
    return app.extensions["leadfly"].database


def _environ(path: str, sent: dict[str, Any]) -> dict[str, Any]:
    """Return the WSGI environment that gunicorn would make of the request."""
    builder = EnvironBuilder(path, method="POST", json=sent, base_url="http://127.0.0.1")
    return builder.get_environ() | {"REMOTE_ADDR": "127.0.0.1"}


def _answered(app: Flask, environ: dict[str, Any]) -> bytes:
    status = ""

    def start(line: str, headers: Any, error: Any = None) -> Callable[[bytes], object]:
        nonlocal status
        status = line
        return lambda data: None

    content = b"".join(app.wsgi_app(environ, start))
    if not status.startswith("200"):
        raise RuntimeError(f"answered {status}: {content[:300]!r}")
    return content


def _bare() -> Flask:
    app = Flask(__name__)

    @app.post("/empty")
    def empty() -> dict[str, object]:
        return {"success": bool(request.get_json())}

    return app


def _empty(cluster: Cluster, database: Any) -> Flask:
    blueprint = Blueprint("empty", __name__)

    @blueprint.post("/empty")
    def empty() -> Any:
        data = web.body()
        web.caller(data.get("user_id"), scope="write:leads")
        return web.reply({"success": bool(web.raw_body())})

    return web.app("bench", [blueprint], cluster.settings, database)


def _read(clock: Clock, gate: Gate, sent: dict[str, Any]) -> None:
    """Time what happens to a lead before a lock is held, piece by piece."""
    raw = orjson.dumps(sent)
    submission = clock.time("schema.submission", schema.submission, sent, None, raw)
    fields = submission.fields
    with clock.lap("prepare, whole"):
        prepare(gate, TENANT, submission, "US")
    permit = clock.time("  gate.admit", gate.admit, TENANT, LEAD_PROCESSING, None)
    with clock.lap("  record.read, whole"):
        reading = record.read(fields, "US")
    clock.time("    address.country_code", address.country_code, fields.get("country", ""))
    clock.time("    email.parse", email.parse, fields.get("email", ""))
    clock.time("    email: typo_domain and the rest", record._mail, reading.mail)
    clock.time("    phone.parse", phone.parse, fields.get("phone", ""), "US", "US")
    with clock.lap("    name.parse"):
        name.parse(None, fields.get("first_name"), fields.get("last_name"))
    with clock.lap("    name: nicknames and sounds"):
        name.nickname_roots(reading.record.given)
        name.phonetic(reading.record.given.partition(" ")[0])
        name.phonetic(reading.record.family.rpartition(" ")[2])
    clock.time("    company.parse", company.parse, fields.get("company", ""))
    with clock.lap("    address: street, city, postal code"):
        address.street(fields.get("street", ""))
        address.city(fields.get("city", ""))
        address.postal_code(fields.get("postal_code", ""))
    keys = clock.time("  blocking.keys", blocking.keys, reading.record)
    with clock.lap("  pseudonyms of all keys"):
        for key in keys:
            permit.pseudonym(*key)


def _transaction(
    clock: Clock, database: Any, gate: Gate, sent: dict[str, Any], durable: str
) -> None:
    """Time what `check` does, in its order; statements that nobody fetches wait for the commit."""
    submission = schema.submission(sent, raw=orjson.dumps(sent))
    lead, now = prepare(gate, TENANT, submission, "US"), datetime.now(UTC)
    began = perf_counter()
    with database.transaction(TENANT, holding=lead.locked) as conn:
        if durable == "off":
            conn.execute("SET LOCAL synchronous_commit = off")
        clock.steps["begin, tenant and lock (sent, not awaited)"].append(perf_counter() - began)
        around = Neighbourhood()
        with clock.lap("all up to the candidates, unsealed"):
            around.read(conn, gate, TENANT, [lead])
        sealed = [
            (lead.permit.seal(known.record.pack(), str(known.lead_id)), str(known.lead_id))
            for known in around.of(lead)
        ]
        with clock.lap("  of it: unseal and unpack (done again)"):
            for content, place in sealed:
                record.unpack(gate.unseal(TENANT, content, place))
        outcome = clock.time("decide: compare, risk", judged, lead, around)
        clock.time("answer as JSON", lambda: orjson.dumps(answer(outcome)))
        with clock.lap("seal and make the rows"):
            row = lead, outcome, packed(lead)
            rows = [lead_row(*row)], [remembered_row(*row, now)]
        clock.time("leads.save (sent, not awaited)", leads.save, conn, TENANT, rows[0])
        clock.time("store.remember (sent, not awaited)", store.remember, conn, TENANT, rows[1])
        left = perf_counter()
    clock.steps["inserts and commit, awaited"].append(perf_counter() - left)
    clock.steps["transaction, whole"].append(perf_counter() - began)
    clock.steps["number of candidates (not µs: 1e-6)"].append(len(list(around.of(lead))) / 1e6)


def _statements(cluster: Cluster) -> dict[str, tuple[int, float, float]]:
    """Return calls, ms of planning and ms of running of each statement so far; nested ones too."""
    if not has_library(cluster):
        return {}
    with psycopg.connect(cluster.owner, autocommit=True) as conn:
        conn.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        conn.execute("ALTER DATABASE leadfly SET pg_stat_statements.track = 'all'")
        conn.execute("ALTER DATABASE leadfly SET pg_stat_statements.track_planning = on")
        rows = conn.execute(
            """
            SELECT query, sum(calls)::int, sum(total_plan_time), sum(total_exec_time)
            FROM pg_stat_statements GROUP BY query
            """
        )
        return {query: (calls, planned, ran) for query, calls, planned, ran in rows}


def _show_statements(
    before: dict[str, tuple[int, float, float]], after: dict[str, tuple[int, float, float]]
) -> None:
    print(f"\ninside PostgreSQL, a lead{'':<51}{'calls':>7}{'plan µs':>9}{'run µs':>9}")
    none = (0, 0.0, 0.0)
    costs = {
        query: [b - a for a, b in zip(before.get(query, none), now, strict=True)]
        for query, now in after.items()
    }
    for query, (calls, planned, ran) in sorted(costs.items(), key=lambda item: -item[1][2])[:14]:
        text = " ".join(query.split())[:74]
        shares = (calls / CHECKS, planned / CHECKS * 1000, ran / CHECKS * 1000)
        if calls >= CHECKS / 2:
            print(f"  {text:<74}{shares[0]:7.1f}{shares[1]:9.1f}{shares[2]:9.1f}")


def _show_profile(app: Flask, bodies: Sequence[dict[str, Any]]) -> None:
    profile = cProfile.Profile()
    for sent in bodies:
        environ = _environ(PATH, sent)
        profile.runcall(_answered, app, environ)
    for order in ("cumulative", "tottime"):
        text = io.StringIO()
        pstats.Stats(profile, stream=text).strip_dirs().sort_stats(order).print_stats(45)
        print(
            f"\ncProfile of {len(bodies):,} whole requests, by {order} (it slows Python about 2x)"
        )
        print("\n".join(text.getvalue().splitlines()[6:]))
