"""Seeding: N leads stored as the service would have stored them, by COPY.

Every row is made by the service's own functions, `services.dedup.judging.judged`
among them. Only the look at earlier leads is left out, so every seeded lead is a
subject of its own.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import Any

import orjson
import psycopg
from psycopg.types.json import Jsonb

from bench import floor
from bench.load import TENANT, body
from bench.people import Population, population
from services.dedup import schema
from services.dedup.blocking import KEYS_VERSION
from services.dedup.judging import judged
from services.dedup.neighbourhood import Neighbourhood
from services.dedup.outcome import lead_row, remembered_row
from services.dedup.packed import packed
from services.dedup.preparation import prepare
from services.dedup.store import Remembered
from shared.keyfile import keyring
from shared.leads import RAW_BODY_KEPT_FOR, Lead
from shared.privacy.gate import Gate
from shared.settings import Settings

PROCESSES = 2
"""Processes that make and copy rows; making them is what takes the time."""

CHUNK = 5_000
"""Leads copied in one transaction: enough that its overhead vanishes, few enough to hold."""

Pair = tuple[Lead, Remembered]
Row = tuple[Any, ...]
Table = tuple[str, str, Callable[[Pair], Iterable[Row]]]


def seed(owner: str, settings: Settings, people: Population) -> None:
    """Fill the empty tables of the database *owner* (a superuser's conninfo) with all *people*."""
    with psycopg.connect(owner, autocommit=True) as conn:
        rebuild = [_without_index(conn, "dedup.blocking_keys"), floor.INDEXES]
        conn.execute(floor.SCHEMA)
        _copy_all(owner, settings, people)
        _say("indexes, statistics …")
        conn.execute("SET maintenance_work_mem = '512MB'")
        for statement in rebuild:
            conn.execute(statement)  # type: ignore[arg-type] # from the catalogue, not a literal
        conn.execute("VACUUM (ANALYZE)")
        conn.execute("CHECKPOINT")


def pairs(gate: Gate, people: Population, numbers: Iterable[int]) -> Iterator[Pair]:
    """Yield what the service keeps of each lead: its public part and what dedup remembers."""
    for number in numbers:
        sent = body(people.lead(number))
        submission = schema.submission(sent, raw=orjson.dumps(sent))
        lead = prepare(gate, TENANT, submission, "US")
        outcome = judged(lead, Neighbourhood())
        now = datetime.now(UTC)
        row = lead, outcome, packed(lead)
        yield lead_row(*row), remembered_row(*row, now)


def _without_index(conn: psycopg.Connection, table: str) -> str:
    """Drop the indexes of *table*, whose keys arrive in random order; return what restores them."""
    rows = conn.execute(
        """
        SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
               format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
                      pg_get_constraintdef(oid))
        FROM pg_constraint WHERE conrelid = %(table)s::regclass AND contype = 'p'
        UNION ALL
        SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
        FROM pg_index WHERE indrelid = %(table)s::regclass AND NOT indisprimary
        """,
        {"table": table},
    ).fetchall()
    for drop, _ in rows:
        conn.execute(drop)
    return "; ".join(restore for _, restore in rows)


def _copy_all(owner: str, settings: Settings, people: Population) -> None:
    starts = range(0, people.size, CHUNK)
    # Spawned, not forked: nothing of this process' connections may leak into them.
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        tasks = [
            pool.submit(_copy_chunk, owner, settings, people.seed, people.size, start)
            for start in starts
        ]
        for done, task in enumerate(as_completed(tasks), 1):
            task.result()
            _show(done / len(tasks), people.size)


def _copy_chunk(owner: str, settings: Settings, number: int, size: int, start: int) -> None:
    people, gate = population(number, size), Gate(settings.mode, keyring(settings))
    numbers = range(start, min(start + CHUNK, size))
    made = list(pairs(gate, people, numbers))
    with psycopg.connect(owner) as conn:
        # No foreign key is looked up for rows that we have just made ourselves.
        conn.execute("SET session_replication_role = replica")
        conn.execute("SET synchronous_commit = off")
        for statement, types, rows in TABLES:
            _copy(conn, statement, types, (row for pair in made for row in rows(pair)))
        _copy(conn, floor.COPY, floor.COPY_TYPES, (_floor_row(people.lead(n)) for n in numbers))


def _copy(conn: psycopg.Connection, statement: str, types: str, rows: Iterable[Row]) -> None:
    with conn.cursor().copy(statement) as copy:  # type: ignore[arg-type] # one of TABLES
        copy.set_types(types.split())
        for row in rows:
            copy.write_row(row)


def _floor_row(lead: dict[str, str]) -> Row:
    keys = floor.keys(lead)
    return keys["email"], keys["phone"], keys["name"], _json(body(lead))


def _json(value: object) -> Jsonb:
    return Jsonb(value, dumps=orjson.dumps)


def _subject(pair: Pair) -> Iterable[Row]:
    lead, _ = pair
    return [(TENANT, lead.subject_id, lead.received_at)]


def _lead(pair: Pair) -> Iterable[Row]:
    lead, _ = pair
    identity = (TENANT, lead.id, lead.subject_id, lead.source_id, lead.status)
    kept = (_json(lead.kept.clear), lead.kept.sealed, lead.duplicate_of)
    return [(*identity, *kept, lead.received_at, lead.submitted_at)]


def _raw_body(pair: Pair) -> Iterable[Row]:
    lead, _ = pair
    return [(TENANT, lead.id, lead.raw, lead.received_at + RAW_BODY_KEPT_FOR)]


def _record(pair: Pair) -> Iterable[Row]:
    _, kept = pair
    keys = list(kept.blocking_keys)
    said = (kept.compared, keys, KEYS_VERSION, kept.ip_key, kept.submitted_at)
    return [(TENANT, kept.lead_id, *said)]


def _blocking_keys(pair: Pair) -> Iterable[Row]:
    _, kept = pair
    return [(TENANT, key, kept.lead_id) for key in kept.blocking_keys]


def _decision(pair: Pair) -> Iterable[Row]:
    _, kept = pair
    reached = (kept.action, kept.match_probability, kept.risk_score, kept.compared_with)
    why = (_json(kept.evidence), kept.model_version, kept.decided_at)
    return [(TENANT, kept.decision_id, kept.lead_id, *reached, *why)]


TABLES: tuple[Table, ...] = (
    (
        "COPY public.subjects (tenant_id, id, created_at) FROM STDIN BINARY",
        "text uuid timestamptz",
        _subject,
    ),
    (
        "COPY public.leads (tenant_id, id, subject_id, source_id, status, fields, sealed,"
        " duplicate_of, received_at, submitted_at) FROM STDIN BINARY",
        "text uuid uuid text text jsonb bytea uuid timestamptz timestamptz",
        _lead,
    ),
    (
        "COPY public.raw_bodies (tenant_id, lead_id, sealed, expires_at) FROM STDIN BINARY",
        "text uuid bytea timestamptz",
        _raw_body,
    ),
    (
        "COPY dedup.records (tenant_id, lead_id, compared, blocking_keys, keys_version, ip_key,"
        " submitted_at) FROM STDIN BINARY",
        "text uuid bytea int8[] int2 int8 timestamptz",
        _record,
    ),
    (
        "COPY dedup.blocking_keys (tenant_id, blocking_key, lead_id) FROM STDIN BINARY",
        "text int8 uuid",
        _blocking_keys,
    ),
    (
        "COPY dedup.decisions (tenant_id, id, lead_id, action, match_probability, risk_score,"
        " compared_with, evidence, model_version, decided_at) FROM STDIN BINARY",
        "text uuid uuid text float8 float8 uuid jsonb text timestamptz",
        _decision,
    ),
)
"""What is copied, in the order that foreign keys would ask for."""


def _show(share: float, size: int) -> None:
    """Draw the progress bar, or write a line each 5 % where nobody watches a terminal."""
    if sys.stderr.isatty():
        bar = "█" * round(30 * share)
        sys.stderr.write(f"\rseeding {size:,} leads ▕{bar:<30}▏ {share:4.0%} ")
        sys.stderr.write("\n" if share == 1 else "")
    elif round(share * size / CHUNK) % max(1, size // CHUNK // 20) == 0 or share == 1:
        sys.stderr.write(f"seeding {size:,} leads {share:.0%}\n")
    sys.stderr.flush()


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
