"""How long training takes: on an account's leads without labels, and on as many labelled pairs.

The leads are read from the database, opened, blocked and compared as `leadfly train --unlabelled`
does it. The pairs are read as a CSV file: leads of `bench.leads`, each beside the one that it was
made from, half of them of the same person. Each runs in a process of its own.
"""

import csv
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.cluster import Cluster
from bench.leads.generator import arrivals
from bench.load import TENANT
from bench.peak import peak_mb
from services.dedup.model import STANDARD
from services.dedup.policy import DEFAULT
from services.dedup.training import pair_files, training
from services.dedup.training.training import Standing
from shared import db
from shared.errors import Meaningless
from shared.keyfile import keyring
from shared.lead_fields import FIELDS
from shared.privacy.gate import Gate
from shared.settings import Settings

PEOPLE = 12_000
"""People of one stream of leads; two thirds of them make a pair."""

SEED = 900
"""Of the first stream; any number would do."""

SIDES = ("left", "right")


def run(home: Path, sizes: Sequence[int], seconds: float) -> None:
    """Print how long training on each of *sizes* leads and pairs takes; *seconds* is not used."""
    for size in sizes:
        cluster = Cluster(home, size)
        cluster.start()
        try:
            _timed(f"{size:,} leads without labels", partial(_leads, cluster.settings, size))
        finally:
            cluster.stop()
        with TemporaryDirectory() as folder:
            path = Path(folder) / "pairs.csv"
            _write(path, size)
            _timed(f"{size:,} labelled pairs of a file", partial(_pairs, path))


def _leads(settings: Settings, size: int) -> str:
    keys = keyring(settings)
    database = db.connect(settings, keys.fingerprint, db.ROLE)
    try:
        now = training.standing(database, TENANT)
        gate = Gate(settings.mode, keys)
        return str(dict(training.by_leads(database, gate, TENANT, now, size).trained_on))
    except Meaningless as error:
        return error.message  # the seeded people came once each: few pairs are of one person
    finally:
        database.close()


def _pairs(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as lines:
        pairs = pair_files.of_csv(lines, "US")
    trained = training.by_pairs(pairs, Standing(STANDARD, DEFAULT))
    return f"{dict(trained.trained_on)}; {trained.refusal or 'it would decide'}"


def _write(path: Path, size: int) -> None:
    """Write a file of *size* labelled pairs."""
    columns = [f"{side}_{field}" for side in SIDES for field in ("id", "submitted_at", *FIELDS)]
    rows = _rows()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*columns, "same"])
        writer.writeheader()
        writer.writerows(next(rows) for _ in range(size))


def _rows() -> Iterator[dict[str, str]]:
    """Yield pairs that a careful reader could label, of one stream after another, without end."""
    for seed in count(SEED):
        stream = arrivals(seed, PEOPLE)
        for place, one in enumerate(stream):
            if one.of is None or one.ambiguous:
                continue
            other = stream[one.of]
            row = {"same": "yes" if one.person == other.person else "no"}
            for side, number, arrival in zip(SIDES, (one.of, place), (other, one), strict=True):
                said = {"id": f"{seed}-{number}", "submitted_at": arrival.submitted_at.isoformat()}
                row |= {f"{side}_{name}": text for name, text in {**said, **arrival.lead}.items()}
            yield row


def _timed(what: str, work: Callable[[], str]) -> None:
    """Print what *work* takes in a process of its own."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_measured, args=(theirs, work))
    process.start()
    theirs.close()
    try:
        said, took, processor, peak = ours.recv()
    except EOFError:
        sys.exit(f"{what}: failed")
    process.join()
    print(
        f"{what}: {took:.1f} s, {processor:.1f} s of processors, {peak:.0f} MB at most\n  {said}",
        flush=True,
    )


def _measured(pipe: Connection, work: Callable[[], str]) -> None:
    started = time.perf_counter()
    said = work()
    pipe.send((said, time.perf_counter() - started, time.process_time(), peak_mb()))
