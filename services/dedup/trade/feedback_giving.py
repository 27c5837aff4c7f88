"""Giving feedback: a buyer's word on a lead is checked, stored, and taken back.

Words on one lead come in turn, and so do requests of one name; the deal's row is locked after
that, then the counts of caps, and the numbers of days last.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.dedup.trade import caps, feedback_rates_store, feedback_store, terms_store
from services.dedup.trade.book_reading import book
from services.dedup.trade.deal import Deal
from services.dedup.trade.feedback import (
    CONVERSION,
    RETURN,
    Concerned,
    Said,
    SaidOtherwise,
    buyer,
    check,
    same,
)
from services.dedup.trade.feedback_store import Given
from services.dedup.trade.returns import DUPLICATE
from services.dedup.trade.terms import NO_BOOK, Terms
from shared import consents, events, leads
from shared.connection import Connection
from shared.db import Database
from shared.errors import Meaningless, NotFound
from shared.events import Event
from shared.idempotency import KeyReused
from shared.ids import uuid7
from shared.privacy.gate import Gate, Sealed
from shared.privacy.purposes import LEAD_PROCESSING

CONVERTED = "converted"
"""The status of a lead that converted (contract, section 3)."""


@dataclass(frozen=True, slots=True)
class Told:
    """A word on a lead as it stands."""

    given: Given
    """With its note opened."""
    changed: bool
    """False if it stood so already."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where words are given and taken back."""

    database: Database
    gate: Gate


def give(
    desk: Desk,
    tenant_id: str,
    lead_id: UUID,
    said: Said,
    by: str,
    now: datetime,
    name: str | None = None,
) -> Told:
    """Store what is said of a lead; said once more, nothing changes. *name* is the request's own.

    Raises NotFound; Conflict if the lead was not taken, is another buyer's, something else was
    said of it, or its window is over; Meaningless for what makes no sense; KeyReused; and
    ConsentMissing where the mode asks for a consent to keep the note.
    """
    keyring = desk.gate.keyring
    key = keyring.pseudonym(tenant_id, "feedback request", name) if name else None
    held = [_turn(desk, tenant_id, lead_id), *([key] if key is not None else [])]
    with desk.database.transaction(tenant_id, held) as conn:
        lead = feedback_store.concerned(conn, tenant_id, lead_id)
        if lead is None:
            raise NotFound
        if key is not None and (before := feedback_store.under_key(conn, tenant_id, key)):
            return _repeated(desk, tenant_id, lead, said, before)
        said = replace(said, buyer_id=buyer(said, lead))
        standing = feedback_store.standing(conn, tenant_id, lead_id)
        if standing is not None:
            return _again(opened(desk.gate, tenant_id, standing), said)
        check(said, lead, _terms(conn, tenant_id, lead, said), now)
        if said.duplicate_of and not feedback_store.stored(conn, tenant_id, said.duplicate_of):
            raise Meaningless(details={"duplicate_of": "is no lead of this account"})
        given = _given(lead, replace(said, at=said.at or now), by, now)
        _store(desk, conn, tenant_id, lead, given, key)
    return Told(given, True)


def take_back(
    desk: Desk, tenant_id: str, lead_id: UUID, feedback_id: UUID, by: str, now: datetime
) -> Told:
    """Take a word on a lead back: deal and status are again what they were before it.

    A place under a cap that a return gave back stays given. Raises NotFound.
    """
    with desk.database.transaction(tenant_id, [_turn(desk, tenant_id, lead_id)]) as conn:
        lead = feedback_store.concerned(conn, tenant_id, lead_id)
        given = feedback_store.one(conn, tenant_id, lead_id, feedback_id)
        if lead is None or given is None:
            raise NotFound
        given = opened(desk.gate, tenant_id, given)
        if given.undone_at is not None:
            return Told(given, False)
        feedback_store.undo(conn, tenant_id, feedback_id, now, by)
        if given.said.type == RETURN:
            feedback_store.resume_deal(conn, tenant_id, given)
        elif given.status_before is not None:
            leads.move(conn, tenant_id, lead_id, CONVERTED, given.status_before)
        _count(conn, tenant_id, lead, given, -1)
    return Told(replace(given, undone_at=now, undone_by=by), True)


def page(
    desk: Desk, tenant_id: str, lead_id: UUID, after: UUID | None, limit: int
) -> tuple[list[Given], UUID | None]:
    """Return up to *limit* words on a lead, the latest first, and the next `after`.

    Raises NotFound.
    """
    with desk.database.transaction(tenant_id) as conn:
        if not feedback_store.stored(conn, tenant_id, lead_id):
            raise NotFound
        found = feedback_store.page(conn, tenant_id, lead_id, after, limit + 1)
    following = found[limit - 1].id if len(found) > limit else None
    return [opened(desk.gate, tenant_id, given) for given in found[:limit]], following


def opened(gate: Gate, tenant_id: str, given: Given) -> Given:
    """Return *given* with its note in words."""
    if given.note is None:
        return given
    note = gate.unseal(tenant_id, bytes(given.note), _place(given.id)).decode()
    return replace(given, said=replace(given.said, note=note))


def _turn(desk: Desk, tenant_id: str, lead_id: UUID) -> int:
    return desk.gate.keyring.pseudonym(tenant_id, "feedback", str(lead_id))


def _place(feedback_id: UUID) -> str:
    return f"dedup/feedback/{feedback_id}"


def _terms(conn: Connection, tenant_id: str, lead: Concerned, said: Said) -> Terms:
    known = book(terms_store.book(conn, tenant_id), NO_BOOK)
    return known.of(lead.source_id, Deal(said.buyer_id, lead.campaign_id))


def _repeated(desk: Desk, tenant_id: str, lead: Concerned, said: Said, before: Given) -> Told:
    """Return what the request of that name said before. Raises KeyReused if it is another."""
    given = opened(desk.gate, tenant_id, before)
    named = said.buyer_id or given.said.buyer_id
    if given.lead_id != lead.id or not same(said, given.said, named):
        raise KeyReused(KEY_REUSED)
    return Told(given, False)


KEY_REUSED = "This idempotency key came before with other feedback; use a new key for it."


def _again(standing: Given, said: Said) -> Told:
    """Return what stands if it is what is *said*. Raises SaidOtherwise."""
    if same(said, standing.said, said.buyer_id or standing.said.buyer_id):
        return Told(standing, False)
    raise SaidOtherwise(
        details={
            "type": f"the lead has a {standing.said.type} that says otherwise",
            "feedback_id": str(standing.id),
        }
    )


def _given(lead: Concerned, said: Said, by: str, now: datetime) -> Given:
    returned, converted = said.type == RETURN, said.type == CONVERSION
    return Given(
        uuid7(),
        lead.id,
        said,
        None,
        lead.counted,
        lead.stands_as if returned else None,
        lead.settled_at if returned else None,
        lead.status if converted and lead.status != CONVERTED else None,
        now,
        by,
    )


def _store(
    desk: Desk, conn: Connection, tenant_id: str, lead: Concerned, given: Given, key: int | None
) -> None:
    feedback_store.add(conn, tenant_id, given, _sealed(desk, conn, tenant_id, given), key)
    if given.said.type == RETURN:
        duplicate = True if given.said.reason == DUPLICATE else None
        feedback_store.label(conn, tenant_id, given, lead, duplicate)
        feedback_store.end_deal(conn, tenant_id, lead, given.given_at)
        caps.given_back(conn, tenant_id, lead.id, given.given_at)
    elif given.status_before is not None:
        _convert(conn, tenant_id, lead, given)
    _count(conn, tenant_id, lead, given, 1)


def _convert(conn: Connection, tenant_id: str, lead: Concerned, given: Given) -> None:
    """Give the lead its status and tell of it, as whoever changes a status does."""
    if not leads.move(conn, tenant_id, lead.id, lead.status, CONVERTED):
        raise SaidOtherwise(details={"type": "the lead's status changed just now; try again"})
    about = {
        "source_id": lead.source_id,
        "status_before": lead.status,
        "feedback_id": str(given.id),
    }
    events.save(conn, tenant_id, [Event("lead.converted", lead.id, given.given_at, about)])


def _sealed(desk: Desk, conn: Connection, tenant_id: str, given: Given) -> Sealed | None:
    if given.said.note is None:
        return None
    agreed = consents.latest(conn, tenant_id, given.lead_id)
    permit = desk.gate.admit(tenant_id, LEAD_PROCESSING, agreed)
    return permit.seal(given.said.note.encode(), _place(given.id))


def _count(conn: Connection, tenant_id: str, lead: Concerned, given: Given, more: int) -> None:
    if given.counted:
        words = (given.said.type, given.said.reason or "")
        day, concerns = lead.received_at.date(), (lead.source_id, lead.buyer_id)
        feedback_rates_store.add(conn, tenant_id, day, concerns, words, more)
