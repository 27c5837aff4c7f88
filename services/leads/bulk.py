"""Bulk actions: one change to thousands of leads at once, seen beforehand and taken back after.

An action and its undoing are one transaction each: all of it is there, or nothing. Leads are
locked in the order of their ids, so that of two actions on the same leads one comes after the
other. See docs/decisions/0034.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from services.leads import bulk_store, change_writing, consent_store, filter_store
from services.leads.bulk_store import Action
from services.leads.change import INVALID, Change
from services.leads.change_writing import Mark, Tally
from services.leads.changing import check_investigation, check_tags, tell
from services.leads.filter import Filter
from shared.connection import Connection
from shared.db import Database
from shared.errors import Conflict, Meaningless, NotFound
from shared.ids import uuid7
from shared.privacy.gate import Gate
from shared.privacy.purposes import LEAD_PROCESSING

MOST = 10_000
"""Leads of one action: what one transaction changes in a few seconds on a small machine."""

BULK_SECONDS = 10.0
"""How long one statement of an action may take, and so how long its leads may be locked: it takes
three on an idle machine of two cores."""

SAMPLE = 10
"""Leads that a preview shows."""


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants of many leads."""

    wanted: Filter
    change: Change
    limit: int | None = None
    """As many of them as this, the first by their ids; None: all, and MOST at most."""
    expected_count: int | None = None
    """How many leads would change, as a preview said."""
    selection: str | None = None
    """Which leads they are, as a preview said."""

    @property
    def revives(self) -> bool:
        """True if who asks says that leads are invalid, and so may give them another status."""
        return INVALID in self.wanted.statuses


@dataclass(frozen=True, slots=True)
class Picked:
    """The leads that an order means, and those that are left alone."""

    lead_ids: Sequence[UUID]
    missing: int
    """Of the leads that were named, those that are not there."""
    without_consent: int
    invalid: int
    """Leads whose status stays as it is because it is invalid."""

    @property
    def selection(self) -> str:
        """A digest of which leads they are."""
        named = ",".join(map(str, self.lead_ids))
        return sha256(named.encode()).hexdigest()[:32]

    def answer(self, tally: Tally) -> dict[str, Any]:
        """Return what becomes of them, in the words of the API."""
        return {
            "leads": len(self.lead_ids),
            "would_change": tally.leads,
            "already_so": len(self.lead_ids) - tally.leads,
            "missing": self.missing,
            "without_consent": self.without_consent,
            "left_invalid": self.invalid,
            "fields": tally.fields,
            "selection": self.selection,
        }


@dataclass(frozen=True, slots=True)
class Preview:
    """What an order would do."""

    picked: Picked
    tally: Tally
    sample: Sequence[tuple[UUID, str, Any, Any]]
    """Lead, field, and its value before and after, of a few leads."""


@dataclass(frozen=True, slots=True)
class Done:
    """What an order did; without an action nothing was to be changed."""

    action: Action | None
    picked: Picked
    tally: Tally


def preview(database: Database, gate: Gate, tenant_id: str, order: Order) -> Preview:
    """Return what *order* would do now. Raises as `run` does, but Conflict for no number."""
    check_investigation(database, tenant_id, order.change)
    with database.transaction(tenant_id, patience=BULK_SECONDS) as conn:
        picked = _picked(conn, gate, tenant_id, order, locked=False)
        ids, revives = picked.lead_ids, order.revives
        tally = change_writing.tally(conn, tenant_id, ids, order.change, revives)
        check_tags(tally)
        found = change_writing.differences(conn, tenant_id, ids, order.change, revives, SAMPLE)
    return Preview(picked, tally, found)


def run(database: Database, gate: Gate, tenant_id: str, order: Order, by: str) -> Done:
    """Do what *order* says, all of it or nothing, and return what was done.

    Raises NotFound if none of the leads named is there, or no such investigation; Meaningless for
    more leads than MOST, or too many tags; Conflict if it is not what was seen, or the
    investigation is closed.
    """
    check_investigation(database, tenant_id, order.change)
    now, bulk_id = datetime.now(UTC), uuid7()
    with database.transaction(tenant_id, patience=BULK_SECONDS) as conn:
        picked = _picked(conn, gate, tenant_id, order, locked=True)
        mark = Mark(by, now, bulk_id)
        tally = change_writing.write(
            conn, tenant_id, picked.lead_ids, order.change, order.revives, mark
        )
        # What was written so far is forgotten by whoever raises here.
        check_tags(tally)
        _check_expected(order, picked, tally)
        if not tally.leads:
            return Done(None, picked, tally)
        tell(conn, tenant_id, tally.arrivals, now, bulk_id)
        action = Action(bulk_id, order.change.answer(), tally.leads, now, by)
        bulk_store.add(conn, tenant_id, action)
    return Done(action, picked, tally)


def undo(database: Database, tenant_id: str, bulk_id: UUID, by: str) -> tuple[Action, bool]:
    """Take an action back; return it, and False if it was taken back before. Raises NotFound.

    Every field that still has the value that the action set gets the one from before; others are
    counted and left. Nobody is told, and what was told stays told.
    """
    now = datetime.now(UTC)
    with database.transaction(tenant_id, patience=BULK_SECONDS) as conn:
        action = bulk_store.one(conn, tenant_id, bulk_id, locked=True)
        if action is None:
            raise NotFound
        if action.undone_at is not None:
            return action, False
        lead_ids = bulk_store.locked(conn, tenant_id, bulk_id)
        values = bulk_store.values(conn, tenant_id, bulk_id)
        mark = Mark(by, now, bulk_id, taken_back=True)
        tally = change_writing.put_back(conn, tenant_id, lead_ids, mark)
        since = values - sum(tally.fields.values())
        action = replace(
            action, undone_at=now, undone_by=by, put_back=tally.leads, changed_since=since
        )
        bulk_store.undone(conn, tenant_id, action)
    return action, True


def _picked(conn: Connection, gate: Gate, tenant_id: str, order: Order, locked: bool) -> Picked:
    wanted, most = order.wanted, order.limit or MOST
    filter_store.check(conn, tenant_id, wanted)
    named = set(wanted.lead_ids)
    known = bulk_store.known(conn, tenant_id, wanted.lead_ids) if named else 0
    if named and not known:
        raise NotFound(details={"lead_ids": "none of them is a lead of this account"})
    found = bulk_store.picked(conn, tenant_id, wanted, most + 1, locked)
    if len(found) > most and order.limit is None:
        raise Meaningless(
            details={"filter": f"means more than {MOST} leads: narrow it down, or send a limit"}
        )
    found = found[:most]
    left = _without_consent(conn, gate, tenant_id, found)
    ids = [lead_id for lead_id in found if lead_id not in left]
    kept = order.change.status in (None, INVALID) or order.revives
    invalid = 0 if kept else bulk_store.invalid(conn, tenant_id, ids)
    return Picked(ids, len(named) - known, len(left), invalid)


def _without_consent(
    conn: Connection, gate: Gate, tenant_id: str, found: Sequence[UUID]
) -> set[UUID]:
    """Return the leads that the mode lets nobody work on, for their person does not agree."""
    if not gate.mode.needs_consent(LEAD_PROCESSING):
        return set()
    return consent_store.refused(conn, tenant_id, found, LEAD_PROCESSING, needed=True)


def _check_expected(order: Order, picked: Picked, tally: Tally) -> None:
    if order.expected_count not in (None, tally.leads):
        raise Conflict(details={"expected_count": f"{tally.leads} leads would change by now"})
    if order.selection not in (None, picked.selection):
        raise Conflict(details={"selection": "these are other leads by now"})
