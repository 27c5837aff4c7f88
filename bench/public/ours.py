"""The product on a public table: told the cells and the headings, and nothing else."""

import time

from bench.public.found import Found
from bench.public.peers.run import numbered
from bench.public.table import Table
from services.dedup.tables import linking
from services.dedup.tables.weighing import Weights


def found(table: Table, version: str) -> Found:
    """Return what the product finds by itself."""
    return _found(table, version, None, time.thread_time())


def taught(table: Table, labelled: Table, version: str) -> Found:
    """Return what it finds with weights counted on *labelled*, the development half."""
    started = time.thread_time()
    weights = linking.taught(labelled.columns, _cells(labelled), labelled.truth, labelled.sources)
    return _found(table, version, weights, started)


def _found(table: Table, version: str, weights: Weights | None, started: float) -> Found:
    linked = linking.linked(table.columns, _cells(table), table.sources, weights)
    clusters = numbered(linked.clusters, len(table.rows))
    labels = weights is not None
    return Found("LeadFly", labels, clusters, version, time.thread_time() - started)


def _cells(table: Table) -> list[list[str | None]]:
    return [[row[name] for name in table.columns] for row in table.rows]
