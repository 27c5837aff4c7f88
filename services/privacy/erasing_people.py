"""Erasing whoever an address or a number stands for, and what is kept of their objection.

An objection or a withdrawal is kept by a keyed hash of the address, so that it is heeded when
somebody brings the address again; that is all that outlives an erasure, and for nothing else (GDPR
Art. 17(3)(b), 21(3)). Whoever wants that gone, too, says so. See docs/decisions/0073.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from services.privacy import people_store, store
from services.privacy.erasure import PERSON, Desk, Erased, erase, wait_until_stored
from services.privacy.withdrawing import Office, keys
from shared import leads, withdrawals
from shared.connection import Connection
from shared.erasure_ledger import entry
from shared.errors import Conflict, NotFound
from shared.privacy import addresses
from shared.privacy.addresses import Address


class SeveralPeople(Conflict):
    """Several people gave that: erase each by one of their leads, with reach=person."""

    def __init__(self, firsts: Sequence[UUID]) -> None:
        super().__init__(details={"lead_ids": ", ".join(map(str, firsts))})


@dataclass(frozen=True, slots=True)
class Gone:
    """What went of whoever gave an address."""

    erased: Erased | None
    """None: nobody known gave it."""
    objections_forgotten: int
    """Words that were kept by an address, and went."""
    objections_kept: int
    """Addresses that were named of which a word is kept still."""


def erase_by_address(
    desk: Desk, office: Office, tenant_id: str, named: Sequence[Address], keep: bool, by: str
) -> Gone:
    """Erase the person who gave all of *named*, and unless *keep* that any of it objected.

    Raises NotFound if nobody did and nothing is kept by it, SeveralPeople, and as `erase` does.
    """
    wait_until_stored(desk.spool, tenant_id, datetime.now(UTC))
    with office.database.transaction(tenant_id) as conn:
        people = _who_gave(office, conn, tenant_id, named)
        kept = withdrawals.kept(conn, tenant_id, keys(office.gate, tenant_id, named))
    if len(people) > 1:
        raise SeveralPeople([lead_ids[0] for lead_ids in people.values()])
    if not (people or kept):
        raise NotFound
    forgotten = [] if keep else [*named, *_given(office, tenant_id, people)]
    gone = keys(office.gate, tenant_id, forgotten)
    if people:
        ((first, *_),) = people.values()
        erased = erase(desk, tenant_id, first, PERSON, by, gone)
        return Gone(erased, erased.objections_forgotten, kept if keep else 0)
    return Gone(None, forget(desk, tenant_id, gone, by), kept if keep else 0)


def keys_of_person(office: Office, tenant_id: str, lead_id: UUID) -> list[int]:
    """Return the pseudonyms of all addresses that the person of a lead gives."""
    return keys(office.gate, tenant_id, _given(office, tenant_id, {lead_id: [lead_id]}))


def forget(desk: Desk, tenant_id: str, gone: Sequence[int], by: str) -> int:
    """Forget what is kept by addresses of nobody known; return how many words went.

    The audit has it as an erasure of no records.
    """
    if not gone:
        return 0
    with desk.database.transaction(tenant_id) as conn:
        forgotten = store.forget_objections(conn, gone)
        store.note(conn, entry(tenant_id, PERSON, by, []), 0)
    return forgotten


def _who_gave(
    office: Office, conn: Connection, tenant_id: str, named: Sequence[Address]
) -> dict[UUID, list[UUID]]:
    """Return by subject the leads that give all of *named*, and not only something alike."""
    found: dict[UUID, list[UUID]] = {}
    wanted = {(one.kind, one.value) for one in named}
    around = people_store.of_addresses(conn, tenant_id, keys(office.gate, tenant_id, named))
    for subject_id, lead_ids in around.items():
        for lead_id in lead_ids:
            given = _of_lead(office, conn, tenant_id, lead_id)
            if wanted <= {(one.kind, one.value) for one in given}:
                found.setdefault(subject_id, []).append(lead_id)
    return found


def _given(office: Office, tenant_id: str, people: dict[UUID, list[UUID]]) -> list[Address]:
    """Return what all records of *people* give."""
    with office.database.transaction(tenant_id) as conn:
        return [
            one
            for lead_ids in people.values()
            for record in people_store.records(conn, tenant_id, lead_ids[0])
            for one in _of_lead(office, conn, tenant_id, record)
        ]


def _of_lead(office: Office, conn: Connection, tenant_id: str, lead_id: UUID) -> list[Address]:
    said = leads.find(conn, office.gate, tenant_id, lead_id)
    return addresses.of_lead(said.fields, office.country) if said else []
