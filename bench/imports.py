"""How long imports take: a file previewed, imported and undone, with memory and processor time.

The file has 5 % rows that repeat an earlier one in another spelling. It is uploaded as the service
does it, and the worker's own processes do the rest. Beside the import, checks are posted one after
another to the service under its own gunicorn, and before it, on the quiet machine.
"""

import csv
import http.client
import io
import os
import random
import resource
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from bench.people import population
from bench.served import Served, database_cpu_seconds
from leadfly import import_crew
from leadfly.migrate import migrate
from services.dedup.imports import asking, job_store, uploading
from services.dedup.imports.job import Import, Options
from shared import db, settings
from shared.db import WORKER, Database
from shared.embedded import OWNER, Server
from shared.keyfile import keyring
from shared.privacy.gate import Gate
from shared.settings import Settings

TENANT, LIVE = "bench", "bench-live"

CHECK = "/webhook/leadfly/duplicate-prevention"

REPEATED = 0.05
"""Share of the rows that are about somebody of an earlier row."""

SEED = 5

PAUSE_SECONDS = 0.05
"""Pause between two checks that are posted beside an import."""


def run(home: Path, sizes: Sequence[int], seconds: float) -> None:
    """Measure at each of *sizes*; checks are posted for *seconds* before the import."""
    for size in sizes:
        server = Server((home / f"imports-{size}").absolute())
        server.start()
        try:
            server.stop()
            shutil.rmtree(server.cluster)
            server.start()
            migrate(server.conninfo(OWNER))
            _measure(server, size, seconds)
        finally:
            server.stop()


def _measure(server: Server, size: int, seconds: float) -> None:
    chosen = settings.load({"LEADFLY_HOME": str(server.home)})
    keys = keyring(chosen)
    gate = Gate(chosen.mode, keys)
    log = server.home / "gunicorn.log"
    served = Served("leadfly.app:served()", log, LEADFLY_HOME=str(server.home), AUTH_MODE="local")
    try:
        with (
            closing(db.connect(replace(chosen, threads=2), keys.fingerprint, WORKER)) as worker,
            closing(db.connect(chosen, keys.fingerprint)) as app,
        ):
            postmaster = int((server.cluster / "postmaster.pid").read_text().split()[0])
            _Bench(chosen, gate, app, worker, served, postmaster).measure(size, seconds)
    finally:
        served.stop()


class _Bench:
    """One file on its way."""

    def __init__(
        self,
        chosen: Settings,
        gate: Gate,
        app: Database,
        worker: Database,
        served: Served,
        postmaster: int,
    ):
        self._settings, self._gate, self._postmaster = chosen, gate, postmaster
        self._app, self._worker, self._served = app, worker, served

    def measure(self, size: int, seconds: float) -> None:
        """Print what each part takes."""
        quiet = _Checks(self._served.port)
        with quiet:
            time.sleep(seconds)
        began = time.perf_counter()
        options = Options("import", "US")
        ordered = (options, "people.csv")
        job, _ = uploading.take(
            self._app, self._gate, TENANT, ordered, _file(size), "bench", datetime.now(UTC)
        )
        took = time.perf_counter() - began
        print(f"{size:>9,} rows uploaded, {job.size / 1e6:.0f} MB, in {took:.1f} s (made as sent)")
        now = datetime.now(UTC)
        self._timed("previewed", size, lambda: self._ask(asking.preview, job.id))
        print(f"          {self._job(job.id).previewed}")
        beside = _Checks(self._served.port)
        with beside:
            confirm = lambda: asking.confirm(self._app, self._gate, TENANT, job.id, {}, now)  # noqa: E731
            self._timed("imported", size, confirm)
        print(f"          {self._job(job.id).imported}")
        quiet.report("a quiet machine")
        beside.report("an import")
        undo = lambda: asking.undo(self._app, self._gate, TENANT, job.id, False, now)  # noqa: E731
        self._timed("undone", size, undo)
        after = self._job(job.id)
        print(f"          {after.status}: {after.undone:,} gone, {after.kept:,} kept")

    def _ask(self, ask: Callable[..., Import], import_id: UUID) -> Import:
        return ask(self._app, self._gate, TENANT, import_id, datetime.now(UTC))

    def _timed(self, what: str, size: int, ask: Callable[[], object]) -> None:
        ask()
        ours, database = _cpu_seconds(), database_cpu_seconds(self._postmaster)
        began = time.perf_counter()
        with _memory() as most:
            import_crew.follow(self._settings, self._worker, lambda: False)
        took = time.perf_counter() - began
        print(
            f"{size:>9,} rows {what} in {took:.1f} s: {size / took:,.0f}/s; its processes together "
            f"held {max(most):.0f} MB at most"
        )
        ours, database = _cpu_seconds() - ours, database_cpu_seconds(self._postmaster) - database
        print(
            f"          processor time a row: {ours / size * 1e6:.0f} µs theirs, "
            f"{database / size * 1e6:.0f} µs PostgreSQL's"
        )

    def _job(self, import_id: UUID) -> Import:
        with self._app.transaction(TENANT) as conn:
            found = job_store.one(conn, TENANT, import_id)
        assert found is not None
        return found


def _cpu_seconds() -> float:
    """Return what the processes that we started and that have ended took of the processors."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class _Checks:
    """New leads posted one after another, and how long each answer took."""

    def __init__(self, port: int):
        self._port, self._times, self._over = port, list[float](), threading.Event()
        self._thread = threading.Thread(target=self._post)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def _post(self) -> None:
        people, first = population(SEED + 1, 10_000), random.randrange(1 << 30)
        with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)) as one:
            while not self._over.is_set():
                first += 1
                lead = people.lead(first)
                body = orjson.dumps({"user_id": LIVE, "source_id": "live", "lead_data": lead})
                began = time.perf_counter()
                one.request("POST", CHECK, body, {"Content-Type": "application/json"})
                answer = one.getresponse()
                answer.read()
                self._times.append((time.perf_counter() - began) * 1000)
                time.sleep(PAUSE_SECONDS)

    def report(self, beside: str) -> None:
        """Print how long they took."""
        times = sorted(self._times)
        if times:
            at = [times[min(len(times) - 1, int(share * len(times)))] for share in (0.5, 0.99)]
            print(
                f"          {len(times):,} checks beside {beside}: median {at[0]:.1f} ms, "
                f"p99 {at[1]:.1f} ms"
            )


@contextmanager
def _memory() -> Iterator[list[float]]:
    """Yield what the processes that we start hold together, in MB, from time to time."""
    most, over = [0.0], threading.Event()

    def look() -> None:
        while not over.wait(0.5):
            most.append(sum(map(_held, _descendants())))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield most
    finally:
        over.set()
        thread.join()


def _descendants() -> set[int]:
    """Return the processes of ours that take part, this one and the web's left out."""
    found, parents = set[int](), dict[int, int]()
    spawned = set[int]()
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words = (path / "stat").read_text().rpartition(")")[2].split()
            command = (path / "cmdline").read_bytes()
        except OSError:
            continue
        parents[int(path.name)] = int(words[1])
        if b"spawn_main" in command:
            spawned.add(int(path.name))
    for one in spawned:
        above = one
        while above in parents and above != os.getpid():
            above = parents[above]
        if above == os.getpid():
            found.add(one)
    return found


def _held(process: int) -> float:
    """Return the proportional share of memory that a process holds, in MB."""
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def _file(size: int) -> Iterator[bytes]:
    people, rng = population(SEED, size), random.Random(SEED)
    yield _line(list(_COLUMNS))
    for number in range(size):
        again = number > 0 and rng.random() < REPEATED
        lead = people.again(rng.randrange(number)) if again else people.lead(number)
        yield _line([lead.get(name, "") for name in _COLUMNS])


def _line(cells: Sequence[Any]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()


_COLUMNS = tuple(population(SEED, 1).lead(0))
