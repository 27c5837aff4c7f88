"""How long lists of leads take: three filters at random, and circles around random leads.

Timed are the flows as the routes call them, catching up and the leads' own words included, without
HTTP; what a place or an industry means was looked up before.
"""

import hashlib
import random
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from statistics import median
from typing import Any

from bench import lead_world
from bench.lead_world import NOW, TENANT, seed
from leadfly.migrate import migrate
from services.leads import cell, listing_words
from services.leads.catching_up import catch_up
from services.leads.filter import Circle, Filter, Region
from services.leads.lead_list import listed
from services.leads.page import Page
from shared import db, settings
from shared.db import MIGRATIONS
from shared.embedded import OWNER, Server
from shared.keyfile import keyring
from shared.privacy.gate import Gate

ROUNDS = 5
CALLS = 200
"""Calls of one round; what is reported is the median of the rounds' percentiles."""

FILTERS = 3
"""Filters of one list."""

Asked = tuple[Filter, Page]


def run(home: Path, sizes: Sequence[int], seconds: float) -> None:
    """Measure at each of *sizes* and print what was found; *seconds* is not used."""
    for size in sizes:
        server = Server((home / f"leads-{size}").absolute())
        server.start()
        try:
            _filled(server, size)
            _measure(server, size)
        finally:
            server.stop()


def _filled(server: Server, size: int) -> None:
    """Migrate and seed the server's database, unless what it holds was written so before."""
    seeded, wanted = server.home / "seeded.txt", _fingerprint()
    if not seeded.exists() or seeded.read_text() != wanted:
        server.stop()
        shutil.rmtree(server.cluster)
        server.start()
        migrate(server.conninfo(OWNER))
        seed(server.conninfo(OWNER), size)
        seeded.write_text(wanted)


def _fingerprint() -> str:
    """Return a digest of the migrations and of whatever makes the rows."""
    digest = hashlib.sha256()
    made_by = (lead_world.__file__, listing_words.__file__, cell.__file__)
    for path in (*sorted(MIGRATIONS.glob("*.sql")), *map(Path, made_by), lead_world.CITIES):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _measure(server: Server, size: int) -> None:
    chosen = settings.load({"LEADFLY_HOME": str(server.home)})
    keys = keyring(chosen)
    with closing(db.connect(chosen, keys.fingerprint)) as database:
        gate = Gate(chosen.mode, keys)

        def call(asked: Asked) -> int:
            catch_up(database, gate, "US", TENANT)
            return len(listed(database, gate, TENANT, *asked).leads)

        for name, make in KINDS.items():
            rounds = [_round(call, make, number) for number in range(-1, ROUNDS)][1:]
            middle, high, worst, found = (median(each) for each in zip(*rounds, strict=True))
            print(
                f"{size:>9,} leads, {name}: median {middle:.1f} ms, p95 {high:.1f} ms, "
                f"slowest {worst:.1f} ms; {found:.0f} leads a page"
            )


def _round(
    call: Callable[[Asked], int], make: Callable[[random.Random], Asked], number: int
) -> tuple[float, float, float, float]:
    rng, times, found = random.Random(number), [], 0
    for _ in range(CALLS):
        asked = make(rng)
        began = time.perf_counter()
        found += call(asked)
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    return times[CALLS // 2], times[int(0.95 * CALLS)], times[-1], found / CALLS


def three_filters(rng: random.Random, filters: int = FILTERS) -> Asked:
    """Return a list with different filters; half of them of a common value, half of any."""
    said: dict[str, Any] = {}
    for name in rng.sample(list(MAKERS), filters):
        said |= MAKERS[name](rng)
    return Filter(**said), Page("newest" if rng.random() < 0.2 else "strongest")


def circle(rng: random.Random, radius_km: float = 50.0) -> Asked:
    """Return what is around a random lead, by strength or by distance."""
    _, latitude, longitude = lead_world._place(rng)
    wanted = Filter(near=Circle(latitude, longitude, radius_km))
    return wanted, Page(rng.choice(("strongest", "nearest")))


def _one_of(choice: lead_world.Choice, rng: random.Random) -> Any:
    """Return a value that is not None: as common as it is, or any."""
    values = [value for value in choice.values if value is not None]
    drawn = choice.draw(rng) if rng.random() < 0.5 else rng.choice(values)
    return rng.choice(values) if drawn is None else drawn


def _location(rng: random.Random) -> dict[str, Any]:
    city, latitude, longitude = lead_world._place(rng)
    kind = rng.random()
    if kind < 0.5:
        return {"within": Circle(latitude, longitude, max(10.0, (city.population / 4712) ** 0.5))}
    return {"within": Region(city.country, city.admin1 if kind < 0.85 else None)}


def _industry(rng: random.Random) -> dict[str, Any]:
    return {"industry": (_one_of(lead_world.INDUSTRIES, rng)[: rng.choice((2, 3, 6))],)}


def _words(rng: random.Random) -> dict[str, Any]:
    """Return a search for a first name, a firm's trade, a mail provider or some of a name."""
    lead = _people().lead(rng.randrange(1_000_000))
    last = lead["last_name"].lower()
    kinds = (lead["first_name"].lower(), last, last[:4], lead["company"].split()[1].lower())
    return {"words": (rng.choice(kinds),)}


@lru_cache(1)
def _people() -> lead_world.Population:
    return lead_world.Population(1, 1_000_000)


MAKERS: dict[str, Callable[[random.Random], dict[str, Any]]] = {
    "investigation": lambda rng: {"investigation_id": _one_of(lead_world.INVESTIGATED, rng)},
    "status": lambda rng: {"statuses": (_one_of(lead_world.STATUSES, rng),)},
    "location": _location,
    "industry": _industry,
    "strength": lambda rng: {"min_signal_strength": rng.choice((10, 30, 50, 70, 90))},
    "source": lambda rng: {"source_id": _one_of(lead_world.SOURCES, rng)},
    "size": lambda rng: {"company_size": _one_of(lead_world.SIZES, rng)},
    "category": lambda rng: {"lead_category": _one_of(lead_world.CATEGORIES, rng)},
    "type": lambda rng: {"lead_type": _one_of(lead_world.TYPES, rng)},
    "assigned": lambda rng: {"assigned_to": _one_of(lead_world.PEOPLE, rng)},
    "tag": lambda rng: {"tag": (lead_world.TAGS.draw(rng) or (f"tag-{rng.randrange(30):02}",))[0]},
    "words": _words,
    "received": lambda rng: {"received_from": NOW - timedelta(days=rng.choice((7, 30, 90, 365)))},
}

KINDS: dict[str, Callable[[random.Random], Asked]] = {
    "three filters": three_filters,
    "circles of 50 km": circle,
    "circles of 500 km": lambda rng: circle(rng, 500.0),
    "one filter": lambda rng: three_filters(rng, 1),
    "no filter, 50,000 passed over": lambda rng: (Filter(), Page(offset=50_000)),
}
"""What is measured."""
