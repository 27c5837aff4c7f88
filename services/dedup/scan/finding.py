"""Finding: some stored leads, one after another, each as a check would have found its person."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from services.dedup.compared import Known, Submission
from services.dedup.outcome import Outcome, evidence
from services.dedup.policy import Policies
from services.dedup.scan import find_store
from services.dedup.scan.around import Around
from services.dedup.scan.belonging import counted
from services.dedup.scan.find_store import Find
from services.dedup.scan.likely import certain, likely
from services.dedup.scan.scan import Progress
from services.dedup.verdict import Verdict
from shared.ids import uuid7


@dataclass(slots=True)
class Finding:
    """What is found in the leads of one transaction."""

    conn: Connection[Any]
    tenant_id: str
    around: Around
    policies: Policies
    pairs: int = 0
    known: int = 0
    """Likely people about whom somebody was asked before."""
    finds: list[Find] = field(default_factory=list)

    def find(self) -> None:
        """Compare each lead with those before it. Raises whatever keeps one from being compared."""
        for own in self.around.own:
            self._find(own)

    def save(self, scan_id: UUID, now: datetime, looked_at: int) -> Progress:
        """Store what was found; return what came of the leads, *looked_at* of them."""
        opened = 0
        belonging = self.around.belonging
        if self.finds and (permit := self.around.permit):
            opened = find_store.open_reviews(self.conn, permit, scan_id, self.finds, now)
        for former, group_id in belonging.merged:
            find_store.regroup(self.conn, self.tenant_id, former, group_id)
        if belonging.changed:
            find_store.join(self.conn, self.tenant_id, belonging.changes())
        return Progress(looked_at, self.pairs, self.known, opened)

    def _find(self, own: Known) -> None:
        others = self.around.others(own)
        self.pairs += len(others)
        if not others:
            return
        belonging = self.around.belonging
        policy = self.policies.of(own.source_id)
        people: dict[UUID, set[UUID]] = defaultdict(set)
        for known in others:
            people[belonging.person(known)].update((known.subject_id, belonging.person(known)))
        seen = [counted(known, belonging.person(known)) for known in others]
        found = likely(own, seen, policy, self.around.crowds(own))
        by_id = {known.lead_id: known for known in others}
        for one in found:
            assert one.best is not None
            if self._asked(own, people[one.best.known.subject_id]):
                self.known += 1
            else:
                self._ask(own, by_id[one.best.known.lead_id], one, certain(one, policy))

    def _asked(self, own: Known, person: set[UUID]) -> bool:
        """True if somebody was asked whether *own* is *person*, known under any of these."""
        return any(frozenset((own.subject_id, each)) in self.around.asked for each in person)

    def _ask(self, own: Known, known: Known, found: Verdict, surely: bool) -> None:
        find, belonging = _find_of(own, found), self.around.belonging
        self.finds.append(find)
        self.around.asked.add(frozenset((own.subject_id, known.subject_id)))
        its_own = belonging.person(own) == own.subject_id
        belonging.put_together(own.lead_id, known.lead_id)
        if its_own and surely:
            belonging.make_record(own.lead_id, known, find.review_id)


def _find_of(own: Known, found: Verdict) -> Find:
    assert found.best is not None
    decision_id, review_id = uuid7(), uuid7()
    submission = Submission(own.source_id, {}, own.submitted_at)
    told = evidence(Outcome(own.lead_id, decision_id, review_id, submission, found, 0.0))
    return Find(
        review_id,
        decision_id,
        own.lead_id,
        found.best.known.lead_id,
        found.match_probability,
        told,
        found.model.version,
    )
