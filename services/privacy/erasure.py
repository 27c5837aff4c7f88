"""Erasing: a lead, or everything about its person, is gone when this returns (GDPR Art. 17).

It may lie in the database or, if that was away when it came, in the spool of this host. Whoever
takes entries from there is kept out meanwhile, so nothing that was erased is stored afterwards.
Around the person the blocking keys are locked as for a lead, so no lead is decided on half a
person; what comes later is somebody new. Each erasure is noted outside the database before it is
made, so that a restore to an earlier moment undoes none (`shared.erasure_ledger`).
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from services.privacy import store
from shared import clusters
from shared.attempts import Busy, NoLock
from shared.connection import Connection
from shared.db import Database
from shared.erasure_ledger import ErasureLedger, entry
from shared.errors import NotFound, Unavailable
from shared.privacy.gate import Gate
from shared.spool import Spool

LEAD, PERSON = "lead", "person"
"""How far an erasure reaches: one record, or every record of the person it is about."""

REACHES = (LEAD, PERSON)

ERASING_SECONDS = 8.0
"""How long one statement may take: of somebody's thousands of records each takes others along."""

SPOOL_SECONDS = 3.0
"""How long to wait for what waits in the spool: the worker stores it twice a second."""

LOOK_SECONDS = 0.05
"""Pause between two looks at the spool."""


class StillWaiting(Unavailable):
    """Leads of this account wait to be stored and may be about this person; ask again."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What erasing needs."""

    database: Database
    """As the role that may erase."""
    gate: Gate
    spool: Spool
    ledger: ErasureLedger


@dataclass(frozen=True, slots=True)
class Erased:
    """What went, and what an eraser should know of the rest."""

    records: int
    remaining: int
    """Leads that are still about this person."""
    unreadable: int
    """Leads of the account in this host's spool that could not be stored, and may be anybody's."""
    objections_forgotten: int = 0
    """Words kept by an address that went, too."""


def erase(
    desk: Desk,
    tenant_id: str,
    lead_id: UUID,
    reach: str,
    by: str,
    forgotten: Sequence[int] = (),
) -> Erased:
    """Erase a lead or, by *reach*, its person; *by* stands in the audit.

    What is kept by the addresses whose pseudonyms are *forgotten* goes in the same transaction.
    Raises NotFound if the lead is nowhere, so a second call does; Unavailable if something of it
    may be left: then the call is to be made again.
    """
    if reach == PERSON:
        wait_until_stored(desk.spool, tenant_id, datetime.now(UTC))
    unreadable = {entry.receipt_id for entry in desk.spool.dead() if entry.tenant_id == tenant_id}
    with _kept_out(desk.spool, tenant_id, lead_id) as receipts:
        waits = bool(receipts)
        done = _erase_stored(desk, tenant_id, lead_id, reach, by, waits, forgotten)
        if receipts:
            desk.spool.settle(receipts)
    return replace(done, unreadable=len(unreadable.difference(receipts)))


def erase_many(
    desk: Desk,
    tenant_id: str,
    lead_ids: Sequence[UUID],
    by: str,
    beside: Callable[[Connection, int], None],
) -> int:
    """Erase leads that are stored, each for itself, in one transaction; return how many went.

    About a hundred: the blocking keys of all their people are locked. *beside* writes what belongs
    to it, given how many went; what it raises undoes all.
    """
    if not lead_ids:
        with desk.database.transaction(tenant_id) as conn:
            beside(conn, 0)
        return 0
    with desk.database.transaction(tenant_id) as conn:
        keys = store.keys_around_all(conn, tenant_id, lead_ids)
    held = [clusters.turn(desk.gate, tenant_id), *keys]
    made = entry(tenant_id, LEAD, by, lead_ids)
    with (
        desk.ledger.noting(made),
        desk.database.transaction(tenant_id, held, ERASING_SECONDS) as conn,
    ):
        gone = store.erase_leads(conn, tenant_id, lead_ids)
        store.note(conn, made, gone)
        beside(conn, gone)
    return gone


def wait_until_stored(spool: Spool, tenant_id: str, asked_at: datetime) -> None:
    """Wait until the tenant's leads that came before are stored: they may be the person's.

    Raises StillWaiting after SPOOL_SECONDS.
    """
    give_up = time.monotonic() + SPOOL_SECONDS
    while spool.waiting_since(tenant_id, asked_at):
        if time.monotonic() > give_up:
            raise StillWaiting
        time.sleep(LOOK_SECONDS)


@contextmanager
def _kept_out(spool: Spool, tenant_id: str, lead_id: UUID) -> Iterator[list[UUID]]:
    """Yield the lead's receipts in the spool, from which nobody takes them meanwhile.

    None of them there means that it is stored, or was never spooled: an entry leaves the spool
    after its lead has been stored.
    """
    if not spool.of_lead(tenant_id, lead_id):
        yield []
        return
    try:
        with spool.alone(SPOOL_SECONDS):
            yield spool.of_lead(tenant_id, lead_id)
    except (Busy, NoLock) as error:
        raise StillWaiting from error


def _erase_stored(
    desk: Desk,
    tenant_id: str,
    lead_id: UUID,
    reach: str,
    by: str,
    waits: bool,
    forgotten: Sequence[int],
) -> Erased:
    """Erase what the database has; return what went and what stays.

    A lead that *waits* in the spool counts, unless it is stored already.
    """
    with desk.database.transaction(tenant_id) as conn:
        keys = store.keys_around(conn, tenant_id, lead_id)
    held = [clusters.turn(desk.gate, tenant_id), *keys]
    with (
        ExitStack() as noted,
        desk.database.transaction(tenant_id, held, ERASING_SECONDS) as conn,
    ):
        person = store.person(conn, tenant_id, lead_id)
        if not (person or waits):
            raise NotFound
        gone = person.leads if person and reach == PERSON else [lead_id]
        made = entry(tenant_id, reach, by, gone)
        noted.enter_context(desk.ledger.noting(made))  # it ends after the transaction
        if person:
            _erase_rows(conn, tenant_id, lead_id, person, reach)
        objections = store.forget_objections(conn, forgotten) if forgotten else 0
        store.note(conn, made, len(gone))
    return Erased(len(gone), len(person.leads) - len(gone) if person else 0, 0, objections)


def _erase_rows(
    conn: Connection, tenant_id: str, lead_id: UUID, person: store.Person, reach: str
) -> None:
    if reach == PERSON:
        store.erase_person(conn, tenant_id, person.subject_id)
    else:
        store.erase_lead(conn, tenant_id, lead_id, person.subject_id)
