"""How long a rematch of many leads takes, what memory, and what others notice of it.

Leads and what matching knows of them are written straight into the tables, as uneven as such things
are. The job runs in a process of its own, as the worker is one; meanwhile this one asks for matches
and checks leads for duplicates at a steady pace, as it did before.
"""

import random
import resource
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psycopg
from flask.testing import FlaskClient

from leadfly.app import create_app
from leadfly.migrate import migrate
from services.matching import catalogue, rematch_asking, rematching
from services.matching.catalogue_cache import Catalogues
from services.matching.catalogue_schema import Described
from services.matching.matchmaking import Desk
from services.matching.rematch import Order, Rematch
from shared import db, settings
from shared.db import WORKER
from shared.embedded import OWNER, Server
from shared.keyfile import keyring
from shared.privacy.gate import Gate
from shared.validation import loaded

TENANT = "many"

SERVICES = 50

PACE_SECONDS = 0.05
"""Between two requests: forty a second of both kinds."""

QUIET_SECONDS = 20.0
"""How long others are measured before the job begins."""

SEED = 20_261_122

STATES = ("Illinois", "Texas", "California", "New York", "Florida", "Georgia", "Washington")
TOWNS = ("Chicago, IL", "Austin, TX", "Los Angeles, CA", "Denver, CO", "Boston, MA", "Miami, FL")
TRADES = ("restaurants", "bakery", "software", "construction", "retail", "law firm", "trucking")
KINDS = ("loan", "consulting", "insurance", "financial_service")


def run(home: Path, leads: int) -> None:
    """Measure with *leads* leads and SERVICES services; *home* keeps the database."""
    server = Server((home / f"rematch-{leads}").absolute())
    server.start()
    try:
        _filled(server, leads)
        _measured(server)
    finally:
        server.stop()


def _filled(server: Server, leads: int) -> None:
    seeded = server.home / "seeded.txt"
    if seeded.exists():
        return
    server.stop()
    shutil.rmtree(server.cluster)
    server.start()
    owner = server.conninfo(OWNER)
    migrate(owner)
    with psycopg.connect(owner, autocommit=True) as conn:
        conn.execute("SET session_replication_role = replica")
        for statement in SEEDING:
            conn.execute(statement, {"tenant": TENANT, "leads": leads, "seed": SEED / 2**32})
        conn.execute("VACUUM (ANALYZE)")
        conn.execute("CHECKPOINT")
    with closing(_desk(server, db.ROLE).database) as database:
        desk = catalogue.Desk(database, _gate(server), "US")
        catalogue.bring_in(desk, TENANT, _services(), "bench")
    with psycopg.connect(owner, autocommit=True) as conn:
        conn.execute("DELETE FROM matching.changed_services")
    seeded.write_text("seeded")


def _services() -> list[dict[str, Any]]:
    rng = random.Random(SEED)
    made = []
    for number in range(SERVICES):
        where: list[Any] = [{"place": rng.choice(TOWNS), "radius_km": rng.choice((50, 150, 300))}]
        where += rng.sample(STATES, rng.randint(0, 2))
        said = {
            "service_name": f"Service {number}",
            "service_type": rng.choice(KINDS),
            "target_audience": rng.choice(("both", "business", "consumer")),
            "target_industries": rng.sample(TRADES, rng.randint(0, 3)),
            "target_locations": rng.choice((where, ["nationwide"], [])),
            "target_company_sizes": rng.choice(([], ["small"], ["small", "medium"])),
            "max_loan_amount": rng.choice((None, 100_000, 250_000)),
        }
        made.append(loaded(Described(), said))
    return made


def _measured(server: Server) -> None:
    app = create_app(settings.load({"LEADFLY_HOME": str(server.home)}))
    client = app.test_client()
    with psycopg.connect(server.conninfo(OWNER)) as conn:
        rows = conn.execute(
            "SELECT id FROM public.leads TABLESAMPLE SYSTEM (0.2) WHERE tenant_id = %s", [TENANT]
        )
        known = [str(lead_id) for (lead_id,) in rows]
    asking = _Asking(client, known)
    end = time.monotonic() + QUIET_SECONDS
    asking.until(lambda: time.monotonic() > end)
    print(asking.report("before"))
    for which in ("first", "again"):
        with closing(_desk(server, db.ROLE).database) as database:
            job = rematch_asking.ask(_asker(server, database), TENANT, Order(), "bench").job
        other = get_context("spawn").Process(target=_work, args=(str(server.home), job))
        other.start()
        asking.until(partial(_ended, other))
        print(asking.report(f"meanwhile, {which}"))


def _ended(process: Any) -> bool:
    return not process.is_alive()


class _Asking:
    """Requests at a steady pace, and how long each took."""

    def __init__(self, client: FlaskClient, known: list[str]):
        self._client, self._known, self._rng = client, known, random.Random(SEED)
        self._times: dict[str, list[float]] = {"matchmaking": [], "duplicate check": []}
        self._number = time.time_ns()

    def until(self, over: Callable[[], bool]) -> None:
        """Ask until *over*."""
        while not over():
            self._timed("matchmaking", "matchmaking", {"lead_id": self._rng.choice(self._known)})
            self._number += 1
            lead = {"email": f"x{self._number}@corp.example", "name": "Ada Lovelace"}
            self._timed(
                "duplicate check", "duplicate-prevention", {"source_id": "bench", "lead_data": lead}
            )
            time.sleep(PACE_SECONDS)

    def report(self, when: str) -> str:
        """Return what was measured since the last report."""
        said = []
        for name, times in self._times.items():
            times.sort()
            middle, high = times[len(times) // 2], times[int(0.99 * len(times))]
            said.append(f"{name} p50 {middle:.1f} ms, p99 {high:.1f} ms ({len(times)})")
            times.clear()
        return f"{when}: " + "; ".join(said)

    def _timed(self, name: str, route: str, body: dict[str, Any]) -> None:
        began = time.perf_counter()
        answer = self._client.post(f"/webhook/leadfly/{route}", json={"user_id": TENANT, **body})
        self._times[name].append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            sys.stderr.write(f"{route}: {answer.status_code}\n")


def _work(home: str, job: Rematch) -> None:
    """Work a job off, in a process of its own, and print what it took."""
    server = Server(Path(home))
    desk = _desk(server, WORKER)
    with closing(desk.database):
        began = time.perf_counter()
        while rematching.advance(desk, TENANT, lambda: False):
            pass
        took = time.perf_counter() - began
        done = rematch_asking.found(desk, TENANT, job.id)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{done.status}: {done.leads_done:,} leads x {SERVICES} services in {took:.1f} s, "
        f"{done.matches_kept:,} kept, {memory:.0f} MB, {time.process_time():.1f} s of processor; "
        f"{datetime.now(UTC):%H:%M:%S}",
        flush=True,
    )


def _desk(server: Server, role: str) -> Desk:
    chosen = settings.load({"LEADFLY_HOME": str(server.home)})
    database = db.Database(server.conninfo(role), keyring(chosen).fingerprint, 2, role)
    return Desk(database, _gate(server), "US", Catalogues())


def _asker(server: Server, database: db.Database) -> Desk:
    return Desk(database, _gate(server), "US", Catalogues())


def _gate(server: Server) -> Gate:
    chosen = settings.load({"LEADFLY_HOME": str(server.home)})
    return Gate(chosen.mode, keyring(chosen))


SEEDING = (
    "SELECT setseed(%(seed)s)",
    """
    CREATE TEMP TABLE made AS
    SELECT ('019a0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS id, n
    FROM generate_series(1, %(leads)s) AS n
    """,
    """
    INSERT INTO public.subjects (tenant_id, id, created_at) SELECT %(tenant)s, id, now() FROM made
    """,
    """
    INSERT INTO public.leads (tenant_id, id, subject_id, source_id, fields, received_at,
                              submitted_at)
    SELECT %(tenant)s, id, id, 'bench', '{"city": "Austin", "state": "TX", "industry": "bakery"}',
           now(), now() FROM made
    """,
    """
    INSERT INTO matching.profiles (
        tenant_id, lead_id, revision, shown, lead_type, company_size, industry, needs,
        lead_category, country, admin1, latitude, longitude, loan_amount, founded_year,
        signal_strength, intent_score, last_activity_at)
    SELECT %(tenant)s, id, n, true, (ARRAY['business', 'consumer', NULL])[ceil(random() * 3)],
           (ARRAY['small', 'medium', 'large', NULL])[ceil(random() * 4)],
           (ARRAY['722511', '311811', '541511', '236220', '541110', '484121', '453998', '621210',
                  '524210', NULL])[ceil(random() * 10)],
           CASE WHEN random() < 0.6 THEN
               ARRAY[(ARRAY['business_loan', 'insurance', 'growth_capital', 'business_consulting',
                            'expansion_financing'])[ceil(random() * 5)]] END,
           (ARRAY['loan', 'insurance', 'consulting', NULL, NULL])[ceil(random() * 5)],
           'US', (ARRAY['IL', 'TX', 'CA', 'NY', 'FL', 'GA', 'CO', 'MA'])[town],
           (ARRAY[41.85, 30.27, 34.05, 40.71, 25.77, 33.75, 39.74, 42.36])[town] + random() - 0.5,
           (ARRAY[-87.65, -97.74, -118.24, -74.0, -80.19, -84.39, -104.98, -71.06])[town]
           + random() - 0.5,
           CASE WHEN random() < 0.5 THEN ceil(random() * 300) * 1000 END,
           CASE WHEN random() < 0.3 THEN 1990 + floor(random() * 35) END,
           floor(random() * 101), floor(random() * 101), now() - random() * interval '90 days'
    FROM (SELECT id, n, ceil(random() * 8)::integer AS town FROM made) AS made
    """,
)
"""What writes the leads, and what matching knows of them."""
