"""Catching up: whatever was stored is listed, however it came in.

Deciding about a lead takes milliseconds and must not wait for what lists it, so a lead only
leaves a note that it is to be listed (migration 0013), and again when its person takes something
back. The worker follows the notes; whoever reads
follows those of the newest leads first, and so finds what was stored before.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID, uuid5

import orjson
from psycopg import Connection

from services.leads import listing_store, note_store
from services.leads.listing import BARE, Listing, listing
from services.leads.listing_store import Stored
from shared.db import Database
from shared.privacy.consent import allows
from shared.privacy.gate import Gate, Permit
from shared.privacy.purposes import LEAD_PROCESSING

MOST = 500
"""Leads listed in one go: half a second, the most that a reader waits for what others stored."""

AT_A_TIME = 100
"""Leads that the worker lists in one transaction: a tenth of a second, that readers may wait."""

MOST_TENANTS = 1000
"""Tenants that the worker looks after in turn; an import of one holds up no other."""

WRITTEN_BY = "lead"
"""Who wrote the first note: it came with the lead."""

log = logging.getLogger(__name__)


def catch_up(database: Database, gate: Gate, country: str, tenant_id: str, most: int = MOST) -> int:
    """List up to *most* leads of a tenant that are stored and not listed; return how many wait.

    The newest come first: whoever has stored a lead finds it, also while an import goes on.
    *country* is the installation's. The number is exact up to `listing_store.MOST_COUNTED`.
    """
    with database.transaction(tenant_id) as conn:
        if _list(conn, gate, country, tenant_id, most, patiently=True) < most:
            return 0
        return listing_store.waiting(conn, tenant_id)


def keep_up(database: Database, gate: Gate, country: str, stop: Callable[[], bool]) -> None:
    """List whatever waits, of all tenants, until nothing is left or *stop*; the worker's part."""
    waiting = True
    while waiting and not stop():
        with database.lookup() as conn:
            tenants = listing_store.tenants(conn, MOST_TENANTS)
        waiting = False
        for tenant_id in tenants:
            with database.transaction(tenant_id) as conn:
                taken = _list(conn, gate, country, tenant_id, AT_A_TIME, patiently=False)
            waiting = waiting or taken == AT_A_TIME
            if stop():
                return


def _list(
    conn: Connection[Any], gate: Gate, country: str, tenant_id: str, most: int, patiently: bool
) -> int:
    """List leads that wait; return how many were taken."""
    taken = listing_store.take(conn, tenant_id, most, patiently)
    if taken:
        agreed = gate.mode.needs_consent(LEAD_PROCESSING)
        leads = listing_store.stored(conn, tenant_id, taken, agreed)
        if agreed:
            listing_store.bare(conn, tenant_id, _unwilling(gate, leads))
        read = [(lead, *_read(gate, country, tenant_id, lead)) for lead in leads]
        listing_store.save(conn, tenant_id, [(lead, listed) for lead, listed, _ in read])
        _note(conn, [(lead, *noted) for lead, _, noted in read if noted])
        listing_store.done(conn, tenant_id, taken)
    return len(taken)


def _unwilling(gate: Gate, leads: Sequence[Stored]) -> list[UUID]:
    return [one.id for one in leads if not allows(gate.mode, LEAD_PROCESSING, one.consent)]


def _read(
    gate: Gate, country: str, tenant_id: str, lead: Stored
) -> tuple[Listing, tuple[Permit, str] | None]:
    """Return a lead's listing, and its first note with the permit to keep it.

    Whatever is wrong with one lead, it is listed all the same, and so are those beside it.
    """
    try:
        permit = gate.admit(tenant_id, LEAD_PROCESSING, lead.consent)
        fields = dict(lead.fields)
        if lead.sealed is not None:
            fields |= orjson.loads(gate.unseal(tenant_id, lead.sealed, str(lead.id)))
        listed = listing(fields, gate.mode.sealed_fields, permit.pseudonym, country)
        text = fields.get("notes")
        return listed, (permit, text) if text else None
    except Exception as error:
        log.error(
            "a lead is listed without what it says",
            extra={"fields": {"lead_id": str(lead.id), "error": type(error).__name__}},
        )
        return BARE, None


def _note(conn: Connection[Any], noted: Sequence[tuple[Stored, Permit, str]]) -> None:
    """Store the first note of leads: what came with them as `notes`."""
    for lead, permit, text in noted:
        note_id = first_note(lead.id)
        note_store.add(conn, permit, lead.id, note_id, text, WRITTEN_BY, lead.received_at)


def first_note(lead_id: UUID) -> UUID:
    """Return the id of a lead's first note: it follows from the lead, so there is one."""
    return uuid5(lead_id, "first note")
