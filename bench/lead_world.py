"""A million leads where people live: written straight into the tables that lists read.

Places are drawn from real cities by their population, 70 % of them in one country, as an account
would have them; everything else is invented and as uneven as such things are. Every row is what
the service would have written: words and cells are made by its own functions.
"""

import random
import sys
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from math import cos, radians
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import orjson
import psycopg
from psycopg.types.json import Jsonb

from bench.people import Population
from services.leads.cell import cell
from services.leads.listing_words import TAG_MARK, of_lead

TENANT = "crowded"
"""The account that has all the leads."""

SMALL = tuple(f"small-{number}" for number in range(5))
SMALL_LEADS = 2_000
"""Accounts beside it, and the leads of each."""

HOME_SHARE = 0.7
"""Of the leads that are in the account's own country."""

CHUNK = 20_000
"""Leads of one transaction."""

NOW = datetime(2026, 6, 1, tzinfo=UTC)
"""When the last lead came; the first came two years before."""

INVESTIGATIONS = tuple(UUID(int=number) for number in range(1, 11))
CITIES = Path(__file__).parent / "data" / "cities.tsv"


class City(NamedTuple):
    """A city, as GeoNames has it."""

    name: str
    country: str
    admin1: str
    latitude: float
    longitude: float
    population: int


class Choice:
    """A draw among values of different weight."""

    def __init__(self, weights: Mapping[Any, float]):
        self.values = list(weights)
        self._sums = list(accumulate(weights.values()))

    def draw(self, rng: random.Random) -> Any:
        """Return one value."""
        return self.values[bisect(self._sums, rng.random() * self._sums[-1])]


def _falling(values: Iterable[Any], by: float = 0.75) -> dict[Any, float]:
    return {value: by**number for number, value in enumerate(values)}


SOURCES = Choice(_falling((f"source-{n:02}" for n in range(20)), 0.85))
INVESTIGATED = Choice({None: 1.2} | _falling(INVESTIGATIONS, 0.8))
STATUSES = Choice(
    {"new": 55, "contacted": 15, "qualified": 10, "interested": 7, "converted": 5, "lost": 6}
    | {"invalid": 2}
)
_CODES = (
    "722511 722513 541511 524210 522310 236220 621210 541110 531210 484121 561730 811111 713940 "
    "611110 445110 448140 238220 812112 721110 541330 541611 541211 541810 238160 622110 623312 "
    "812111 453998 423450 424410 311811 332710 333249 325412 513210 518210 519290 517312 512110 "
    "481111 488510 493110 562111 561320 561612 541940 115112 111998 213112 221118 925110 813110"
)
INDUSTRIES = Choice({None: 2.5} | _falling(_CODES.split(), 0.93))
SIZES = Choice({None: 30, "small": 42, "medium": 17, "large": 7, "enterprise": 4})
CATEGORIES = Choice(
    {None: 40, "loan": 20, "insurance": 12, "consulting": 12, "financial_service": 8}
    | {"real_estate": 5, "legal": 2, "other": 1}
)
TYPES = Choice({"consumer": 45, "business": 40, "unknown": 15})
PEOPLE = Choice({None: 85} | {f"agent-{n:02}@corp.example": 1 for n in range(15)})
TAGS = Choice({(): 90} | {(f"tag-{n:02}",): 0.85**n * 2 for n in range(30)})


@lru_cache(1)
def cities() -> tuple[Choice, Choice]:
    """Return the cities of the account's own country, and those elsewhere, by population."""
    lines = CITIES.read_text(encoding="utf-8").splitlines()[1:]
    split = (line.split("\t") for line in lines)
    known = [
        City(name, country, admin1, float(north), float(east), int(people))
        for name, country, admin1, north, east, people in split
    ]
    home, abroad = (
        Choice({city: float(city.population) for city in known if (city.country == "US") == here})
        for here in (True, False)
    )
    return home, abroad


def seed(owner: str, leads: int) -> None:
    """Fill the empty tables of the database *owner* (a superuser's conninfo)."""
    with psycopg.connect(owner, autocommit=True) as conn:
        rebuild = [*_without_indexes(conn, "leads.listing"), *_without_indexes(conn, "leads.words")]
        for tenant in (TENANT, *SMALL):
            for number, investigation in enumerate(INVESTIGATIONS):
                conn.execute(
                    "INSERT INTO leads.investigations VALUES "
                    "(%s, %s, %s, '', 'open', now(), 'bench', now(), 'bench')",
                    [tenant, investigation, f"Investigation {number}"],
                )
        tasks = [(owner, TENANT, leads, start) for start in range(0, leads, CHUNK)]
        tasks += [(owner, small, SMALL_LEADS, 0) for small in SMALL]
        # Spawned, not forked: nothing of this process' connections may leak into them.
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            for done, _ in enumerate(pool.map(_copied, *zip(*tasks, strict=True)), 1):
                if done % 10 == 0:
                    sys.stderr.write(f"seeding {done / len(tasks):.0%}\n")
        sys.stderr.write("indexes, statistics …\n")
        conn.execute("SET maintenance_work_mem = '1GB'")
        for statement in rebuild:
            conn.execute(statement)
        conn.execute("VACUUM (ANALYZE)")
        conn.execute("CHECKPOINT")


def _without_indexes(conn: psycopg.Connection, table: str) -> list[str]:
    """Drop the indexes of *table* but its primary key; return what restores them."""
    rows = conn.execute(
        "SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid) "
        "FROM pg_index WHERE indrelid = %s::regclass AND NOT indisprimary",
        [table],
    ).fetchall()
    for drop, _ in rows:
        conn.execute(drop)
    return [restore for _, restore in rows]


def _copied(owner: str, tenant: str, size: int, start: int) -> None:
    made = list(_rows(tenant, size, range(start, min(start + CHUNK, size))))
    with psycopg.connect(owner) as conn:
        # No foreign key is looked up, and no trigger runs, for rows that we have just made.
        conn.execute("SET session_replication_role = replica")
        conn.execute("SET synchronous_commit = off")
        for position, (statement, types) in enumerate(_TABLES):
            with conn.cursor().copy(statement) as copy:
                copy.set_types(types.split())
                for row in made:
                    for line in row[position]:
                        copy.write_row(line)


def _rows(tenant: str, size: int, numbers: Iterable[int]) -> Iterator[tuple[Any, ...]]:
    """Yield what each table holds of each lead, in the order of _TABLES."""
    people, rng = Population(1, size), random.Random(f"{tenant}{numbers}")
    for number in numbers:
        lead_id = UUID(int=rng.getrandbits(64) | number << 80)
        at = NOW - timedelta(days=730) * (1 - number / size) ** 1.3
        city, latitude, longitude = _place(rng)
        fields = people.lead(number) | {"city": city.name, "country": city.country}
        fields |= {"state": city.admin1, "job_title": rng.choice(("Owner", "Clerk", "Head"))}
        words, tags = of_lead(fields, frozenset(), lambda kind, value: 0), TAGS.draw(rng)
        investigation, status = INVESTIGATED.draw(rng), STATUSES.draw(rng)
        source, duplicate = SOURCES.draw(rng), rng.random() < 0.12
        size_of, kind = SIZES.draw(rng), TYPES.draw(rng)
        strength = 0 if rng.random() < 0.5 else round(rng.triangular(1, 100, 35))
        known, state = (tenant, lead_id, source, status), (investigation, duplicate, at, strength)
        there = (city.country, city.admin1, city.name, latitude, longitude)
        about = (cell(latitude, longitude), INDUSTRIES.draw(rng), fields.get("company", "").lower())
        sorts = (None if kind == "consumer" else size_of, CATEGORIES.draw(rng), kind)
        yield (
            [(tenant, lead_id, at)],
            [(*known, lead_id, Jsonb(fields, dumps=orjson.dumps), at, at)],
            [(*known, *state, *there, *about, *sorts, PEOPLE.draw(rng), list(tags), list(words))],
            [(tenant, word, lead_id) for word in (*words, *(TAG_MARK + tag for tag in tags))],
        )


def _place(rng: random.Random) -> tuple[City, float, float]:
    """Return a city and a point in it: its middle, or for a fifth of the leads its suburbs."""
    city = cities()[rng.random() >= HOME_SHARE].draw(rng)
    if rng.random() < 0.8:
        return city, city.latitude, city.longitude
    north, east = (rng.gauss(0, 0.08) for _ in range(2))
    return city, city.latitude + north, city.longitude + east / cos(radians(city.latitude))


_TABLES = (
    ("COPY public.subjects (tenant_id, id, created_at) FROM STDIN BINARY", "text uuid timestamptz"),
    (
        "COPY public.leads (tenant_id, id, source_id, status, subject_id, fields, received_at,"
        " submitted_at) FROM STDIN BINARY",
        "text uuid text text uuid jsonb timestamptz timestamptz",
    ),
    (
        "COPY leads.listing (tenant_id, lead_id, source_id, status, investigation_id, duplicate,"
        " received_at, signal_strength, country, admin1, place, latitude, longitude, cell,"
        " industry, company, company_size, lead_category, lead_type, assigned_to, tags, words)"
        " FROM STDIN BINARY",
        "text uuid text text uuid bool timestamptz int2 text text text float8 float8 int8 text text"
        " text text text text text[] text[]",
    ),
    ("COPY leads.words (tenant_id, word, lead_id) FROM STDIN BINARY", "text text uuid"),
)
"""What is copied, in the order that foreign keys would ask for."""
