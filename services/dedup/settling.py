"""Settling a review: a person says whether a flagged lead is somebody we know, or takes it back.

Verdicts of one tenant come in turn, so that merges never cross; around the person whose records
move, the blocking keys are locked as for a lead, so that no lead is decided on half a merge.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from services.dedup import desk_store, review_store
from services.dedup.desk_store import Review
from services.dedup.report import judged_duplicate
from services.dedup.review_store import Judged
from shared import clusters, events, leads
from shared.connection import Connection
from shared.db import Database
from shared.errors import Conflict, Meaningless, NotFound
from shared.ids import uuid7
from shared.privacy.gate import Gate, Permit
from shared.privacy.purposes import LEAD_PROCESSING

SETTLING_SECONDS = 2.0
"""How long one statement may take: a person waits, and somebody's records may be thousands."""

REOPENED = "reopened"
"""What stands in the audit where a verdict was taken back."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a reviewer says."""

    judgement: str
    """`duplicate`, `different`, `unsure` or `REOPENED`."""
    reason: str | None
    by: str
    """The prefix of an API key, or `local`."""


@dataclass(frozen=True, slots=True)
class _Case:
    """One review that nobody else settles until its transaction ends."""

    conn: Connection
    permit: Permit
    review: Review
    now: datetime


def settle(database: Database, gate: Gate, tenant_id: str, review_id: UUID, said: Said) -> bool:
    """Return True if this verdict was new, False if it stood already.

    Raises NotFound; Conflict if the review was settled otherwise; Meaningless for a duplicate of
    nobody; ConsentMissing where the mode asks for a consent that does not stand.
    """
    with _held(database, gate, tenant_id, review_id) as case:
        if case.review.settled:
            if case.review.judgement == said.judgement:
                return False
            raise Conflict(details={"verdict": "the review was settled otherwise: reopen it first"})
        if said.judgement == "duplicate":
            _merge(case)
        if said.judgement in desk_store.SETTLED:
            same = said.judgement == "duplicate"
            review_store.label(case.conn, tenant_id, review_id, same, case.now)
        _judge(case, said)
        return True


def reopen(database: Database, gate: Gate, tenant_id: str, review_id: UUID, said: Said) -> bool:
    """Return True if this took a verdict back, and with it a merge; False if none stood.

    Raises NotFound; ConsentMissing where the mode asks for a consent that does not stand.
    """
    with _held(database, gate, tenant_id, review_id) as case:
        if not case.review.settled:
            return False
        if case.review.judgement == "duplicate":
            _unmerge(case)
        review_store.unlabel(case.conn, tenant_id, review_id)
        _judge(case, said)
        return True


@contextmanager
def _held(database: Database, gate: Gate, tenant_id: str, review_id: UUID) -> Iterator[_Case]:
    with database.transaction(tenant_id) as conn:
        lead_id = _found(conn, tenant_id, review_id).lead.id
        keys = review_store.keys_around(conn, tenant_id, lead_id)
    held = [clusters.turn(gate, tenant_id), *keys]
    with database.transaction(tenant_id, held, SETTLING_SECONDS) as conn:
        review = _found(conn, tenant_id, review_id)
        stored = leads.find(conn, gate, tenant_id, review.lead.id)
        permit = gate.admit(tenant_id, LEAD_PROCESSING, stored.consent if stored else None)
        yield _Case(conn, permit, review, datetime.now(UTC))


def _found(conn: Connection, tenant_id: str, review_id: UUID) -> Review:
    review = desk_store.review(conn, tenant_id, review_id)
    if review is None:
        raise NotFound
    return review


def _merge(case: _Case) -> None:
    """Make the lead, and every record of the person it stood for, the known person's."""
    conn, tenant_id, review = case.conn, case.permit.tenant_id, case.review
    known = review_store.person(conn, tenant_id, review.known.id) if review.known else None
    if known is None:
        raise Meaningless(
            details={"verdict": "cannot be duplicate: there is no known lead to be one of"}
        )
    moved = clusters.join(conn, case.permit, review.lead.id, *known)
    review_store.note_merge(conn, tenant_id, review.id, moved)
    if moved and events.told(conn, tenant_id, "lead.created", [review.lead.id]):
        told = judged_duplicate(
            review.lead.id, review.lead.source_id, review.id, known[1], case.now
        )
        events.save(conn, tenant_id, [told])


def _unmerge(case: _Case) -> None:
    """Make the lead a person of its own again, with whatever came to that person meanwhile."""
    conn, tenant_id, review_id = case.conn, case.permit.tenant_id, case.review.id
    clusters.part(conn, case.permit, review_store.returning(conn, tenant_id, review_id))
    review_store.forget_merge(conn, tenant_id, review_id)


def _judge(case: _Case, said: Said) -> None:
    entry_id = uuid7()
    reason = said.reason and case.permit.seal(said.reason.encode(), reason_place(entry_id))
    judged = Judged(entry_id, said.judgement, said.by, case.now, reason or None)
    review_store.judge(case.conn, case.permit.tenant_id, case.review.id, judged)


def reason_place(entry_id: UUID) -> str:
    """Return what the sealed reason of an entry of the audit is bound to."""
    return f"judgement/{entry_id}"
