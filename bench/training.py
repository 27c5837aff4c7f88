"""How long training takes: on an account's leads without labels, and on as many labelled pairs.

The leads are read from the database, opened, blocked and compared as `leadfly train --unlabelled`
does it. The pairs are read as a CSV file, each person beside themselves or beside the next one.
"""

import csv
import io
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from bench.cluster import Cluster
from bench.load import TENANT
from bench.people import Population, population
from services.dedup.model import STANDARD
from services.dedup.policy import DEFAULT
from services.dedup.training import pair_files, training
from services.dedup.training.training import Standing
from shared import db
from shared.errors import Meaningless
from shared.keyfile import keyring
from shared.privacy.gate import Gate

FIELDS = ("email", "phone", "first_name", "last_name", "company", "city", "country")


def run(home: Path, sizes: Sequence[int], seconds: float) -> None:
    """Print how long training on each of *sizes* leads and pairs takes; *seconds* is not used."""
    for size in sizes:
        cluster = Cluster(home, size)
        cluster.start()
        try:
            _timed(f"{size:,} leads without labels", partial(_leads, cluster, size))
        finally:
            cluster.stop()
        lines = list(_file(population(1, size), size))
        _timed(f"{size:,} labelled pairs of a file", partial(_pairs, lines))


def _leads(cluster: Cluster, size: int) -> str:
    keys = keyring(cluster.settings)
    database = db.connect(cluster.settings, keys.fingerprint, db.ROLE)
    try:
        now = training.standing(database, TENANT)
        gate = Gate(cluster.settings.mode, keys)
        return str(dict(training.by_leads(database, gate, TENANT, now, size).trained_on))
    except Meaningless as error:
        return error.message  # the seeded people came once each: few pairs are of one person
    finally:
        database.close()


def _pairs(lines: Sequence[str]) -> str:
    pairs = pair_files.of_csv(lines, "US")
    trained = training.by_pairs(pairs, Standing(STANDARD, DEFAULT))
    return f"{dict(trained.trained_on)}; {trained.refusal or 'it would decide'}"


def _file(people: Population, size: int) -> Iterator[str]:
    """Yield the lines of a file of pairs: half of one person, half of two in a row."""
    written = io.StringIO()
    names = [f"{side}_{field}" for side in ("left", "right") for field in FIELDS]
    rows = csv.DictWriter(written, [*names, "same"])
    rows.writeheader()
    for number in range(size):
        other = people.again(number) if number % 2 else people.lead(size + number)
        sides = {"left": people.lead(number), "right": other}
        row = {f"{side}_{f}": lead.get(f, "") for side, lead in sides.items() for f in FIELDS}
        rows.writerow(row | {"same": "yes" if number % 2 else "no"})
    yield from written.getvalue().splitlines(keepends=True)


def _timed(what: str, work: Callable[[], str]) -> None:
    started = time.perf_counter()
    said = work()
    took, peak = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{what}: {took:.1f} s, {peak / 1024:.0f} MB at most so far\n  {said}", flush=True)
