"""The neighbourhood: the known leads that share a block with those being checked."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from services.dedup import store
from services.dedup.beside import Carriers, carriers
from services.dedup.outcome import Outcome
from services.dedup.preparation import Prepared
from services.dedup.record import unpack
from services.dedup.sharers import Sharers
from services.dedup.store import Related
from services.dedup.verdict import HOUR, Known
from shared.connection import Connection
from shared.privacy.gate import Gate, Pseudonym


class Neighbourhood:
    """Known leads by blocking key, and when leads came from an address."""

    def __init__(self) -> None:
        self._blocks: dict[int, dict[UUID, Known]] = defaultdict(dict)
        self._related: dict[int, dict[UUID, None]] = defaultdict(dict)
        """Leads by relation, in the order in which they were found."""
        self._seen: dict[tuple[int, datetime], list[datetime]] = defaultdict(list)
        self._added: dict[int, list[datetime]] = defaultdict(list)
        self._sharers = Sharers()
        self.dealt: set[UUID] = set()
        """Known leads that have a deal of their own."""

    def of(self, lead: Prepared) -> Collection[Known]:
        """Return every known lead that shares an identity key with *lead*, each once."""
        return self._sharing(lead.keys).values()

    def carriers(self, lead: Prepared, known: Iterable[Known]) -> Carriers:
        """Return how many people carry what *lead* gives; *known* is what `of` returned."""
        others = ((each.subject_id, each.record) for each in known)
        found = carriers(lead.reading.record, others)
        for value, people in self._sharers.of(lead.reading.record, lead.values).items():
            found[value] = max(found.get(value, 0), people)
        return found

    def colleagues(self, lead: Prepared) -> Collection[UUID]:
        """Return the known leads that share a relation with *lead* and no identity key.

        Their keys are not locked: one may be missing that is being stored at this moment.
        """
        related = {each for key in lead.relations for each in self._related.get(key, ())}
        if not related:
            return related
        return related.difference(*(self._blocks.get(key, ()) for key in lead.keys))

    def _sharing(self, keys: Iterable[Pseudonym]) -> dict[UUID, Known]:
        known: dict[UUID, Known] = {}
        for key in keys:
            if key in self._blocks:
                known |= self._blocks[key]
        return known

    def sightings(self, lead: Prepared) -> Sequence[datetime]:
        """Return when leads came from the address of *lead*, in the hour before it."""
        if lead.ip_key is None:
            return ()
        stored = self._seen.get((lead.ip_key, lead.submission.submitted_at), ())
        return [*stored, *self._added[lead.ip_key]]

    def add(self, lead: Prepared, outcome: Outcome) -> None:
        """Let the later leads of the same batch see a decided one."""
        submission = lead.submission
        known = Known(
            outcome.lead_id,
            *outcome.person,
            submission.source_id,
            submission.submitted_at,
            lead.reading.record,
            lead.ip_key,
        )
        for key in lead.keys:
            self._blocks[key][known.lead_id] = known
        for key in lead.relations:
            self._related[key][known.lead_id] = None
        person = outcome.person[0]
        self._sharers.add(known.record, lead.values, person, new=person == outcome.lead_id)
        if lead.ip_key is not None:
            self._added[lead.ip_key].append(submission.submitted_at)

    def meet(self, known: Known, keys: Iterable[int]) -> None:
        """Let later leads see one that is stored nowhere yet under those of *keys*."""
        for key in keys:
            self._blocks[key][known.lead_id] = known

    def read(
        self, conn: Connection, gate: Gate, tenant_id: str, prepared: Sequence[Prepared]
    ) -> None:
        """Fill in what the database knows around *prepared*; their keys must be locked."""
        self.ask(conn, gate, tenant_id, prepared)()

    def ask(
        self, conn: Connection, gate: Gate, tenant_id: str, prepared: Sequence[Prepared]
    ) -> Callable[[], None]:
        """Set the database off to look around *prepared*; return what waits for it, and fills in.

        Whatever is done in between costs nobody any time.
        """
        keys = {key for lead in prepared for key in lead.keys}
        relations = {key for lead in prepared for key in lead.relations}
        found = store.candidates(conn, tenant_id, sorted(keys), sorted(relations))
        sightings = _sightings(conn, tenant_id, prepared)
        conn.set_off()

        def fill_in() -> None:
            for row in found:
                for key in relations.intersection(row.blocking_keys):
                    self._related[key][row.lead_id] = None
                if isinstance(row, Related):
                    continue
                if row.dealt:
                    self.dealt.add(row.lead_id)
                opened = unpack(gate.unseal(tenant_id, row.compared, str(row.lead_id)))
                person = (row.lead_id, row.subject_id, row.original)
                known = Known(*person, row.source_id, row.submitted_at, opened, row.ip_key)
                for key in keys.intersection(row.blocking_keys):
                    self._blocks[key][known.lead_id] = known
            for ip_key, latest, submitted_at in sightings:
                self._seen[ip_key, latest].append(submitted_at)
            self._count(conn, gate, tenant_id, prepared)

        return fill_in

    def _count(
        self, conn: Connection, gate: Gate, tenant_id: str, prepared: Sequence[Prepared]
    ) -> None:
        """Count the people behind each value that more leads share than are read."""
        given = ((lead.reading.record, lead.values) for lead in prepared)
        self._sharers.read(conn, gate, tenant_id, given, self._blocks)


def _sightings(
    conn: Connection, tenant_id: str, prepared: Sequence[Prepared]
) -> Iterable[tuple[int, datetime, datetime]]:
    """Return what `store.sightings` finds of the addresses of *prepared*, asked for already."""
    addresses = {
        (lead.ip_key, lead.submission.submitted_at - HOUR, lead.submission.submitted_at)
        for lead in prepared
        if lead.ip_key is not None
    }
    return store.sightings(conn, tenant_id, addresses) if addresses else ()
