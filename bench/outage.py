"""What an outage costs, and what being ready for one costs on every healthy day.

In turn on one service: requests with and without an `Idempotency-Key` (the intent and the answer
kept for retries); answers while the database hangs; answers while the breaker is open; and how
fast the worker stores what waited.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from uuid import uuid4

from bench.cluster import Cluster, started
from bench.load import Timings, as_answered, on_schedule, request
from bench.served import Served, children
from services.dedup.app import PATH
from shared.spool import Spool

ROUNDS = 5
"""Rounds of each kind of request."""

CONNECTIONS = 16

HANGS = 20
"""Hangs of the database, each met by CONNECTIONS leads at once: 320 answers."""

OPEN_RATE, OPEN_SECONDS = 50.0, 20.0
"""Requests a second, and how long, while the breaker is open: 1,000 answers."""

DRAIN_SECONDS = 120.0
"""When to give up on a drain."""


def run(home: Path, sizes: Sequence[int], seconds: float) -> None:
    """Measure at each of *sizes*, with rounds of *seconds*, and print what was found."""
    for cluster in started(home, sizes):
        _measure(cluster, seconds)


def _measure(cluster: Cluster, seconds: float) -> None:
    log = cluster.home / "service.log"
    service = Served("leadfly.app:served()", log, LEADFLY_HOME=str(cluster.home))
    spool = Spool(cluster.settings.spool_folder)
    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            _healthy(cluster, service, pool, seconds)
            _hung(cluster, service, pool)
            with _worker(cluster):
                _drained(spool)
            _open(cluster, service, pool)
            waiting = spool.depth().waiting
            with _worker(cluster):
                began = _drained(spool, waiting - 1)  # it has started
                took = _drained(spool) - began
            print(f"drained {waiting} leads in {took:.2f} s: {waiting / took:.0f}/s")
    finally:
        spool.close()
        service.stop()


def _healthy(cluster: Cluster, service: Served, pool: ProcessPoolExecutor, seconds: float) -> None:
    rates: dict[bool, list[float]] = {False: [], True: []}
    for turn in range(ROUNDS + 1):
        for keyed in (False, True) if turn % 2 else (True, False):
            ready = _requests(cluster, int(800 * seconds), keyed)
            job = pool.submit(as_answered, service.port, ready, CONNECTIONS, seconds)
            if turn:  # the first round warms up
                rates[keyed].append(job.result().rate)
            job.result()
    plain, kept = (median(rates[keyed]) for keyed in (False, True))
    print(
        f"healthy: {plain:.0f} requests/s without a key, {kept:.0f} with one ({kept / plain:.0%})"
    )


def _hung(cluster: Cluster, service: Served, pool: ProcessPoolExecutor) -> None:
    every = Timings()
    for _ in range(HANGS):
        ready = _requests(cluster, CONNECTIONS, keyed=True)
        with hung(cluster):
            met = pool.submit(as_answered, service.port, ready, CONNECTIONS, 1.0).result()
        every.latencies_ms += met.latencies_ms
        every.failures += met.failures
        time.sleep(1.0)  # the breaker closes
    print(f"hung: {_spread(every)}")


def _open(cluster: Cluster, service: Served, pool: ProcessPoolExecutor) -> None:
    ready = _requests(cluster, int(OPEN_RATE * OPEN_SECONDS), keyed=True)
    more = _requests(cluster, 2_000, keyed=True)
    with hung(cluster):
        time.sleep(1.0)  # the breaker opens
        found = pool.submit(on_schedule, service.port, ready, OPEN_RATE).result()
        pool.submit(as_answered, service.port, more, CONNECTIONS, 60.0).result()
    print(f"breaker open, {OPEN_RATE:.0f} requests/s: {_spread(found)}")


@contextmanager
def hung(cluster: Cluster) -> Iterator[None]:
    """Stop every process of the database where it stands, for the time of the block."""
    frozen = [cluster.postmaster, *children(cluster.postmaster)]
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in frozen:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


@contextmanager
def _worker(cluster: Cluster) -> Iterator[None]:
    """Run `leadfly worker` for the time of the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "leadfly", "worker"],
        env=os.environ | {"LEADFLY_HOME": str(cluster.home)},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(15)


def _drained(spool: Spool, left: int = 0) -> float:
    """Return when no more than *left* wait. Raises TimeoutError."""
    give_up = time.monotonic() + DRAIN_SECONDS
    while spool.depth().waiting > left:
        if time.monotonic() > give_up:
            raise TimeoutError
        time.sleep(0.02)
    return time.monotonic()


def _requests(cluster: Cluster, count: int, keyed: bool) -> list[bytes]:
    lead, first = cluster.people.lead, cluster.unseen(count)
    made = map(partial(request, PATH), map(lead, range(first, first + count)))
    if not keyed:
        return list(made)
    mark = b"\r\nIdempotency-Key: " + uuid4().hex.encode()
    return [raw.replace(b"\r\n", mark + b"%d\r\n" % n, 1) for n, raw in enumerate(made)]


def _spread(found: Timings) -> str:
    shares = {f"p{share:.0%}".rstrip("%"): found.percentile(share) for share in (0.5, 0.95, 0.99)}
    times = ", ".join(f"{name} {ms:.1f}" for name, ms in shares.items())
    return f"{times} ms, {len(found.latencies_ms)} answered, {found.failures} not"
