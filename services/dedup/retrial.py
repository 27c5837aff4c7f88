"""The retrial: a lead decided anew as if it said something else.

What is said to change a decision must come true for whoever posts the lead so changed. So it is
compared with those alone that it would still meet, and decided by the same policy and risk.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import compress
from operator import ne
from uuid import UUID

from services.dedup import counterfactual, several
from services.dedup.beside import NOBODY, Carriers
from services.dedup.compared import (
    Compared,
    Known,
    Names,
    Submission,
    compare,
    completed,
    reweighed,
    silence_before,
    surroundings,
)
from services.dedup.counterfactual import Counterfactual, Judge, Judged
from services.dedup.crowd import Candidate, Crowd, Meeting, crowd, likeliest_of, met
from services.dedup.decision import decide
from services.dedup.linkage import found
from services.dedup.policy import Policy
from services.dedup.record import Record
from services.dedup.repeated import Repeated
from services.dedup.risk import Risk, otherwise
from shared.frozen import frozen

MOST_RETRIED = 10
"""Candidates, the likeliest, among whom a lead is decided anew as if it said something else: some
20 changes are tried while others wait for its keys, and more would take 10 ms and longer."""

MOST_CHECKED = 100
"""Candidates among whom the change that is told is tried once more: 3 ms at most."""

SURE = 1.0 - 1e-9
"""Match probability of whoever is surely the person; a policy that blocks from 1 blocks nobody."""

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
    """The same in the same order, as they were compared."""
    own: Record
    """The lead as it is."""
    carriers: Carriers
    """How many people carry what it gives, some of whom were not read."""

    @property
    def candidates(self) -> list[Candidate]:
        """Return its candidates, as they are stored and as they were compared."""
        return list(map(Candidate, self.known, self.compared))

    def judge(self) -> Judge:
        """Return what decides the lead as another record, among the likeliest candidates."""
        return _Trials(self).judged

    def counterfactual(self, best: Compared, action: str) -> Counterfactual | None:
        """Return what would have to be otherwise for another action than the one taken.

        *best* is the likeliest candidate.
        """
        rivals = self.rivals(best)
        agreed = {e.comparison for each in rivals for e in each.match.evidence if e.weight > 0}
        known = [each.known.record for each in rivals]
        now = best.match.probability, action
        # If the lead did not say its country, its number may have told it.
        abroad = not self.submission.fields.get("country")
        around = self.judge(), self.said(best), abroad
        return counterfactual.nearest(self.own, known, agreed, now, *around)

    def said(self, one: Compared) -> Record:
        """Return what a candidate's lead says itself, where its person is known by more."""
        return next(each.record for each in self.known if each.lead_id == one.known.lead_id)

    def rivals(self, best: Compared) -> list[Compared]:
        """Return *best* and other candidates that would be duplicates without it."""
        if len(self.known) == 1:
            return [best]
        others = (
            each.compared
            for each in likeliest_of(self.candidates, MOST_RETRIED)
            if each.known.lead_id != best.known.lead_id
        )
        return [best, *(each for each in others if each.match.probability >= self.policy.flag)]


class _Trials:
    """Some twenty changes of one lead, tried one after another: what stays is worked out once."""

    def __init__(self, retrial: Retrial):
        self._of = retrial
        self._candidates = retrial.candidates
        self._meeting = Meeting()
        self._crowds: dict[int, Crowd] = {}
        self._told: dict[tuple[int, bool, Record], Judged] = {}
        self._repeated: dict[int, Repeated] = {}
        self._people = {"": 0}
        """By number or mailbox, how many people carry it."""
        self._risks: dict[tuple[str, ...], tuple[Risk, ...]] = {}
        """By the fields that moved, what may be left of the lead's risk."""

    def judged(
        self,
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
        most = min(MOST_CHECKED if thoroughly else MOST_RETRIED, len(self._candidates))
        if carriers or likelier:
            there = self._there(record, most, anyhow)
            return self._decided(record, there, {**self._carriers(record), **carriers}, likelier)
        asked = most, anyhow, record
        if asked in self._told:
            return self._told[asked]
        there = self._there(record, most, anyhow)
        if not anyhow and there is self._crowds[most]:
            told = self.judged(record, anyhow=True, thoroughly=thoroughly)
        else:
            told = self._decided(record, there, self._carriers(record), likelier)
        self._told[asked] = told
        return told

    def _there(self, record: Record, most: int, anyhow: bool) -> Crowd:
        """Return those of *most* candidates whom the lead meets as *record*."""
        if most not in self._crowds:
            self._crowds[most] = crowd(self._candidates, most)
        everybody = self._crowds[most]
        return everybody if anyhow else met(everybody, self._meeting.of(record))

    def _decided(self, record: Record, there: Crowd, carriers: Carriers, likelier: bool) -> Judged:
        """Return what follows for *record* among those who are *there*."""
        moved = tuple(compress(Record._fields, map(ne, self._of.own, record)))
        best, likely = None, 0.0
        for each in there.near:
            probability = self._likeliness(record, each, there.named, carriers, moved)
            if best is None or probability > likely:
                best, likely = each, probability
        policy, silence = self._of.policy, None
        if best and policy.reengage_after_days:
            person = best.known.subject_id
            around = self._of.compared, self._of.last_leads
            silence = silence_before(self._of.submission, person, *around)
        if moved not in self._risks:
            changed = [name for name in _CONTACT if name in moved]
            self._risks[moved] = otherwise(self._of.risk, changed)
        surely, action = SURE if likelier else likely, ""
        for risk in self._risks[moved]:
            then = decide(surely, risk, policy, silence).action.action_taken
            if action not in ("", then):
                return likely, ""
            action = then
        return likely, action

    def _likeliness(
        self,
        record: Record,
        one: Candidate,
        named: Names,
        carriers: Carriers,
        moved: tuple[str, ...],
    ) -> float:
        """Return how likely *record* is of the person of *one*, who are so *named*.

        It differs from the lead as it is in the fields that *moved*.
        """
        of = self._of
        known = completed(one.known, named, record)
        said, policy = known.record, of.policy
        if several.given(of.own, said) or several.given(record, said):
            around = carriers, of.ip_key, policy
            return compare(of.submission, record, known, *around).match.probability
        repeated = self._beside(one, known)
        if not policy.reweighs:
            return repeated.likeliness(record, moved, carriers)
        match = repeated.match(record, moved, carriers, policy.off)
        return reweighed(match, of.submission, known, policy).probability

    def _beside(self, one: Candidate, known: Known) -> Repeated:
        """Return what compares the lead with *one*, of whom so much is *known*."""
        place, said = one.known.lead_id.int, known.record
        repeated = self._repeated.get(place)
        if repeated is None or repeated.known != said:
            of = self._of
            beside = surroundings(of.submission, known, of.carriers, of.ip_key)
            levels = one.compared.levels
            if levels is None or one.compared.known.record != said:
                levels = found(of.own, said, beside)
            repeated = self._repeated[place] = Repeated(levels, said, beside)
        return repeated

    def _carriers(self, record: Record) -> dict[str, int]:
        """Return how many people carry what *record* gives, by those read and those counted."""
        first, mailbox, people = record.phone, record.mailbox, self._people
        others = record.others if record.other_mailboxes or record.other_lines else ()
        for value in (first, mailbox, *others):
            if value not in people:
                people[value] = self._counted(value)
        counted = {value: people[value] for value in others}
        counted["phone"], counted["email"] = people[first], people[mailbox]
        return counted

    def _counted(self, value: str) -> int:
        own = self._of.own
        people = {each.subject_id for each in self._of.known if _gives(each.record, value)}
        kinds = {own.phone: "phone", own.mailbox: "email"}
        return max(len(people), self._of.carriers.get(kinds.get(value, value), 0))


def _gives(record: Record, value: str) -> bool:
    """True if *record* gives this number or mailbox, as its first or as a further one."""
    return value in (record.phone, record.mailbox) or value in record.others
