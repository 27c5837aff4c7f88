"""What one crowded account costs beside many, how fast batches go, and what one comparison takes.

One account with all the traffic takes turns with the same traffic spread over many: its leads lock
the same keys and share transactions. Batches are posted of as many leads as a transaction takes.
"""

import random
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from bench.cluster import Cluster, started
from bench.load import REQUESTS_A_CONNECTION, TENANT, Timings, as_answered, body, posted
from bench.people import Lead, Population, population
from bench.served import THREADS, WORKERS, Served
from services.dedup import linkage, record
from services.dedup.app import PATH
from services.dedup.check import MOST_PER_TRANSACTION

ROUNDS = 5
"""Rounds of each, in turn."""

ACCOUNTS = 64
"""Accounts that share the traffic where it is spread."""

CONNECTIONS = WORKERS * THREADS

SENDERS = 4
"""Connections that post batches: two for each worker, so that none waits for the other's disk."""

BATCHES_A_CONNECTION = 1
"""A batch is a worker's job for a tenth of a second, so a round is over before 50 are sent over one
connection: three connections of four stayed on one worker, and the other was idle half the time."""

PAIRS = 20_000
"""Pairs compared, made before the clock starts."""


def run(home: Path, sizes: Sequence[int], seconds: float) -> None:
    """Measure at each of *sizes*, with rounds of *seconds*, and print what was found."""
    for cluster in started(home, sizes):
        _measure(cluster, seconds)
        microseconds = _comparing(cluster.people)
        print(f"{cluster.people.size:>9,} leads: comparing one pair {microseconds:.1f} µs of CPU")


def _measure(cluster: Cluster, seconds: float) -> None:
    log, size = cluster.home / "service.log", cluster.people.size
    service = Served("leadfly.app:served()", log, LEADFLY_HOME=str(cluster.home))
    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            press = partial(_pressed, cluster, service, pool, seconds)
            press(_one, PATH, CONNECTIONS)
            rounds = [
                (press(_one, PATH, CONNECTIONS), press(_spread, PATH, CONNECTIONS))
                for _ in range(ROUNDS)
            ]
            batches = [press(_batches, f"{PATH}/batch", SENDERS) for _ in range(ROUNDS)]
    finally:
        service.stop()
    hot, many = (median(each.rate for each in rates) for rates in zip(*rounds, strict=True))
    leads = median(each.rate for each in batches) * MOST_PER_TRANSACTION
    failures = sum(each.failures for each in (*batches, *(one for pair in rounds for one in pair)))
    print(f"{size:>9,} leads: one account {hot:.0f} requests/s, {ACCOUNTS} accounts {many:.0f}:")
    print(f"          {hot / many:.0%}; in batches {leads:.0f} leads/s; {failures} failed")


Make = Callable[[str, Population, int, int], list[bytes]]
"""Makes a number of requests to a path, of leads from a number on."""


def _pressed(
    cluster: Cluster,
    service: Served,
    pool: ProcessPoolExecutor,
    seconds: float,
    make: Make,
    path: str,
    connections: int,
) -> Timings:
    """Drive the service in a closed loop with unseen leads; the generator makes them itself."""
    people = cluster.people
    count = int(seconds * (60 if make is _batches else 1_500))
    share = MOST_PER_TRANSACTION if make is _batches else 1
    first = cluster.unseen(count * share)
    task = (make, path, people.seed, people.size, first, count, service.port, connections, seconds)
    found = pool.submit(_drive, *task).result()
    _say(f"  {found.rate:.0f} requests/s")
    return found


def _drive(
    make: Make,
    path: str,
    seed: int,
    size: int,
    first: int,
    count: int,
    port: int,
    connections: int,
    seconds: float,
) -> Timings:
    people = population(seed, size)
    each = BATCHES_A_CONNECTION if make is _batches else REQUESTS_A_CONNECTION
    return as_answered(port, make(path, people, first, count), connections, seconds, each)


def _one(path: str, people: Population, first: int, count: int) -> list[bytes]:
    """Return requests of one account."""
    return [posted(path, body(people.lead(first + n))) for n in range(count)]


def _spread(path: str, people: Population, first: int, count: int) -> list[bytes]:
    """Return requests of many accounts in turn."""
    return [
        posted(path, body(people.lead(first + n)) | {"user_id": f"bench-{n % ACCOUNTS}"})
        for n in range(count)
    ]


def _batches(path: str, people: Population, first: int, count: int) -> list[bytes]:
    """Return requests of MOST_PER_TRANSACTION leads each."""
    starts = range(first, first + count * MOST_PER_TRANSACTION, MOST_PER_TRANSACTION)
    return [posted(path, _batch(people, start)) for start in starts]


def _batch(people: Population, start: int) -> dict[str, object]:
    numbers = range(start, start + MOST_PER_TRANSACTION)
    leads = [{"lead_data": people.lead(number)} for number in numbers]
    return {"user_id": TENANT, "source_id": "bench", "leads": leads}


def _comparing(people: Population) -> float:
    """Return the CPU time of one comparison, in µs: half of them of one person, half of two."""
    rng = random.Random(people.seed)
    pairs = [
        (_read(one), _read(other)) for one, other in (_pair(people, rng) for _ in range(PAIRS))
    ]
    for a, b in pairs[: PAIRS // 10]:
        linkage.compare(a, b)
    began = time.process_time()
    for a, b in pairs:
        linkage.compare(a, b)
    return (time.process_time() - began) / PAIRS * 1e6


def _pair(people: Population, rng: random.Random) -> tuple[Lead, Lead]:
    number = rng.randrange(people.size)
    if rng.random() < 0.5:
        return people.lead(number), people.again(number)
    other = people.lead(rng.randrange(people.size))
    # As candidates do, strangers share something.
    shared = {name: people.lead(number)[name] for name in rng.sample(("last_name", "company"), 1)}
    return people.lead(number), other | shared


def _read(lead: Lead) -> record.Record:
    return record.read(lead).record


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
