"""An investigation that begins with one lead: the search for whoever it has to do with."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from services.leads import change_store, change_writing, investigation_store, lead_store
from services.leads.change import Change
from services.leads.change_writing import Mark
from services.leads.changing import NotListed
from services.leads.investigation import Counted
from services.leads.investigation_store import Investigation
from shared import consents
from shared.connection import Connection
from shared.db import Database
from shared.errors import Conflict, NotFound
from shared.ids import uuid7
from shared.privacy.gate import Gate
from shared.privacy.purposes import LEAD_PROCESSING


class Taken(Conflict):
    """This lead is in another investigation; send `move: true` to take it out of that one."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What shall begin with a lead."""

    name: str | None = None
    """None: called after the lead's id. A name is kept in clear, so it takes nothing it said."""
    description: str = ""
    move: bool = False
    """True: the lead leaves the investigation that it is in."""


def begin(
    database: Database, gate: Gate, tenant_id: str, lead_id: UUID, wanted: Begun, by: str
) -> Counted:
    """Store a new open investigation with the lead in it, and return it.

    Both or neither. Raises NotFound, Taken, NotListed, and ConsentMissing where the mode asks for
    a consent that does not stand.
    """
    now = datetime.now(UTC)
    begun = Investigation(
        uuid7(), wanted.name or f"Lead {lead_id}", wanted.description, "open", now, by, now, by
    )
    with database.transaction(tenant_id) as conn:
        _check(conn, gate, tenant_id, lead_id, wanted.move)
        investigation_store.add(conn, tenant_id, begun)
        joining = Change(frozenset({"investigation_id"}), investigation_id=begun.id)
        change_writing.write(conn, tenant_id, [lead_id], joining, False, Mark(by, now))
        leads = investigation_store.leads(conn, tenant_id, [begun.id])
    return Counted(begun, leads.get(begun.id, 0))


def _check(conn: Connection, gate: Gate, tenant_id: str, lead_id: UUID, move: bool) -> None:
    """Lock the lead and return if it may join."""
    if change_store.locked(conn, tenant_id, lead_id) is None:
        raise NotListed if change_store.stored(conn, tenant_id, lead_id) else NotFound
    gate.admit(tenant_id, LEAD_PROCESSING, consents.latest(conn, tenant_id, lead_id))
    lead = lead_store.one(conn, tenant_id, lead_id)
    if lead is not None and lead.investigation_id is not None and not move:
        raise Taken(details={"investigation_id": f"is {lead.investigation_id}"})
