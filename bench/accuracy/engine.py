"""The engine's run: the product's own code on labelled leads, with memory for a database.

Nothing is judged here. A lead is read by the service's schema, prepared, judged and remembered as
in a batch, so this is the one file that changes when the check does. `bench.accuracy.served` shows
that a running service decides the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from uuid import UUID

from bench.leads.arrival import Arrival
from services.dedup import linkage, preparation, record, schema
from services.dedup.judging import judged
from services.dedup.linkage import Match
from services.dedup.neighbourhood import Neighbourhood
from services.dedup.outcome import Outcome
from services.dedup.preparation import Prepared
from services.dedup.store import CANDIDATES_PER_KEY, RELATED_PER_KEY
from shared.errors import Malformed
from shared.privacy.gate import Gate, Pseudonym
from shared.privacy.modes import MODES
from shared.privacy.pseudonym import Keyring

TENANT = "accuracy"
"""The account that owns every lead."""

COUNTRY = "US"
"""What reads a national number whose lead names no country: the service's default."""


class Memory(Neighbourhood):
    """What the database would hold: of each key the newest leads alone."""

    def add(self, lead: Prepared, outcome: Outcome) -> None:
        """Remember a decided lead, and let go of what the service would no longer read."""
        super().add(lead, outcome)
        _cap((self._blocks[key] for key in lead.keys), CANDIDATES_PER_KEY)
        _cap((self._related[key] for key in lead.relations), RELATED_PER_KEY)


def _cap(blocks: Iterable[dict[UUID, Any]], most: int) -> None:
    for block in blocks:
        if len(block) > most:
            del block[next(iter(block))]


@dataclass(frozen=True, slots=True)
class Step:
    """One arrival and what became of it."""

    position: int
    arrival: Arrival
    lead: Prepared | None
    """None if the form's lead was refused: a 400 to its sender."""
    outcome: Outcome | None

    @property
    def action(self) -> str:
        """Return the action taken; empty if the lead was refused."""
        return self.outcome.verdict.decision.action.action_taken if self.outcome else ""

    @property
    def compared(self) -> list[tuple[int, Match]]:
        """Return the position and the match of every candidate."""
        if self.outcome is None:
            return []
        return [(_position(c.known.lead_id), c.match) for c in self.outcome.verdict.compared]

    @property
    def best(self) -> tuple[int, Match] | None:
        """Return the position and the match of the likeliest candidate."""
        best = self.outcome.verdict.best if self.outcome else None
        return (_position(best.known.lead_id), best.match) if best else None


def run(arrivals: Iterable[Arrival]) -> Iterator[Step]:
    """Judge *arrivals* in their order, each among all before it."""
    gate, around = Gate(MODES["standard"], Keyring(bytes(32))), Memory()
    for position, arrival in enumerate(arrivals):
        lead = _prepared(gate, position, arrival)
        outcome = judged(lead, around) if lead else None
        if lead and outcome:
            around.add(lead, outcome)
        yield Step(position, arrival, lead, outcome)


def body(arrival: Arrival) -> dict[str, object]:
    """Return *arrival* as a request of the contract."""
    context = {"submitted_at": arrival.submitted_at.isoformat()}
    return {
        "source_id": arrival.source_id,
        "lead_data": dict(arrival.lead),
        "context": context | ({"ip": arrival.ip} if arrival.ip else {}),
    }


def compare(new: Arrival, known: Arrival) -> tuple[Match, list[str]]:
    """Return the match of two leads whoever else came, and the kinds of key that they share."""
    gate = Gate(MODES["standard"], Keyring(bytes(32)))
    one, other = (_prepared(gate, 0, each) for each in (new, known))
    if one is None or other is None:
        return Match(0.0, (), False), []
    shared = [kind for kind, key in _kinds(one) if key in set(other.keys)]
    return linkage.compare(one.reading.record, other.reading.record), shared


def linked(rows: Sequence[Mapping[str, str]], country: str) -> Iterator[tuple[int, int, float]]:
    """Yield the match probability of every two of *rows* that share an identity key."""
    records = [record.read(fields, country).record for fields in rows]
    for a, b in _sharing([preparation.blocking.keys(each) for each in records]):
        yield a, b, linkage.compare(records[a], records[b]).probability


def _kinds(lead: Prepared) -> Iterator[tuple[str, Pseudonym]]:
    named = preparation.blocking.keys(lead.reading.record)
    return ((key[0], pseudonym) for key, pseudonym in zip(named, lead.keys, strict=True))


def _prepared(gate: Gate, position: int, arrival: Arrival) -> Prepared | None:
    try:
        submission = schema.submission(body(arrival))
    except Malformed:
        return None
    # Ids sort by arrival, as the service's do; zero is no id.
    at = preparation.Arrival(UUID(int=position + 1), arrival.submitted_at)
    return preparation.prepare(gate, TENANT, submission, COUNTRY, at)


def _position(lead_id: UUID) -> int:
    return lead_id.int - 1


def _sharing(keys: Sequence[Sequence[object]]) -> Iterator[tuple[int, int]]:
    """Yield every two positions that share a key, once."""
    blocks: dict[object, list[int]] = defaultdict(list)
    for position, each in enumerate(keys):
        for key in each:
            blocks[key].append(position)
    yield from {pair for block in blocks.values() for pair in combinations(block, 2)}
