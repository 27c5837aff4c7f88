"""The retrial: a lead decided anew as if it said something else.

What is said to change a decision must come true for whoever posts the lead so changed. So it is
compared with those alone that it would still meet, and decided by the same policy and risk.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from functools import cache
from uuid import UUID

from services.dedup import beside, blocking
from services.dedup.beside import NOBODY, Carriers
from services.dedup.blocking import Key
from services.dedup.compared import (
    Compared,
    Known,
    Names,
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
from services.dedup.risk import Risk, otherwise
from shared.frozen import frozen

MOST_RETRIED = 10
"""Candidates, the likeliest, among whom a lead is decided anew as if it said something else: some
20 changes are tried while others wait for its keys, and more would take 10 ms and longer."""

MOST_CHECKED = 100
"""Candidates among whom the change that is told is tried once more: 3 ms at most."""

SURE = 1.0 - 1e-9
"""Match probability of whoever is surely the person; a policy that blocks from 1 blocks nobody."""

NOTHING = Record()

_CONTACT = ("email", "phone", "given", "family", "company")
"""Fields of a record whose values a lead's risk speaks of."""


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
    own: Record = NOTHING
    """The lead as it is."""
    carriers: Carriers = field(default_factory=dict)
    """How many people carry what it gives, some of whom were not read."""

    def judge(self) -> Judge:
        """Return what decides the lead as another record, among the likeliest candidates."""
        keys, crowd = cache(_keys), cache(self._crowd)
        carried: dict[tuple[str, ...], Carriers] = {}

        def judged(
            record: Record,
            carriers: Carriers = NOBODY,
            likelier: bool = False,
            anyhow: bool = False,
            thoroughly: bool = False,
        ) -> Judged:
            """Decide it as *record*; *carriers* stand over those counted.

            *likelier* if somebody is met who is surely the same person, *anyhow* if all are met
            that the lead meets as it is, whatever keys it has then, *thoroughly* if so many are
            compared as a change may be checked with that was found.
            """
            near, theirs, named = crowd(MOST_CHECKED if thoroughly else MOST_RETRIED)
            if not anyhow:
                near = [each for each in near if _meet(record, each.record, keys)]
                if near:
                    named = names_given(e for e in theirs if _meet(record, e.record, keys))
            values = record.phone, record.mailbox, *record.others
            if values not in carried:
                carried[values] = self._carriers(record)
            now = {**carried[values], **carriers} if carriers else carried[values]
            return self._decided(record, near, named, now, likelier)

        return judged

    def _crowd(self, most: int) -> tuple[list[Known], list[Known], Names]:
        """Return *most* candidates, the likeliest, and what their people said in all leads."""
        likeliest = {each.known.lead_id for each in self._likeliest(most)}
        near = [each for each in self.known if each.lead_id in likeliest]
        people = {each.subject_id for each in near}
        theirs = {(e.subject_id, e.record): e for e in self.known if e.subject_id in people}
        return near, list(theirs.values()), names_given(theirs.values())

    def rivals(self, best: Compared) -> list[Compared]:
        """Return *best* and other candidates that would be duplicates without it."""
        likely = (
            e for e in self._likeliest(MOST_RETRIED) if e.match.probability >= self.policy.flag
        )
        return [best, *(each for each in likely if each.known.lead_id != best.known.lead_id)]

    def _likeliest(self, most: int) -> list[Compared]:
        """Return *most* candidates, each person's equal records once."""
        records = {each.lead_id: each.record for each in self.known}
        likeliest_first = sorted(self.compared, key=lambda c: -c.match.probability)
        distinct: dict[tuple[UUID, Record], Compared] = {}
        for one in likeliest_first:
            distinct.setdefault((one.known.subject_id, records[one.known.lead_id]), one)
            if len(distinct) == most:
                break
        return list(distinct.values())

    def _decided(
        self,
        record: Record,
        met: Sequence[Known],
        named: Names,
        carriers: Carriers,
        likelier: bool,
    ) -> Judged:
        """Return what follows for *record* among those whom it has *met*, who are so *named*."""
        compared = [
            compare(self.submission, record, known, carriers, self.ip_key, self.policy)
            for known in (completed(each, named, record) for each in met)
        ]
        best = max(compared, key=lambda c: c.match.probability, default=None)
        likely = best.match.probability if best else 0.0
        silence = None
        if best and self.policy.reengage_after_days:
            silence = silence_before(self.submission, best, self.compared, self.last_leads)
        surely = SURE if likelier else likely
        changed = [n for n in _CONTACT if getattr(record, n) != getattr(self.own, n)]
        actions = {
            decide(surely, risk, self.policy, silence).action.action_taken
            for risk in otherwise(self.risk, changed)
        }
        return likely, actions.pop() if len(actions) == 1 else ""

    def _carriers(self, record: Record) -> Carriers:
        """Return how many people carry what *record* gives, by those read and those counted."""
        everybody = ((each.subject_id, each.record) for each in self.known)
        counted = beside.carriers(record, everybody)
        told = {value: self.carriers.get(value, 0) for value in self.own.others}
        told |= {
            self.own.phone: self.carriers.get("phone", 0),
            self.own.mailbox: self.carriers.get("email", 0),
        }
        kinds = {"phone": record.phone, "email": record.mailbox}
        for kind in counted:
            value = kinds.get(kind, kind)
            if value:
                counted[kind] = max(counted[kind], told.get(value, 0))
        return counted


def _meet(own: Record, known: Record, keys: Callable[[Record], frozenset[Key]]) -> bool:
    """True if the records share a blocking key: else neither is found for the other."""
    if own.mailbox and own.mailbox == known.mailbox:
        return True
    return not keys(own).isdisjoint(keys(known))


def _keys(record: Record) -> frozenset[Key]:
    return frozenset(blocking.keys(record))
