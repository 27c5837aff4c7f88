"""How long a scan of stored leads takes, what memory it needs, and how checks fare beside it.

The leads are imported as a CRM's table is, unchecked; a fifth are of somebody who is there already,
spelt otherwise. The scan runs in a process of its own, without the worker's pauses counted apart:
they are part of what it takes. Checks go one after another, before it and beside it.
"""

import shutil
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from bench.beside import checks, lasting, told
from bench.peak import peak_mb
from bench.people import Population, population
from leadfly.migrate import migrate
from services.dedup.importing import MOST_ROWS, Plan, load
from services.dedup.scan import asking, scanning
from services.dedup.scan.scanning import Desk
from shared import db, settings
from shared.columns import mapped
from shared.db import ROLE, WORKER, Database
from shared.embedded import OWNER, Server
from shared.keyfile import keyring
from shared.lead_fields import FIELDS
from shared.privacy.gate import Gate
from shared.settings import Settings

TENANT = "bench"

REPEATED = 5
"""One lead in so many is about somebody of an earlier one."""

SEED = 62


def run(home: Path, sizes: Sequence[int], seconds: float) -> None:
    """Print what a scan of each of *sizes* leads takes; checks go for *seconds* before it."""
    for size in sizes:
        place = (home / f"scan-{size}").absolute()
        server = Server(place)
        server.start()
        try:
            server.stop()
            shutil.rmtree(server.cluster)
            server.start()
            migrate(server.conninfo(OWNER))
            _measure(settings.load({"LEADFLY_HOME": str(place)}), size, seconds)
        finally:
            server.stop()


def _measure(chosen: Settings, size: int, seconds: float) -> None:
    keys, people = keyring(chosen), population(SEED, size)
    gate = Gate(chosen.mode, keys)
    with closing(db.connect(chosen, keys.fingerprint, ROLE)) as database:
        _import(database, gate, people, size)
        quiet = checks(database, gate, TENANT, people, size, lasting(seconds))
        scan_id = asking.ask(database, TENANT, False, "bench").id
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_scan, args=(theirs, chosen))
        process.start()
        first = size + len(quiet)
        beside = checks(database, gate, TENANT, people, first, lambda: not ours.poll())
        took, processor, peak = ours.recv()
        process.join()
        done = asking.found(database, TENANT, scan_id)
    print(
        f"{size:,} stored leads: {took:.0f} s, {done.leads_done / took:,.0f} leads/s; "
        f"{processor:.0f} s of the scan's own processor time, {peak:.0f} MB at most\n"
        f"  {done.pairs_compared:,} pairs compared, {done.reviews_opened:,} reviews opened, "
        f"{done.status}\n"
        f"  checks one by one: {told(quiet)} on their own, {told(beside)} beside it",
        flush=True,
    )


def _scan(pipe: Connection, chosen: Settings) -> None:
    """Work the scan off; send what it took."""
    keys = keyring(chosen)
    with closing(Database(db.conninfo(chosen, WORKER), keys.fingerprint, 1, WORKER)) as database:
        desk = Desk(database, Gate(chosen.mode, keys))
        started = time.perf_counter()
        while scanning.advance(desk, TENANT, lambda: False):
            pass
        took = time.perf_counter() - started
    pipe.send((took, time.process_time(), peak_mb()))


def _import(database: Database, gate: Gate, people: Population, size: int) -> None:
    plan = Plan(TENANT, "crm", "US", mapped(FIELDS, {}), datetime.now(UTC))
    for start in range(0, size, MOST_ROWS):
        numbers = range(start, min(start + MOST_ROWS, size))
        load(database, gate, plan, [(number, _cells(people, number)) for number in numbers])


def _cells(people: Population, number: int) -> list[str]:
    said = people.again(number - 1) if number % REPEATED == 1 else people.lead(number)
    return [said.get(name, "") for name in FIELDS]
