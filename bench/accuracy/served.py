"""The same leads posted to a running service, which must decide as the run in memory does.

PostgreSQL and the app start as for the other benchmarks, on an empty database. Leads go through
the batch route in the order of arrival, so a difference is a fault of one side or the other: of
what the memory makes of the database, or of what the service stores and reads.
"""

import http.client
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from bench.accuracy.engine import TENANT, body, run
from bench.leads.arrival import Arrival
from bench.served import Served
from leadfly.migrate import migrate
from services.dedup.openapi import PATH
from shared.embedded import OWNER, Server

BATCH = 100
"""Leads a request: as many as are decided in one transaction."""

ANSWER_SECONDS = 120.0

SAME = 1e-6
"""Difference of two match probabilities that rounding makes: an answer has six decimals."""

SHOWN = 20
"""Differences printed."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One lead of which the service said something else."""

    position: int
    in_memory: tuple[str, float]
    """Action taken and match probability."""
    served: tuple[str, float]


def differences(arrivals: Sequence[Arrival], home: Path | None = None) -> list[Difference]:
    """Return where a service and the run in memory differ; *home* is an empty folder."""
    with TemporaryDirectory() as folder:
        answered = [_said(answer) for answer in _posted(arrivals, home or Path(folder))]
    judged = [
        (step.action, step.best[1].probability if step.best else 0.0) for step in run(arrivals)
    ]
    return [
        Difference(position, ours, theirs)
        for position, (ours, theirs) in enumerate(zip(judged, answered, strict=True))
        if ours[0] != theirs[0] or abs(ours[1] - theirs[1]) > SAME
    ]


def text(arrivals: Sequence[Arrival], found: Sequence[Difference]) -> Iterator[str]:
    """Yield what to print of the differences."""
    actions = sum(each.in_memory[0] != each.served[0] for each in found)
    yield (
        f"{len(arrivals):,} leads served: {actions:,} other actions than in memory, "
        f"{len(found) - actions:,} other probabilities alone"
    )
    for each in found[:SHOWN]:
        kind = arrivals[each.position].kind
        yield f"  #{each.position} {kind}: in memory {each.in_memory}, served {each.served}"


def _posted(arrivals: Sequence[Arrival], home: Path) -> Iterator[dict[str, Any]]:
    server = Server(home.absolute())
    server.start()
    try:
        migrate(server.conninfo(OWNER))
        service = Served("leadfly.app:served()", home / "service.log", LEADFLY_HOME=str(home))
        try:
            for start in range(0, len(arrivals), BATCH):
                yield from _batch(service.port, arrivals[start : start + BATCH])
        finally:
            service.stop()
    finally:
        server.stop()


def _batch(port: int, arrivals: Sequence[Arrival]) -> list[dict[str, Any]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
    leads = {"user_id": TENANT, "leads": [body(arrival) for arrival in arrivals]}
    try:
        headers = {"Content-Type": "application/json"}
        connection.request("POST", f"{PATH}/batch", orjson.dumps(leads), headers)
        results: list[dict[str, Any]] = orjson.loads(connection.getresponse().read())["results"]
    finally:
        connection.close()
    return results


def _said(answer: dict[str, Any]) -> tuple[str, float]:
    if answer.get("check_skipped"):
        return "skipped", 0.0
    return answer.get("action_taken", ""), answer.get("confidence_score", 0.0)
