"""The flow of a check: who could these leads be, decide, remember, answer.

One lead and a batch take the same way: all keys are locked in one statement,
all candidates are read in one, and within a batch each lead is also compared
with those before it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter

from psycopg import Connection

from services.dedup import store
from services.dedup.neighbourhood import Neighbourhood
from services.dedup.outcome import Outcome, lead_row, remembered_row
from services.dedup.preparation import Prepared
from services.dedup.verdict import verdict
from shared import idempotency, leads
from shared.db import Database
from shared.errors import ServiceError
from shared.idempotency import KEPT_FOR, KeyReused, New, Retry, Stored
from shared.ids import uuid7
from shared.privacy.gate import Gate, Pseudonym

MOST_PER_TRANSACTION = 100
"""Leads decided in one transaction: bounds how long a batch holds its locks."""

Lock = Callable[[Connection, Sequence[Pseudonym]], None]
"""Holds keys until the transaction ends."""

Render = Callable[[Outcome], bytes]
"""Writes the answer that a caller reads."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to one lead: written now, or the first one again; or why there is none."""

    body: bytes = b""
    outcome: Outcome | None = None
    """None where an earlier answer is repeated."""
    error: ServiceError | None = None


def check(
    database: Database,
    gate: Gate,
    tenant_id: str,
    prepared: Sequence[Prepared],
    render: Render,
    lock: Lock = store.lock,
) -> list[Answered]:
    """Decide *prepared* leads in their order, and store them: all of them, or none.

    At most MOST_PER_TRANSACTION leads. Raises Unavailable if nothing could be stored.
    Another *lock* is for the tests that show that this one is needed.
    """
    work = _Work(gate, tenant_id, render, perf_counter(), datetime.now(UTC))
    with database.transaction(tenant_id) as conn:
        lock(conn, [key for lead in prepared for key in lead.locked])
        keys = [lead.retry.key for lead in prepared if lead.retry]
        if keys:
            work.earlier = idempotency.answers(conn, tenant_id, keys, work.now)
        work.around.read(conn, gate, tenant_id, prepared)
        answered = [work.answered(lead, len(prepared)) for lead in prepared]
        work.save(conn)
    return answered


@dataclass(slots=True)
class _Work:
    """One transaction on its way: what is known, what is decided, what is to be stored."""

    gate: Gate
    tenant_id: str
    render: Render
    started: float
    now: datetime
    around: Neighbourhood = field(default_factory=Neighbourhood)
    earlier: dict[int, Stored] = field(default_factory=dict)
    decided: list[tuple[Prepared, Outcome]] = field(default_factory=list)
    new: list[New] = field(default_factory=list)

    def answered(self, lead: Prepared, sharing: int) -> Answered:
        """Answer *lead*; its time counts as one of *sharing* that waited together."""
        retry = lead.retry
        first = self.earlier.get(retry.key) if retry else None
        if first and retry:
            return self._repeated(first, retry)
        waited_ms = (perf_counter() - self.started) * 1000 / sharing
        outcome = _decided(lead, self.around, waited_ms)
        body = self.render(outcome)
        self.around.add(lead, outcome)
        self.decided.append((lead, outcome))
        if retry:
            sealed = lead.permit.seal(body, _answer_place(retry))
            self.earlier[retry.key] = Stored(retry.request, sealed)
            self.new.append(New(retry, sealed, outcome.lead_id, self.now + KEPT_FOR))
        return Answered(body, outcome)

    def _repeated(self, first: Stored, retry: Retry) -> Answered:
        if first.request != retry.request:
            return Answered(error=KeyReused())
        return Answered(self.gate.unseal(self.tenant_id, first.answer, _answer_place(retry)))

    def save(self, conn: Connection) -> None:
        """Store every decided lead, what the check keeps of it, and the answers to repeat."""
        tenant_id, now, decided = self.tenant_id, self.now, self.decided
        if decided:
            leads.save(conn, tenant_id, [lead_row(*pair, now) for pair in decided])
            store.remember(conn, tenant_id, [remembered_row(*pair, now) for pair in decided])
        if self.new:
            idempotency.save(conn, tenant_id, self.new)


def _answer_place(retry: Retry) -> str:
    return f"answer/{retry.key}"


def _decided(lead: Prepared, around: Neighbourhood, waited_ms: float) -> Outcome:
    started = perf_counter()
    reached = verdict(
        lead.submission,
        lead.reading,
        around.of(lead),
        around.sightings(lead),
        around.colleagues(lead),
    )
    return Outcome(
        lead_id=uuid7(),
        decision_id=uuid7(),
        review_id=uuid7() if reached.decision.needs_review else None,
        submission=lead.submission,
        verdict=reached,
        took_ms=lead.took_ms + waited_ms + (perf_counter() - started) * 1000,
    )
