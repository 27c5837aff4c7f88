"""How fast the duplicate check is beside the floor, at 10,000, 100,000 and 1,000,000 leads.

Service and floor take turns under the same conditions, so that whatever else the
machine does meets both; the medians of the rounds are reported.
"""

import json
import os
import platform
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

import psycopg

from bench import floor
from bench.cluster import Cluster
from bench.load import Timings, Workload, closed_loop, open_loop
from bench.served import THREADS, WORKERS, Served, database_cpu_seconds
from services.dedup.app import PATH

RESULTS = Path(__file__).resolve().parent / "results" / "speed.json"

ROUNDS = 3
"""Closed-loop rounds of each app."""

CONNECTIONS = WORKERS * THREADS
"""Connections of the closed loop: one a thread, so that no thread waits and no request queues."""

STEADY_RATE = 50.0
"""Requests a second of the open loop."""

STEADY_SECONDS = 30.0
"""Shortest open loop: 1,500 requests, so that fifteen lie beyond the 99th percentile."""

WARM_SECONDS, WARM_SECONDS_A_MILLION = 3.0, 60.0
"""Before the rounds: each connection has prepared its statements after three seconds. A million
leads have 72,000 pages of blocking keys, and after a start each is read, and logged whole, when it
is first touched; a lead touches eight at random, so after a minute nine in ten have been."""


@dataclass(frozen=True, slots=True)
class Round:
    """One closed loop of one app."""

    rate: float
    app_cpu_us: float
    database_cpu_us: float
    wal_bytes: float
    failures: int


@dataclass(slots=True)
class Measured:
    """What one app reached at one number of leads."""

    app: str
    leads: int
    rounds: list[Round] = field(default_factory=list)
    p50_ms: float = 0.0
    p95_ms: float = 0.0
    p99_ms: float = 0.0
    failures: int = 0
    duplicates: int = 0
    worker_mb: list[tuple[float, float]] = field(default_factory=list)
    """Resident and proportional set size of each worker."""

    def typical(self, name: str) -> float:
        """Return the median over the rounds of the value called *name*."""
        return median(getattr(one, name) for one in self.rounds)

    def as_dict(self) -> dict[str, Any]:
        """Return everything as JSON can say it."""
        names = Round.__slots__
        return {
            **{name: getattr(self, name) for name in self.__slots__ if name != "rounds"},
            **{name: self.typical(name) for name in names if name != "failures"},
            "rounds": [{name: getattr(one, name) for name in names} for one in self.rounds],
        }


def run(home: Path, sizes: Sequence[int], seconds: float) -> None:
    """Measure at each of *sizes*, print the table and write RESULTS."""
    report: dict[str, Any] = {"machine": machine(), "sizes": []}
    for size in sizes:
        cluster = Cluster(home, size)
        cluster.start()
        try:
            apps = measured(cluster, seconds)
            kept = {"leads": size, "apps": [app.as_dict() for app in apps]}
            report["sizes"].append(kept | {"bytes_a_lead": bytes_a_lead(cluster)})
        finally:
            cluster.stop()
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(report, indent=1) + "\n")
    print(table(report))


def measured(cluster: Cluster, seconds: float) -> tuple[Measured, Measured]:
    """Return what service and floor reach on *cluster*."""
    with ExitStack() as stack:
        logs = cluster.home
        home, conninfo = str(cluster.home), cluster.role
        service = Served("leadfly.app:served()", logs / "service.log", LEADFLY_HOME=home)
        stack.callback(service.stop)
        bare = Served("bench.floor:create_app()", logs / "floor.log", FLOOR_CONNINFO=conninfo)
        stack.callback(bare.stop)
        # The generator is a process of its own: its work must not wait for ours.
        pool = stack.enter_context(ProcessPoolExecutor(1, mp_context=get_context("spawn")))
        conn = stack.enter_context(psycopg.connect(cluster.owner, autocommit=True))
        apps = [
            _Runner(cluster, service, PATH, pool, conn, Measured("service", cluster.people.size)),
            _Runner(cluster, bare, floor.PATH, pool, conn, Measured("floor", cluster.people.size)),
        ]
        for app in apps:
            app.warm()
        for number in range(ROUNDS):
            for app in apps:
                app.press(seconds)
                _say(f"  {app.found.app} {number + 1}: {app.found.rounds[-1].rate:.0f} requests/s")
        for app in apps:
            app.tick(max(STEADY_SECONDS, seconds))
    return apps[0].found, apps[1].found


class _Runner:
    """Drives one app and collects what is measured."""

    def __init__(
        self,
        cluster: Cluster,
        served: Served,
        path: str,
        pool: ProcessPoolExecutor,
        conn: psycopg.Connection,
        found: Measured,
    ):
        self._cluster, self._served, self._path = cluster, served, path
        self._pool, self._conn, self.found = pool, conn, found
        self._rate = 1_000.0

    def warm(self) -> None:
        """Run a closed loop that counts for nothing but the next one's length."""
        seconds = WARM_SECONDS + WARM_SECONDS_A_MILLION * self._cluster.people.size / 1e6
        self._rate = self._closed(seconds).rate

    def press(self, seconds: float) -> None:
        """Run a closed loop and add it to the rounds."""
        before = self._costs()
        timings = self._closed(seconds)
        app, database, wal = (b - a for a, b in zip(before, self._costs(), strict=True))
        count = max(1, len(timings.latencies_ms))
        self.found.rounds.append(
            Round(
                timings.rate,
                app / count * 1e6,
                database / count * 1e6,
                wal / count,
                timings.failures,
            )
        )
        self._count(timings)

    def tick(self, seconds: float) -> None:
        """Run the open loop, then weigh the workers."""
        work = self._work(int(STEADY_RATE * seconds))
        timings = self._pool.submit(open_loop, self._served.port, work, STEADY_RATE).result()
        shares = (0.5, 0.95, 0.99)
        found = self.found
        found.p50_ms, found.p95_ms, found.p99_ms = (timings.percentile(s) for s in shares)
        self._count(timings)
        found.worker_mb = self._served.memory_mb()

    def _closed(self, seconds: float) -> Timings:
        # Half as many again as the last rate suggests: the clock ends the loop, not the supply.
        work = self._work(int(1.5 * self._rate * seconds))
        arguments = (self._served.port, work, CONNECTIONS, seconds)
        return self._pool.submit(closed_loop, *arguments).result()

    def _work(self, count: int) -> Workload:
        people = self._cluster.people
        first = self._cluster.unseen(count)
        return Workload(self._path, people.seed, people.size, first, count)

    def _costs(self) -> tuple[float, float, float]:
        """Return CPU seconds of the app and of the database, and bytes of WAL, so far."""
        row: Any = self._conn.execute("SELECT pg_current_wal_lsn() - '0/0'").fetchone()
        database = database_cpu_seconds(self._cluster.postmaster)
        return self._served.cpu_seconds(), database, float(row[0])

    def _count(self, timings: Timings) -> None:
        self.found.failures += timings.failures
        self.found.duplicates += timings.duplicates


def bytes_a_lead(cluster: Cluster) -> dict[str, list[float]]:
    """Return bytes of table (with TOAST) and of indexes for each stored lead, by table."""
    with psycopg.connect(cluster.owner) as conn:
        rows = conn.execute(
            """
            SELECT relid::regclass::text,
                   (pg_total_relation_size(relid) - pg_indexes_size(relid))::float8 / leads,
                   pg_indexes_size(relid)::float8 / leads
            FROM pg_statio_user_tables, (SELECT count(*) AS leads FROM public.leads) AS stored
            WHERE schemaname IN ('public', 'dedup', 'floor') AND pg_table_size(relid) > 65536
            ORDER BY pg_total_relation_size(relid) DESC
            """
        )
        return {name: [heap, indexes] for name, heap, indexes in rows}


def machine() -> dict[str, Any]:
    """Return what a reader must know of this machine to judge the numbers."""
    return {
        "cpus": os.cpu_count(),
        "processor": _processor(),
        "load_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
    }


def table(report: dict[str, Any]) -> str:
    """Return everything as one table."""
    lines = [str(report["machine"]), "", _HEAD]
    for size in report["sizes"]:
        ours, bare = size["apps"]
        for one in (ours, bare):
            share = f"{ours['rate'] / bare['rate']:6.0%}" if one is ours else "      "
            rss = max(rss for rss, _ in one["worker_mb"])
            pss = max(pss for _, pss in one["worker_mb"])
            lines.append(
                f"{one['leads']:>9,} {one['app']:<8}{one['rate']:8.0f} {share} "
                f"{one['p50_ms']:8.2f}{one['p95_ms']:8.2f}{one['p99_ms']:8.2f} "
                f"{one['app_cpu_us']:8.0f}{one['database_cpu_us']:8.0f} "
                f"{one['wal_bytes'] / 1000:7.1f} {rss:6.0f}{pss:6.0f} "
                f"{one['failures']:5}{one['duplicates']:7}"
            )
    lines += ["", "bytes a lead: table + indexes"]
    for size in report["sizes"]:
        kept = size["bytes_a_lead"]
        parts = [f"{name} {heap:.0f}+{index:.0f}" for name, (heap, index) in kept.items()]
        total = sum(sum(pair) for name, pair in kept.items() if not name.startswith("floor"))
        lines.append(f"{size['leads']:>9,} total {total:.0f}: " + ", ".join(parts))
    return "\n".join(lines)


_HEAD = (
    "    leads app     req/s  floor   p50 ms  p95 ms  p99 ms   app µs   db µs  WAL kB  RSS MB PSS"
    "  fail  dupl"
)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
