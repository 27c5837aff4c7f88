"""The retrial: a lead decided anew as if it said something else.

What is said to change a decision must come true for whoever posts the lead so changed. So it is
compared with those alone that it would still meet, and decided by the same policy and risk.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from uuid import UUID

from services.dedup import beside, blocking
from services.dedup.beside import Carriers
from services.dedup.blocking import Key
from services.dedup.compared import (
    Compared,
    Known,
    Submission,
    compare,
    completed,
    names_given,
    silence_before,
)
from services.dedup.counterfactual import Judge, Judged
from services.dedup.decision import decide
from services.dedup.policy import Policy
from services.dedup.record import Record
from services.dedup.risk import Risk
from shared.frozen import frozen

MOST_RETRIED = 10
"""Candidates, the likeliest, among whom a lead is decided anew as if it said something else: some
20 changes are tried while others wait for its keys, and more would take 10 ms and longer."""


@frozen
class Retrial:
    """The lead decided anew as if it said something else: all else as it was, its risk too."""

    submission: Submission
    ip_key: int | None
    policy: Policy
    risk: Risk
    last_leads: Mapping[UUID, datetime]
    known: Sequence[Known]
    """Its candidates."""
    compared: Sequence[Compared]
    """The same, as they were compared."""

    def judge(self) -> Judge:
        """Return what decides the lead as another record, among the likeliest candidates."""
        likeliest = {each.lead_id for each in self._likeliest()}
        near = [each for each in self.known if each.lead_id in likeliest]
        keys = cache(_keys)

        def judged(record: Record, carriers: Carriers = beside.NOBODY) -> Judged:
            """Decide it as *record*; *carriers* stand over those counted."""
            met = [each for each in near if _meet(record, each.record, keys)]
            return self._decided(record, met, carriers)

        return judged

    def _likeliest(self) -> list[Known]:
        """Return MOST_RETRIED candidates, each person's equal records once."""
        likeliest_first = sorted(self.compared, key=lambda c: -c.match.probability)
        distinct: dict[tuple[UUID, Record], Known] = {}
        for one in likeliest_first:
            distinct.setdefault((one.known.subject_id, one.known.record), one.known)
            if len(distinct) == MOST_RETRIED:
                break
        return list(distinct.values())

    def _decided(self, record: Record, met: Sequence[Known], carriers: Carriers) -> Judged:
        """Return what follows for *record* among those whom it has *met*."""
        everybody = ((each.subject_id, each.record) for each in self.known)
        now, named = {**beside.carriers(record, everybody), **carriers}, names_given(met)
        compared = [
            compare(self.submission, record, known, now, self.ip_key, self.policy)
            for known in (completed(each, named, record) for each in met)
        ]
        best = max(compared, key=lambda c: c.match.probability, default=None)
        likely = best.match.probability if best else 0.0
        silence = None
        if best and self.policy.reengage_after_days:
            silence = silence_before(self.submission, best, self.compared, self.last_leads)
        return likely, decide(likely, self.risk, self.policy, silence).action.action_taken


def _meet(own: Record, known: Record, keys: Callable[[Record], frozenset[Key]]) -> bool:
    """True if the records share a blocking key: else neither is found for the other."""
    if own.mailbox and own.mailbox == known.mailbox:
        return True
    return not keys(own).isdisjoint(keys(known))


def _keys(record: Record) -> frozenset[Key]:
    return frozenset(blocking.keys(record))
