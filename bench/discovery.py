"""How often a discovery tells how far it is: the largest gap between two changes that one sees.

One source names so many people, as fast as they are taken; the job asks it, has each go through
the duplicate check, and writes how far it is. Meanwhile a reader looks at the job as
`GET /discover/{job_id}` does. Then all is asked again: nobody is made twice.
"""

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

from leadfly.discovery_crew import workshop
from leadfly.migrate import migrate
from services.dedup.admission import Keeping
from services.discovery import asking, discovering
from services.discovery.asking import Order
from services.discovery.criteria import Criteria
from services.discovery.desk import Workshop
from services.discovery.find import Find, Provenance
from services.discovery.sources.source import Progress, Reach
from services.leads import investigation
from shared import db, settings
from shared.embedded import OWNER, Server
from shared.keyfile import keyring
from shared.outbound import Door
from shared.pages.fetcher import Fetcher
from shared.privacy.gate import Gate
from shared.spool import Spool

TENANT = "bench"

LOOK_SECONDS = 0.02


class Many:
    """A source that names so many people."""

    type, title, builtin = "many", "Many", True
    licence, attribution = "made up", ""

    def __init__(self, size: int):
        """*size* is how many."""
        self._size = size

    def checked(self, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return *settings*."""
        return settings

    def find(
        self, tenant_id: str, settings: Mapping[str, Any], criteria: Criteria, reach: Reach
    ) -> Iterator[Find | Progress]:
        """Yield them, the same each time."""
        now = datetime.now(UTC)
        for number in range(self._size):
            fields = {
                "email": f"person{number}@firm{number}.example",
                "name": f"Given{number} Family{number}",
                "company": f"Firm {number} Ltd",
                "city": "Austin",
                "state": "TX",
            }
            url = f"https://many.example/{number}"
            yield Find(url, fields, Provenance(self.type, url, self.licence, "", now))
            if number % 100 == 0:
                yield Progress(number, self._size)


def run(home: Path, sizes: Sequence[int], seconds: float) -> None:
    """Measure at each of *sizes* and print what was found; *seconds* is not used."""
    for size in sizes:
        server = Server((home / "discovery").absolute())
        shutil.rmtree(server.cluster, ignore_errors=True)
        server.start()
        try:
            migrate(server.conninfo(OWNER))
            _measure(server, size)
        finally:
            server.stop()


def _measure(server: Server, size: int) -> None:
    chosen = settings.load({"LEADFLY_HOME": str(server.home)})
    gate = Gate(chosen.mode, keyring(chosen))
    door, spool = Door(frozenset()), Spool(chosen.spool_folder)
    with (
        closing(db.connect(chosen, gate.keyring.fingerprint)) as database,
        closing(Fetcher(door)) as fetcher,
        closing(spool),
    ):
        keeping = Keeping(database, gate, spool)
        shop = workshop(chosen, database, gate, keeping, fetcher)
        shop = replace(shop, desk=replace(shop.desk, sources=(Many(size),)))
        new = {"name": "bench", "description": ""}
        begun = investigation.begin(database, TENANT, new, "bench").investigation.id
        for run_number in (1, 2):
            _once(shop, begun, size, run_number)


def _once(shop: Workshop, investigation_id: UUID, size: int, run_number: int) -> None:
    order = Order(investigation_id, Criteria(most=size), 50.0)
    job_id, _ = asking.ask(shop.desk, TENANT, order, "bench", None, datetime.now(UTC))
    began = time.perf_counter()
    thread = Thread(target=discovering.run, args=(shop, TENANT, job_id, lambda: False))
    thread.start()
    seen, revision = [began], -1
    while thread.is_alive():
        job = asking.found(shop.desk, TENANT, job_id, None, 1).job
        if job.revision != revision:
            revision = job.revision
            seen.append(time.perf_counter())
        time.sleep(LOOK_SECONDS)
    thread.join()
    took = time.perf_counter() - began
    found = asking.found(shop.desk, TENANT, job_id, None, 1)
    counts = found.job.counts
    gap = max(later - earlier for earlier, later in pairwise([*seen, time.perf_counter()]))
    print(
        f"run {run_number}: {size:,} results in {took:.1f} s ({size / took:,.0f} a s), "
        f"{len(seen)} changes seen, largest gap {gap:.2f} s; {found.job.status}, "
        f"{found.leads:,} leads, {counts.new:,} new, {counts.known:,} known"
    )
