"""How long stored leads take to get new blocking keys, and how checks fare beside it.

The leads are imported as a CRM's table is. Then two keys of each become others, as an upgrade that
makes keys otherwise leaves them. The worker's part runs in a process of its own, its pauses
included; checks go one after another, before it and beside it. Then the same again without pauses
or checks, as `leadfly rekey` works.
"""

import shutil
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import psycopg

from bench.beside import checks, lasting, told
from bench.people import Population, population
from leadfly.migrate import migrate
from services.dedup import rekeying
from services.dedup.importing import MOST_ROWS, Plan, load
from services.dedup.rekeying import Desk
from shared import db, settings
from shared.columns import mapped
from shared.db import ROLE, WORKER, Database
from shared.embedded import OWNER, Server
from shared.keyfile import keyring
from shared.lead_fields import FIELDS
from shared.privacy.gate import Gate
from shared.settings import Settings

TENANT = "bench"

SEED = 72

AGE = (
    "ALTER TABLE dedup.records DISABLE TRIGGER ALL",
    """
    DELETE FROM dedup.blocking_keys AS key USING dedup.records AS record
    WHERE key.tenant_id = record.tenant_id AND key.lead_id = record.lead_id
      AND key.blocking_key = ANY (record.blocking_keys[1:2])
    """,
    """
    UPDATE dedup.records SET keys_version = 1,
        blocking_keys = blocking_keys[3:] || hashtextextended(lead_id::text, 1)
                                          || hashtextextended(lead_id::text, 2)
    """,
    """
    INSERT INTO dedup.blocking_keys (tenant_id, blocking_key, lead_id)
    SELECT tenant_id, unnest(blocking_keys), lead_id FROM dedup.records ON CONFLICT DO NOTHING
    """,
    "ALTER TABLE dedup.records ENABLE TRIGGER ALL",
    "VACUUM (ANALYZE) dedup.records",
    "VACUUM (ANALYZE) dedup.blocking_keys",
)
"""What makes leads ones of before."""


def run(home: Path, sizes: Sequence[int], seconds: float) -> None:
    """Print what new keys of each of *sizes* leads take; checks go for *seconds* before it."""
    for size in sizes:
        place = (home / f"rekey-{size}").absolute()
        server = Server(place)
        server.start()
        try:
            server.stop()
            shutil.rmtree(server.cluster)
            server.start()
            migrate(server.conninfo(OWNER))
            _measure(settings.load({"LEADFLY_HOME": str(place)}), server, size, seconds)
        finally:
            server.stop()


def _measure(chosen: Settings, server: Server, size: int, seconds: float) -> None:
    keys, people = keyring(chosen), population(SEED, size)
    gate, owner = Gate(chosen.mode, keys), server.conninfo(OWNER)
    with closing(db.connect(chosen, keys.fingerprint, ROLE)) as database:
        _import(database, gate, people, size)
        _age(owner)
        quiet = checks(database, gate, TENANT, people, size, lasting(seconds))
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_rekey, args=(theirs, chosen, True))
        process.start()
        first = size + len(quiet)
        beside = checks(database, gate, TENANT, people, first, lambda: not ours.poll())
        paused = ours.recv()
        process.join()
    _age(owner)
    process = context.Process(target=_rekey, args=(theirs, chosen, False))
    process.start()
    alone = ours.recv()
    process.join()
    print(
        f"{size:,} stored leads, two keys of each made anew\n"
        f"  with pauses, beside checks: {_rate(paused)}\n"
        f"  without, alone: {_rate(alone)}\n"
        f"  checks one by one: {told(quiet)} on their own, {told(beside)} beside it",
        flush=True,
    )


def _age(owner: str) -> None:
    with psycopg.connect(owner, autocommit=True) as conn:
        for statement in AGE:
            conn.execute(statement)


def _rekey(pipe: Connection, chosen: Settings, pauses: bool) -> None:
    """Make all keys anew; send what became of how many leads, and what it took."""
    keys = keyring(chosen)
    with closing(Database(db.conninfo(chosen, WORKER), keys.fingerprint, 1, WORKER)) as database:
        desk = Desk(database, Gate(chosen.mode, keys), "US")
        started, done = time.perf_counter(), Counter[str]()
        if pauses:
            while rekeying.waiting(desk):
                done += rekeying.go_through(desk, [TENANT], _never)
        else:
            done = rekeying.finish(desk, TENANT, lambda left: None)
        took = time.perf_counter() - started
    pipe.send((dict(done), took, time.process_time()))


def _never() -> bool:
    return False


def _import(database: Database, gate: Gate, people: Population, size: int) -> None:
    plan = Plan(TENANT, "crm", "US", mapped(FIELDS, {}), datetime.now(UTC))
    for start in range(0, size, MOST_ROWS):
        numbers = range(start, min(start + MOST_ROWS, size))
        leads = [(number, people.lead(number)) for number in numbers]
        rows = [(number, [lead.get(name, "") for name in FIELDS]) for number, lead in leads]
        load(database, gate, plan, rows)


def _rate(measured: tuple[dict[str, int], float, float]) -> str:
    done, took, processor = measured
    leads = done["remade"]
    return (
        f"{leads / took:,.0f} leads/s, {processor / leads * 1e6:,.0f} µs of the process's own time "
        f"each, {done.get('postponed', 0):,} postponed"
    )
