"""Who gave an address or a number: what somebody who wants to be erased says of themselves.

Found by the blocking keys of the value, and kept only where the canonical value is the same: the
same mailbox however it is spelt, the same number in whatever form. Nobody is guessed. Where a value
has no key, as a placeholder (`nobody@firma.example`) or a fifth address, and where nobody is found
by one, all that the account's leads wrote is looked through.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson

from services.dedup import blocking, identity_store, passing
from services.dedup.record import Record, read, unpack
from services.dedup.written import Written
from shared.db import Database
from shared.errors import Malformed, ServiceError
from shared.privacy.gate import Gate
from shared.spool import Entry

VALUES = ("email", "phone")
"""What somebody may be found by."""

UNREAD = "cannot be read as one: name the lead by --lead"


@dataclass(frozen=True, slots=True)
class Found:
    """Those who gave all that was asked for."""

    people: Mapping[UUID, Sequence[UUID]]
    """By subject, the leads that say so, oldest first; the subject may have more leads."""
    waiting: Sequence[UUID]
    """Leads that say so and were never stored."""


class Identity:
    """An address, a number or both, as records hold them and as leads write them."""

    def __init__(self, given: Mapping[str, str], country: str):
        """*country* reads a national number. Raises Malformed for what cannot be read."""
        self.record = read(given, country).record
        self.written = Written(given, country)
        unread = {kind: UNREAD for kind, values in self.written.wanted.items() if not values}
        if unread:
            raise Malformed(details=unread)
        self.kinds = tuple(given)

    @property
    def keyed(self) -> bool:
        """True if each value has a key; a placeholder has none."""
        return all(_values(self.record, kind) for kind in self.kinds)

    def of(self, other: Record) -> bool:
        """True if *other* gives the same of all that is known, first or further."""
        return self.keyed and all(
            _values(self.record, kind) <= _values(other, kind) for kind in self.kinds
        )

    def keys(self, gate: Gate, tenant_id: str) -> list[int]:
        """Return the blocking keys of its values."""
        return [
            gate.keyring.pseudonym(tenant_id, kind, value)
            for kind, value in blocking.keys(self.record)
            if kind in blocking.VALUES
        ]


def identified(
    database: Database,
    gate: Gate,
    tenant_id: str,
    identity: Identity,
    unstored: Iterable[Entry] = (),
) -> Found:
    """Return who is known under *identity*, and which of the *unstored* leads say the same.

    Looking through what leads wrote takes seconds of a hundred thousand.
    """
    people = _by_keys(database, gate, tenant_id, identity) if identity.keyed else {}
    if not people:
        people = _by_what_they_wrote(database, gate, tenant_id, identity)
    waiting = [
        entry.lead_id
        for entry in unstored
        if entry.tenant_id == tenant_id and _says(gate, entry, identity)
    ]
    return Found(people, waiting)


def _by_keys(
    database: Database, gate: Gate, tenant_id: str, identity: Identity
) -> dict[UUID, list[UUID]]:
    people: dict[UUID, list[UUID]] = defaultdict(list)
    with database.transaction(tenant_id) as conn:
        for lead_id, subject_id, sealed in identity_store.sharing(
            conn, tenant_id, identity.keys(gate, tenant_id)
        ):
            if identity.of(unpack(gate.unseal(tenant_id, sealed, str(lead_id)))):
                people[subject_id].append(lead_id)
    return people


def _by_what_they_wrote(
    database: Database, gate: Gate, tenant_id: str, identity: Identity
) -> dict[UUID, list[UUID]]:
    people: dict[UUID, list[UUID]] = defaultdict(list)
    last: UUID | None = UUID(int=0)
    while last:
        with database.transaction(tenant_id) as conn:
            page = identity_store.wrote(conn, tenant_id, last)
        for lead_id, subject_id, fields, sealed in page:
            if sealed is not None:
                fields = fields | orjson.loads(gate.unseal(tenant_id, sealed, str(lead_id)))
            if identity.written.of(fields):
                people[subject_id].append(lead_id)
        last = page[-1][0] if page else None
    return people


def _says(gate: Gate, entry: Entry, identity: Identity) -> bool:
    """True if a lead of the spool gives *identity*; one that cannot be opened gives nothing."""
    try:
        lead = passing.recalled(gate, entry)
        return identity.of(lead.reading.record) or identity.written.of(lead.submission.fields)
    except (ServiceError, ValueError, KeyError, TypeError):
        return False


def _values(record: Record, kind: str) -> set[str]:
    if kind == "email":
        return {record.mailbox, *(each.mailbox for each in record.other_mailboxes)} - {""}
    return {record.phone, *(each.phone for each in record.other_lines)} - {""}
