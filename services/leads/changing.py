"""Changing a lead: what people work out about it, with a history that names who and when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from services.leads import change_store, change_writing, investigation, lead_store
from services.leads.change import FIELDS, INVALID, MOST_TAGS, Arrival, Change, Wanted
from services.leads.change_writing import Mark, Tally
from services.leads.lead_store import StoredLead
from shared import consents, events
from shared.connection import Connection
from shared.db import Database
from shared.errors import Conflict, Meaningless, NotFound, Unavailable
from shared.events import Event, Name
from shared.privacy.gate import Gate
from shared.privacy.purposes import LEAD_PROCESSING


@dataclass(frozen=True, slots=True)
class Changed:
    """A lead as it stands, and which of its fields were given another value."""

    fields: tuple[str, ...]
    """In the order of FIELDS; none if all was so already."""
    lead: StoredLead


class Moved(Conflict):
    """The lead has another status by now."""


class StillInvalid(Conflict):
    """This lead is invalid; send `expected_status: "invalid"` to make one of it again."""


class NotListed(Unavailable):
    """This lead was stored a moment ago and cannot be changed yet; try again."""


def change(
    database: Database, gate: Gate, tenant_id: str, lead_id: UUID, wanted: Wanted, by: str
) -> Changed:
    """Change one lead and return it; fields that have the value already are left.

    Raises NotFound, for a lead and for an investigation; Conflict if the lead moved meanwhile, is
    invalid, or the investigation is closed; Meaningless for too many tags; ConsentMissing where
    the mode asks for a consent that does not stand; NotListed.
    """
    check_investigation(database, tenant_id, wanted.change)
    now = datetime.now(UTC)
    with database.transaction(tenant_id) as conn:
        status = _locked(conn, tenant_id, lead_id)
        _check_status(status, wanted)
        permit = gate.admit(tenant_id, LEAD_PROCESSING, consents.latest(conn, tenant_id, lead_id))
        reason = wanted.reason and permit.seal(
            wanted.reason.encode(), change_store.reason_place(lead_id)
        )
        mark = Mark(by, now, reason=reason or None)
        done = change_writing.write(conn, tenant_id, [lead_id], wanted.change, True, mark)
        check_tags(done)
        tell(conn, tenant_id, done.arrivals, now)
        stored = lead_store.one(conn, tenant_id, lead_id)
    if stored is None:  # nobody erases a lead that is locked
        raise NotFound
    return Changed(tuple(name for name in FIELDS if name in done.fields), stored)


def history(
    database: Database, gate: Gate, tenant_id: str, lead_id: UUID, after: UUID | None, limit: int
) -> tuple[list[Mapping[str, Any]], UUID | None]:
    """Return up to *limit* changes of a lead from *after* on, newest first, and the next `after`.

    Raises NotFound.
    """
    with database.transaction(tenant_id) as conn:
        if not change_store.stored(conn, tenant_id, lead_id):
            raise NotFound
        found = change_store.history(conn, gate, tenant_id, lead_id, after, limit + 1)
    following = found[limit - 1]["id"] if len(found) > limit else None
    return found[:limit], following


def check_investigation(database: Database, tenant_id: str, wanted: Change) -> None:
    """Return if leads may join the investigation of *wanted*. Raises NotFound or Conflict."""
    if wanted.investigation_id is not None:
        investigation.check_open(database, tenant_id, wanted.investigation_id)


def check_tags(done: Tally) -> None:
    """Raise Meaningless if a lead got too many tags; whoever catches it stores nothing."""
    if done.overfull:
        raise Meaningless(
            details={"tags": f"would be more than {MOST_TAGS} on {done.overfull} of the leads"}
        )


def tell(
    conn: Connection,
    tenant_id: str,
    arrivals: Iterable[Arrival],
    at: datetime,
    bulk_id: UUID | None = None,
) -> None:
    """Store that leads came to a status that others are told of: ids and words of ours alone."""
    of_bulk = {"bulk_id": str(bulk_id)} if bulk_id else {}
    happened = [
        Event(
            cast(Name, f"lead.{one.status}"),
            one.lead_id,
            at,
            {"source_id": one.source_id, "status_before": one.before} | of_bulk,
        )
        for one in arrivals
    ]
    if happened:
        events.save(conn, tenant_id, happened)


def _locked(conn: Connection, tenant_id: str, lead_id: UUID) -> str:
    status = change_store.locked(conn, tenant_id, lead_id)
    if status is not None:
        return status
    raise NotListed if change_store.stored(conn, tenant_id, lead_id) else NotFound


def _check_status(status: str, wanted: Wanted) -> None:
    """Raise Conflict unless the lead is as the caller saw it, and invalid only if they did."""
    if wanted.expected_status not in (None, status):
        raise Moved(details={"expected_status": f"the lead is {status} by now"})
    new = wanted.change.status
    if status == INVALID != wanted.expected_status and new not in (None, INVALID):
        raise StillInvalid(details={"status": "the lead is invalid"})
