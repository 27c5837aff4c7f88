"""The flow of a check: read the leads, find who they could be, decide, remember.

One lead and a batch take the same way: all blocking keys are locked in one
statement, all candidates are read in one, and within a batch each lead is also
compared with those before it.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import perf_counter
from uuid import UUID

from psycopg import Connection

from services.dedup import blocking, model, record, store
from services.dedup.record import Reading, unpack
from services.dedup.verdict import HOUR, Known, Submission, Verdict, verdict
from shared import leads
from shared.db import Database
from shared.ids import uuid7
from shared.privacy.gate import Gate, Permit, Pseudonym
from shared.privacy.purposes import LEAD_PROCESSING

MOST_PER_TRANSACTION = 100
"""Leads decided in one transaction: bounds how long a batch holds its locks."""

Lock = Callable[[Connection, Sequence[Pseudonym]], None]
"""Holds blocking keys until the transaction ends."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A submission read and admitted: all that can be done before a lock is held."""

    submission: Submission
    permit: Permit
    reading: Reading
    keys: Sequence[Pseudonym]
    relations: Sequence[Pseudonym]
    """Keys that colleagues share: read, never locked."""
    ip_key: Pseudonym | None
    took_ms: float
    """What reading took, in milliseconds."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decided and stored lead: everything that its answer says."""

    lead_id: UUID
    decision_id: UUID
    review_id: UUID | None
    submission: Submission
    verdict: Verdict
    took_ms: float
    """What reading, deciding and storing took: this lead's share of its batch, in milliseconds."""

    @property
    def person(self) -> tuple[UUID, UUID]:
        """Return the subject this lead belongs to, and that person's first lead."""
        best = self.verdict.best
        if self.verdict.decision.duplicate and best:
            return best.known.subject_id, best.known.original
        return self.lead_id, self.lead_id


def prepare(gate: Gate, tenant_id: str, submission: Submission, country: str) -> Prepared:
    """Return *submission* read and admitted; *country* reads its national phone number.

    Raises ConsentMissing where the privacy mode asks for a consent that was not given.
    """
    started = perf_counter()
    permit = gate.admit(tenant_id, LEAD_PROCESSING, submission.consent)
    reading = record.read(submission.fields, country)
    return Prepared(
        submission,
        permit,
        reading,
        keys=[permit.pseudonym(*key) for key in blocking.keys(reading.record)],
        relations=[permit.pseudonym(*key) for key in blocking.relations(reading.record)],
        ip_key=permit.pseudonym("ip", submission.ip) if submission.ip else None,
        took_ms=(perf_counter() - started) * 1000,
    )


def check(
    database: Database,
    gate: Gate,
    tenant_id: str,
    prepared: Sequence[Prepared],
    lock: Lock = store.lock,
) -> list[Outcome]:
    """Decide *prepared* leads in their order, and store them: all of them, or none.

    At most MOST_PER_TRANSACTION leads. Raises Unavailable if nothing could be stored.
    Another *lock* is for the tests that show that this one is needed.
    """
    started = perf_counter()
    with database.transaction(tenant_id) as conn:
        lock(conn, [key for lead in prepared for key in lead.keys])
        blocks = _blocks(conn, gate, tenant_id, prepared)
        seen = _sightings(conn, tenant_id, prepared)
        outcomes = []
        for lead in prepared:
            outcome = _decided(lead, blocks, seen)
            outcomes.append(outcome)
            _show_to_the_next(blocks, seen, lead, outcome)
        _remember(conn, tenant_id, list(zip(prepared, outcomes, strict=True)), datetime.now(UTC))
    share_ms = (perf_counter() - started) * 1000 / len(prepared)
    return [
        replace(outcome, took_ms=lead.took_ms + share_ms)
        for lead, outcome in zip(prepared, outcomes, strict=True)
    ]


Blocks = dict[int, dict[UUID, Known]]
"""Known leads by blocking key."""

Sightings = dict[int, list[datetime]]
"""When leads came from an address, by its pseudonym."""


def _blocks(conn: Connection, gate: Gate, tenant_id: str, prepared: Sequence[Prepared]) -> Blocks:
    keys = {key for lead in prepared for key in lead.keys}
    relations = {key for lead in prepared for key in lead.relations}
    blocks: Blocks = defaultdict(dict)
    for row in store.candidates(conn, tenant_id, sorted(keys), sorted(relations)):
        opened = unpack(gate.unseal(tenant_id, row.compared, str(row.lead_id)))
        known = Known(
            row.lead_id, row.subject_id, row.original, row.source_id, row.submitted_at, opened
        )
        for key in row.blocking_keys:
            blocks[key][known.lead_id] = known
    return blocks


def _sightings(conn: Connection, tenant_id: str, prepared: Sequence[Prepared]) -> Sightings:
    wanted = [
        (lead.ip_key, lead.submission.submitted_at - HOUR, lead.submission.submitted_at)
        for lead in prepared
        if lead.ip_key is not None
    ]
    return store.sightings(conn, tenant_id, wanted) if wanted else {}


def _decided(lead: Prepared, blocks: Blocks, seen: Sightings) -> Outcome:
    known: dict[UUID, Known] = {}
    for key in (*lead.keys, *lead.relations):
        known |= blocks.get(key, {})
    times = seen.get(lead.ip_key, []) if lead.ip_key is not None else []
    reached = verdict(lead.submission, lead.reading, known.values(), times)
    return Outcome(
        lead_id=uuid7(),
        decision_id=uuid7(),
        review_id=uuid7() if reached.decision.needs_review else None,
        submission=lead.submission,
        verdict=reached,
        took_ms=0.0,
    )


def _show_to_the_next(blocks: Blocks, seen: Sightings, lead: Prepared, outcome: Outcome) -> None:
    """Let the later leads of the same batch see this one."""
    submission = lead.submission
    known = Known(
        outcome.lead_id,
        *outcome.person,
        submission.source_id,
        submission.submitted_at,
        lead.reading.record,
    )
    for key in (*lead.keys, *lead.relations):
        blocks[key][known.lead_id] = known
    if lead.ip_key is not None:
        seen[lead.ip_key].append(submission.submitted_at)


def _remember(
    conn: Connection, tenant_id: str, pairs: Sequence[tuple[Prepared, Outcome]], now: datetime
) -> None:
    leads.save(conn, tenant_id, [_lead(lead, outcome, now) for lead, outcome in pairs])
    store.remember(conn, tenant_id, [_remembered(lead, outcome, now) for lead, outcome in pairs])


def _lead(lead: Prepared, outcome: Outcome, now: datetime) -> leads.Lead:
    submission, decision = lead.submission, outcome.verdict.decision
    subject_id, original = outcome.person
    bound_to = str(outcome.lead_id)
    return leads.Lead(
        id=outcome.lead_id,
        subject_id=subject_id,
        source_id=submission.source_id,
        kept=lead.permit.keep(submission.fields, bound_to),
        received_at=now,
        submitted_at=submission.submitted_at,
        duplicate_of=original if decision.duplicate else None,
        status="invalid" if decision.turned_away else "new",
        raw=lead.permit.seal(submission.raw, bound_to) if submission.raw else None,
    )


def _remembered(lead: Prepared, outcome: Outcome, now: datetime) -> store.Remembered:
    reached = outcome.verdict
    evidence = reached.best.match.evidence if reached.best else ()
    return store.Remembered(
        lead_id=outcome.lead_id,
        decision_id=outcome.decision_id,
        compared=lead.permit.seal(lead.reading.record.pack(), str(outcome.lead_id)),
        blocking_keys=[*lead.keys, *lead.relations],
        ip_key=lead.ip_key,
        submitted_at=lead.submission.submitted_at,
        decided_at=now,
        action=reached.decision.action.action_taken,
        match_probability=reached.match_probability,
        risk_score=reached.risk.score,
        compared_with=reached.best.known.lead_id if reached.best else None,
        evidence={
            "prior": model.PRIOR,
            "levels": {e.comparison: [e.level, e.weight] for e in evidence},
            "risk": dict(reached.risk.factors),
        },
        model_version=model.VERSION,
        review_id=outcome.review_id,
    )
