"""What surrounds some leads that are scanned: those before them that share a key, opened once."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection

from services.dedup import blocking
from services.dedup.compared import Known
from services.dedup.record import Record, unpack
from services.dedup.scan import find_store, lead_store
from services.dedup.scan.belonging import Belonging
from services.dedup.scan.lead_store import Candidate, Stored
from services.dedup.sharers import Sharers
from shared import consents
from shared.privacy.consent import Consent
from shared.privacy.gate import ConsentMissing, Gate, Permit
from shared.privacy.purposes import LEAD_PROCESSING

TURNED_AWAY = "invalid"
"""The status of leads that are nobody's."""


class Around:
    """The leads of one transaction of a scan, and the known leads around them."""

    def __init__(self, gate: Gate, tenant_id: str, only_unchecked: bool):
        """*only_unchecked*: leads that a check has compared are known to all of the scan's."""
        self._gate, self._tenant_id, self._only = gate, tenant_id, only_unchecked
        self.own: list[Known] = []
        """Those that may be compared, in their order."""
        self.permit: Permit | None = None
        """To keep what is found; None while nobody was admitted."""
        self.belonging = Belonging({})
        self.asked: set[frozenset[UUID]] = set()
        """People about whom somebody was asked whether they are one."""
        self._keys: dict[UUID, list[int]] = {}
        self._values: dict[UUID, dict[str, int]] = {}
        self._blocks: dict[int, dict[UUID, Known]] = defaultdict(dict)
        self._later: set[UUID] = set()
        """Known leads that the scan has not come to."""
        self._sharers = Sharers()

    def read(self, conn: Connection[Any], stored: Sequence[Stored]) -> None:
        """Read what surrounds *stored*, in the transaction that stores what is found."""
        allowed = self._admitted(conn, [one.lead_id for one in stored])
        for one in stored:
            if one.status != TURNED_AWAY and one.lead_id in allowed:
                self._add(one)
        if not self.own:
            return
        keys = {key for found in self._keys.values() for key in found}
        until = lead_store.LAST if self._only else self.own[-1].lead_id
        found = lead_store.candidates(conn, self._tenant_id, keys, until)
        self._meet(conn, found)
        self._count(conn)
        self._belong(conn)

    def others(self, own: Known) -> list[Known]:
        """Return who shares an identity key with *own*, came before it and is somebody else."""
        met: dict[UUID, Known] = {}
        for key in self._keys[own.lead_id]:
            met |= self._blocks.get(key, {})
        person = self.belonging.person(own)
        return [
            known
            for known in met.values()
            if not self._comes_later(known, own)
            and own.subject_id != known.subject_id
            and self.belonging.person(known) != person
        ]

    def crowds(self, own: Known) -> dict[str, int]:
        """Return how many people share a value of *own*, where more leads do than are read."""
        return self._sharers.of(own.record, self._values[own.lead_id])

    def _belong(self, conn: Connection[Any]) -> None:
        """Read who belongs together, and about which of them somebody was asked."""
        met = {known.lead_id: known for block in self._blocks.values() for known in block.values()}
        met |= {known.lead_id: known for known in self.own}
        self.belonging = Belonging(find_store.members(conn, self._tenant_id, met))
        people = {known.subject_id for known in met.values()}
        people.update(self.belonging.person(known) for known in met.values())
        self.asked = find_store.asked(conn, self._tenant_id, people)

    def _comes_later(self, known: Known, own: Known) -> bool:
        after = known.lead_id >= own.lead_id
        return after and (not self._only or known.lead_id in self._later)

    def _add(self, one: Stored) -> None:
        known = self._opened(one)
        self.own.append(known)
        named = {key: self._pseudonym(*key) for key in blocking.keys(known.record)}
        self._keys[known.lead_id] = list(named.values())
        values = blocking.values(known.record)
        self._values[known.lead_id] = {name: named[key] for name, key in values.items()}

    def _meet(self, conn: Connection[Any], found: Sequence[Candidate]) -> None:
        kept = [one for one in found if one.stored.status != TURNED_AWAY]
        ids = [one.stored.lead_id for one in kept]
        allowed = self._admitted(conn, ids)
        if self._only:
            self._later = lead_store.unscanned(conn, self._tenant_id, ids)
        for keys, one in kept:
            if one.lead_id in allowed:
                known = self._opened(one)
                for key in keys:
                    self._blocks[key][known.lead_id] = known

    def _count(self, conn: Connection[Any]) -> None:
        """Count who shares what more leads share than are read, as a check does."""
        given = ((own.record, self._values[own.lead_id]) for own in self.own)
        self._sharers.read(conn, self._gate, self._tenant_id, given, self._blocks)

    def _admitted(self, conn: Connection[Any], ids: Collection[UUID]) -> set[UUID]:
        """Return those of *ids* whose data may be used to find out whom they are about."""
        if not self._gate.mode.needs_consent(LEAD_PROCESSING):
            self.permit = self._gate.admit(self._tenant_id, LEAD_PROCESSING, None)
            return set(ids)
        agreed = consents.latest_of_many(conn, self._tenant_id, list(ids))
        return {one for one in ids if self._allows(agreed.get(one))}

    def _allows(self, consent: Consent | None) -> bool:
        try:
            self.permit = self._gate.admit(self._tenant_id, LEAD_PROCESSING, consent)
        except ConsentMissing:
            return False
        return True

    def _opened(self, one: Stored) -> Known:
        sealed = self._gate.unseal(self._tenant_id, bytes(one.compared), str(one.lead_id))
        record: Record = unpack(sealed)
        person = (one.lead_id, one.subject_id, one.original)
        return Known(*person, one.source_id, one.submitted_at, record, one.ip_key)

    def _pseudonym(self, kind: str, value: str) -> int:
        return self._gate.keyring.pseudonym(self._tenant_id, kind, value)
