"""How long all leads of an account take to be ranked for a service, and how much memory.

Timed are the flows as the routes call them, without HTTP: following what changed, scoring all
leads, and reading those of the page anew. The leads are those of `bench leads`; a first run seeds
them and reads the profile of each, which is timed, too.
"""

import resource
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import psycopg

from bench import lead_lists
from bench.lead_world import TENANT
from services.matching import catalogue, profiling, service_leads, similar_leads
from services.matching.catalogue_cache import Catalogues
from services.matching.catalogue_schema import NewService
from services.matching.matchmaking import Desk
from shared import db, settings
from shared.db import WORKER, Database
from shared.embedded import OWNER, Server
from shared.keyfile import keyring
from shared.privacy.gate import Gate
from shared.validation import loaded

ROUNDS = 15
"""Calls of each kind; what is reported is their median and the slowest."""

LENDER = {
    "service_type": "loan",
    "target_audience": "business",
    "target_industries": ["restaurants", "retail"],
    "target_company_sizes": ["small", "medium"],
    "min_loan_amount": 5_000,
    "max_loan_amount": 250_000,
}

SERVICES: dict[str, dict[str, Any]] = {
    "a town": LENDER | {"target_locations": ["Chicago, IL"]},
    "a radius": LENDER | {"target_locations": [{"place": "Chicago, IL", "radius_km": 500}]},
    "a state": LENDER | {"target_locations": ["Illinois"]},
    "the country": LENDER | {"target_locations": ["nationwide"]},
    "anywhere": {"service_type": "consulting"},
}
"""By where they serve."""

FILTERED = {"location": "Chicago, IL", "industry": "restaurants", "min_match_score": 50}


def run(home: Path, sizes: Sequence[int], seconds: float) -> None:
    """Measure at each of *sizes* and print what was found; *seconds* is not used."""
    for size in sizes:
        server = Server((home / f"leads-{size}").absolute())
        server.start()
        try:
            lead_lists._filled(server, size)
            _measure(server, size)
        finally:
            server.stop()


def _measure(server: Server, size: int) -> None:
    chosen = settings.load({"LEADFLY_HOME": str(server.home)})
    keys = keyring(chosen)
    gate = Gate(chosen.mode, keys)
    _followed(server, chosen, gate)
    with closing(db.connect(chosen, keys.fingerprint)) as database:
        services = _services(Desk(database, gate, "US", Catalogues()))
        desk = _cold(database, gate, services["a town"])
        for name, service_id in services.items():
            _timed(f"ranked for {name}", lambda: _page(desk, service_id))  # noqa: B023 (called here)
        _timed("filtered", lambda: _page(desk, services["the country"], **FILTERED))
        page = service_leads.page(desk, TENANT, services["the country"], {"limit": 1})
        alike = page.leads[0].listed.lead_id
        _timed("similar leads", lambda: similar_leads.similar(desk, TENANT, alike))


def _followed(server: Server, chosen: settings.Settings, gate: Gate) -> None:
    """Read the profiles of all leads, unless they were read before; seeding leaves no notes."""
    with psycopg.connect(server.conninfo(OWNER), autocommit=True) as conn:
        if conn.execute("SELECT true FROM matching.profiles LIMIT 1").fetchone():
            return
        conn.execute(
            "INSERT INTO matching.unread (tenant_id, lead_id) "
            "SELECT tenant_id, lead_id FROM leads.listing"
        )
        (waiting,) = conn.execute("SELECT count(*) FROM matching.unread").fetchone() or (0,)
        fingerprint, began = keyring(chosen).fingerprint, time.perf_counter()
        with closing(db.connect(chosen, fingerprint, WORKER)) as database:
            profiling.follow(database, gate, "US", lambda: False)
        took = time.perf_counter() - began
        print(f"{waiting:,} profiles read in {took:.0f} s, {waiting / took:,.0f} a second")
        conn.execute("VACUUM (ANALYZE) matching.profiles, matching.unread")


def _services(desk: Desk) -> dict[str, UUID]:
    """Return the ids of SERVICES, new ones."""
    office = catalogue.Desk(desk.database, desk.gate, desk.country)
    return {
        name: catalogue.add(
            office, TENANT, loaded(NewService(), said | {"service_name": name}), "bench"
        ).id
        for name, said in SERVICES.items()
    }


def _cold(database: Database, gate: Gate, service_id: UUID) -> Desk:
    """Return a desk that has answered once, and say what that took."""
    before, began = _memory_mb(), time.perf_counter()
    desk = Desk(database, gate, "US", Catalogues())
    _page(desk, service_id)
    took = time.perf_counter() - began
    (part,) = desk.leads.parts(database, TENANT)
    print(
        f"cold: {took:.2f} s; columns of {len(part.ids):,} leads: {part.memory() / 1e6:.0f} MB, "
        f"{part.memory() / max(1, len(part.ids)):.0f} bytes a lead; the process grew from "
        f"{before} MB to {_memory_mb()} MB at most"
    )
    return desk


def _page(desk: Desk, service_id: UUID, **asked: Any) -> int:
    page = service_leads.page(desk, TENANT, service_id, {"limit": 100} | asked)
    return len(page.leads)


def _timed(name: str, call: Callable[[], Any]) -> None:
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found = call()
        times.append((time.perf_counter() - began) * 1000)
    count = found if isinstance(found, int) else len(found)
    print(f"{name}: median {median(times):.0f} ms, slowest {max(times):.0f} ms; {count} leads")


def _memory_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
