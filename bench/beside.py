"""Checks one after another, on their own or beside what goes on in the background."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from bench.people import Population
from services.dedup.answer import answer
from services.dedup.check import check
from services.dedup.outcome import Outcome
from services.dedup.preparation import prepare
from services.dedup.verdict import Submission
from shared.db import Database
from shared.privacy.gate import Gate

PAUSE_SECONDS = 0.05
"""Pause between two checks."""


def checks(
    database: Database,
    gate: Gate,
    tenant_id: str,
    people: Population,
    first: int,
    more: Callable[[], bool],
) -> list[float]:
    """Check leads, from number *first* on, while there is *more*; return what each took, in ms."""
    took: list[float] = []
    while more():
        fields = dict(people.lead(first + len(took)))
        begun = time.perf_counter()
        lead = prepare(gate, tenant_id, Submission("form", fields, datetime.now(UTC)), "US")
        check(database, gate, tenant_id, [lead], _rendered)
        took.append((time.perf_counter() - begun) * 1000)
        time.sleep(PAUSE_SECONDS)
    return took


def lasting(seconds: float) -> Callable[[], bool]:
    """Return what is true for so long."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() < end


def told(took: Sequence[float]) -> str:
    """Return the median and the 99th percentile of milliseconds in words."""
    ranked: Any = sorted(took) or [0.0]
    return f"p50 {ranked[len(ranked) // 2]:.1f} ms, p99 {ranked[int(len(ranked) * 0.99)]:.1f} ms"


def _rendered(outcome: Outcome) -> bytes:
    return orjson.dumps(answer(outcome))
