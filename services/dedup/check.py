"""The flow of a check: who could these leads be, decide, remember, answer.

One lead and a batch take the same way: all keys are locked in one statement,
all candidates are read in one, and within a batch each lead is also compared
with those before it. A fault of the comparison lets the lead pass, stored and
with a recheck to follow; a fault of the database is the caller's to handle
(`services.dedup.admission`).
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from time import perf_counter
from uuid import UUID

import psycopg

from services.dedup import provided_store, store
from services.dedup.decision import ALLOW
from services.dedup.judging import Judge, judged
from services.dedup.last_leads import LastLeads
from services.dedup.manner import AS_ANY, Manner
from services.dedup.neighbourhood import Neighbourhood
from services.dedup.outcome import Outcome, lead_row, remembered_row
from services.dedup.packed import Packed, packed
from services.dedup.policy import Policies
from services.dedup.policy_cache import PolicyCache
from services.dedup.preparation import Prepared
from services.dedup.report import created, late_duplicate, review_waiting
from services.dedup.trade.ping import PingOver
from services.dedup.trade.trading import Trading
from services.dedup.verdict import verdict
from shared import events, idempotency, jobs, leads
from shared.connection import Connection
from shared.db import STATEMENT_SECONDS, Database
from shared.errors import ServiceError
from shared.events import Event
from shared.frozen import frozen
from shared.idempotency import KEPT_FOR, KeyReused, New, Stored
from shared.privacy.gate import Gate, Pseudonym

MOST_PER_TRANSACTION = 100
"""Leads decided in one transaction: bounds how long a batch holds its locks."""

RECHECK = "dedup.recheck"
"""The kind of job that checks a stored lead whose check was skipped."""

Lock = Callable[[Connection, Sequence[Pseudonym]], None]
"""Holds keys until the transaction ends."""

Render = Callable[[Outcome], bytes]
"""Writes the answer that a caller reads."""

log = logging.getLogger(__name__)


@frozen
class Answered:
    """The answer to one lead: written now, or the first one again; or why there is none."""

    body: bytes = b""
    outcome: Outcome | None = None
    """None where an earlier answer is repeated."""
    error: ServiceError | None = None
    divergent: bool = False
    """True if the database had decided otherwise before it went away; the answer given stands."""


def check(
    database: Database,
    gate: Gate,
    tenant_id: str,
    prepared: Sequence[Prepared],
    render: Render,
    lock: Lock | None = None,
    judge: Judge = verdict,
    policies: PolicyCache | None = None,
    manner: Manner = AS_ANY,
) -> list[Answered]:
    """Decide *prepared* leads in their order, and store them: all of them, or none.

    At most MOST_PER_TRANSACTION leads. Raises Unavailable if nothing could be stored.
    Another *lock* than the database's own is for the tests that show that it is needed, another
    *judge* for those that show what becomes of a lead when it fails. Without *policies* that are
    remembered, they are read. *manner* is how rows of a file differ from leads that are posted.
    """
    remembered = policies or PolicyCache()
    begun = partial(_Work, gate, tenant_id, render, judge, remembered, manner)
    work = partial(_checked, database, begun, tenant_id, prepared, lock)
    return remembered.spared(tenant_id, work)


def _checked(
    database: Database,
    begun: Callable[[float, datetime], "_Work"],
    tenant_id: str,
    prepared: Sequence[Prepared],
    lock: Lock | None,
) -> list[Answered]:
    """Do the work of one transaction."""
    work = begun(perf_counter(), datetime.now(UTC))
    held = [key for lead in prepared for key in lead.locked]
    # A batch has as many rows to write as it has leads.
    patience = STATEMENT_SECONDS * (1 + len(prepared) // 10)
    with database.transaction(tenant_id, () if lock else held, patience) as conn:
        if lock:
            lock(conn, held)
        work.read(conn, prepared)
        conn.patience = patience
        answered = [work.answered(lead, len(prepared)) for lead in prepared]
        work.save(conn)
    return answered


@dataclass(slots=True)
class _Work:
    """One transaction on its way: what is known, what is decided, what is to be stored."""

    gate: Gate
    tenant_id: str
    render: Render
    judge: Judge
    remembered: PolicyCache
    manner: Manner
    started: float
    now: datetime
    around: Neighbourhood | None = None
    """None if it could not be read: then nobody can be compared."""
    policies: Policies = field(default_factory=Policies)
    last_leads: LastLeads = field(default_factory=LastLeads)
    trading: Trading = field(init=False)
    earlier: dict[int, Stored] = field(default_factory=dict)
    landed: dict[UUID, str] = field(default_factory=dict)
    """What had been decided of leads that passed, if their transaction had committed after all."""
    told: set[UUID] = field(default_factory=set)
    """Leads of which it is known already that they were late duplicates."""
    packs: dict[UUID, Packed] = field(default_factory=dict)
    """By lead, what is stored whatever is decided."""
    decided: list[tuple[Prepared, Outcome]] = field(default_factory=list)
    new: list[New] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.trading = Trading(self.now)

    def read(self, conn: Connection, prepared: Sequence[Prepared]) -> None:
        """Read what is known of and around *prepared*; their keys must be locked."""
        keys = [lead.retry.key for lead in prepared if lead.retry]
        earlier = idempotency.answers(conn, self.tenant_id, keys, self.now) if keys else ()
        passed = [lead.arrival.lead_id for lead in prepared if lead.arrival.passed]
        landed = store.decided(conn, self.tenant_id, passed, keys) if passed else ()
        policies = self.remembered.ask(conn, self.tenant_id)
        around = Neighbourhood()
        fill_in = around.ask(conn, self.gate, self.tenant_id, prepared)
        self.packs = {lead.arrival.lead_id: packed(lead) for lead in prepared}
        try:
            fill_in()
        except psycopg.Error:
            raise
        except Exception as error:
            log.error("the neighbourhood could not be read", exc_info=error)
        else:
            self.around = around
        self.earlier, self.landed = dict(earlier), dict(landed)
        self.policies = policies()
        if self.around is not None:
            self.last_leads.read(conn, self.tenant_id, prepared, self.around, self.policies)
            self.trading.read(conn, self.tenant_id, prepared, self.around, self.policies)
        if self.landed:
            known = list(self.landed)
            self.told = events.told(conn, self.tenant_id, "lead.late_duplicate", known)

    def answered(self, lead: Prepared, sharing: int) -> Answered:
        """Answer *lead*; its time counts as one of *sharing* that waited together."""
        first = self.earlier.get(lead.retry.key) if lead.retry else None
        if lead.arrival.passed and first and lead.retry and first.request != lead.retry.request:
            # Nobody could refuse the key when it came; the lead was let pass, so it is kept.
            lead, first = replace(lead, retry=None), None
        if lead.arrival.passed and (first or lead.arrival.lead_id in self.landed):
            return self._settled(lead, lead.arrival.passed, first)
        if first:
            return self._repeated(lead, first)
        if lead.ping_over:
            return Answered(error=PingOver())
        waited_ms = (perf_counter() - self.started) * 1000 / sharing
        policy, last = self.policies.of(lead.submission.source_id), self.last_leads.of(lead)
        outcome = judged(lead, self.around, waited_ms, self.judge, policy, last)
        outcome = self.trading.under(lead, outcome)
        if outcome.skipped and self.policies.book.lists:
            outcome = outcome.unasked()
        outcome = self.manner.amended(lead, outcome, self.around)
        if not self.manner.keeps(outcome):
            return Answered(outcome=outcome)
        body = lead.arrival.passed or self.render(outcome)
        if self.around is not None:
            self.around.add(lead, outcome)
            self.last_leads.add(outcome)
            self.trading.add(lead, outcome)
        self.decided.append((lead, outcome))
        self._answer(lead, body, outcome.lead_id)
        self._tell(lead, outcome)
        return Answered(body, outcome)

    def _repeated(self, lead: Prepared, first: Stored) -> Answered:
        if lead.retry is None or first.request != lead.retry.request:
            return Answered(error=KeyReused())
        place = _answer_place(lead.retry.key)
        return Answered(self.gate.unseal(self.tenant_id, first.answer, place))

    def _settled(self, lead: Prepared, passed: bytes, first: Stored | None) -> Answered:
        """Let the answer that was given stand for a lead whose transaction had committed."""
        lead_id = first.lead_id if first else lead.arrival.lead_id
        self._answer(lead, passed, lead_id)
        action = self.landed.get(lead_id, ALLOW.action_taken)
        divergent = action != ALLOW.action_taken
        if divergent and lead_id not in self.told:
            self.events.append(late_duplicate(lead, lead_id, action, self.now))
        return Answered(passed, divergent=divergent)

    def _answer(self, lead: Prepared, body: bytes, lead_id: UUID) -> None:
        """Keep *body* as what every retry gets."""
        retry = lead.retry
        if retry:
            sealed = lead.permit.seal(body, _answer_place(retry.key))
            self.earlier[retry.key] = Stored(retry.request, sealed, lead_id)
            self.new.append(New(retry, sealed, lead_id, self.now + KEPT_FOR))

    def _tell(self, lead: Prepared, outcome: Outcome) -> None:
        """Note what others want to hear of this lead."""
        if not self.manner.tells:
            return
        action = outcome.verdict.decision.action
        if lead.arrival.passed and action is not ALLOW and not outcome.skipped:
            late = late_duplicate(lead, outcome.lead_id, action.action_taken, self.now)
            self.events.append(late)
        if outcome.review_id:
            self.events.append(review_waiting(outcome, self.now))

    def _created(self, lead: Prepared, outcome: Outcome) -> Event | None:
        """Return that a new person came, if so."""
        decision = outcome.verdict.decision
        unasked = outcome.skipped and decision.needs_review  # its recheck tells
        if decision.duplicate or decision.turned_away or unasked or not self.manner.tells:
            return None
        return created(lead, outcome, self.now)

    def save(self, conn: Connection) -> None:
        """Store every decided lead, what the check keeps of it, answers, events and jobs."""
        tenant_id, now, decided = self.tenant_id, self.now, self.decided
        if decided:
            rows = [(*pair, self.packs[pair[0].arrival.lead_id]) for pair in decided]
            leads.save(conn, tenant_id, [lead_row(*row, self._created(*row[:2])) for row in rows])
            store.remember(conn, tenant_id, [remembered_row(*row, now) for row in rows])
            self.trading.save(conn, tenant_id)
        if self.new:
            idempotency.save(conn, tenant_id, self.new)
        if named := [(name, out.lead_id) for one, out in decided if (name := one.provided)]:
            provided_store.remember(conn, tenant_id, named)
        if self.events:
            events.save(conn, tenant_id, self.events)
        for lead, outcome in decided:
            if outcome.skipped:
                asked = {
                    "country": lead.country,
                    "receipt_id": str(lead.receipt_id),
                    "deal": lead.submission.deal.lasting,
                    "tells": self.manner.tells,
                }
                jobs.enqueue(conn, tenant_id, RECHECK, outcome.lead_id, asked)
        self.manner.settle(conn)


def _answer_place(key: int) -> str:
    return f"answer/{key}"
