"""The benchmark's own PostgreSQL: one cluster for each number of leads, kept between runs."""

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson
import psycopg
from psycopg import sql

from bench.people import Population
from bench.seed import seed
from leadfly.migrate import migrate
from services.dedup import blocking, record
from shared import settings
from shared.db import MIGRATIONS, ROLE
from shared.embedded import OWNER, Server

SEED = 20_261_121
"""Of the invented people; any number would do."""

SAMPLE = 200
"""Leads whose stored form tells whether the service still stores what was seeded."""

MOST_USED = 0.1
"""Share by which measured leads may add to the seeded ones before we start afresh."""


class Cluster:
    """A database that holds *leads* seeded leads of one account, and the floor's as many."""

    def __init__(self, home: Path, leads: int):
        """*home* is the folder of all sizes; it need not exist yet."""
        self.home = home.absolute() / str(leads)
        self.people = Population(SEED, leads)
        self.server = Server(self.home)
        self.settings = settings.load({"LEADFLY_HOME": str(self.home)})
        self._notes = self.home / "seeded.json"

    @property
    def owner(self) -> str:
        """The conninfo of the superuser."""
        return self.server.conninfo(OWNER)

    @property
    def role(self) -> str:
        """The conninfo of the role that services run as."""
        return self.server.conninfo(ROLE)

    @property
    def postmaster(self) -> int:
        """The process id of the server's first process."""
        return int((self.server.cluster / "postmaster.pid").read_text().split()[0])

    def start(self, preload: str = "") -> None:
        """Start the server with the libraries *preload*; seed it unless it is seeded already."""
        self.server.start()  # first of all: it makes us the only ones here
        try:
            self._fill(preload)
        except BaseException:
            self.server.stop(hurry=True)
            raise

    def stop(self) -> None:
        """Stop the server; what it holds stays for the next run."""
        self.server.stop()

    def unseen(self, count: int) -> int:
        """Return the number of the first of *count* leads that nobody has sent yet."""
        noted = self._noted()
        self._note(noted["fingerprint"], noted["used"] + count)
        return self.people.size + int(noted["used"])

    def _fill(self, preload: str) -> None:
        print_of = fingerprint(self.people)
        if self._noted().get("fingerprint") != print_of or self._outgrown():
            self.server.stop()
            self._notes.unlink(missing_ok=True)
            shutil.rmtree(self.server.cluster)
            self.server.start()
        self._preload(preload)
        migrate(self.owner)
        if not self._notes.exists():
            seed(self.owner, self.settings, self.people)
            self._note(print_of, 0)

    def _noted(self) -> dict[str, Any]:
        return json.loads(self._notes.read_text()) if self._notes.exists() else {}

    def _outgrown(self) -> bool:
        with psycopg.connect(self.owner) as conn:
            row: Any = conn.execute("SELECT count(*) FROM public.leads").fetchone()
        return bool(row[0] > self.people.size * (1 + MOST_USED))

    def _note(self, print_of: str, used: int) -> None:
        self._notes.write_text(json.dumps({"fingerprint": print_of, "used": used}))

    def _preload(self, libraries: str) -> None:
        with psycopg.connect(self.owner, autocommit=True) as conn:
            if conn.execute("SHOW shared_preload_libraries").fetchone() == (libraries,):
                return
            conn.execute("ALTER SYSTEM RESET shared_preload_libraries")
            if libraries:
                setting = sql.SQL("ALTER SYSTEM SET shared_preload_libraries = {}")
                conn.execute(setting.format(libraries))
        self.server.stop()
        self.server.start()


def started(home: Path, sizes: Iterable[int]) -> Iterator[Cluster]:
    """Yield a cluster of each of *sizes*, running until the next one is asked for."""
    for size in sizes:
        cluster = Cluster(home, size)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()


def fingerprint(people: Population) -> str:
    """Return a digest of the migrations and of how the service would store the first leads.

    It changes exactly when a seeded cluster no longer holds what the service would write.
    """
    digest = hashlib.sha256(f"{people.seed}/{people.size}".encode())
    for path in sorted(MIGRATIONS.glob("*.sql")):
        digest.update(path.read_bytes())
    for number in range(min(SAMPLE, people.size)):
        read = record.read(people.lead(number)).record
        keys = [*blocking.keys(read), *blocking.relations(read)]
        digest.update(read.pack() + orjson.dumps(keys))
    return digest.hexdigest()
