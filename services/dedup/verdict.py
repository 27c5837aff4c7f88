"""The verdict on one lead: compare it with everyone it could be, weigh its risk, decide."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from services.dedup import beside, model, relation, risk, several
from services.dedup.beside import Carriers
from services.dedup.compared import Compared as Compared
from services.dedup.compared import Known as Known
from services.dedup.compared import Submission as Submission
from services.dedup.compared import (
    attributed,
    compare,
    completed,
    names_given,
    silence_before,
)
from services.dedup.counterfactual import Counterfactual
from services.dedup.decision import Decision, decide
from services.dedup.model import STANDARD, Model
from services.dedup.policy import BLOCK, DEFAULT, Policy
from services.dedup.record import Reading, Record
from services.dedup.retrial import Retrial
from services.dedup.risk import Circumstances, Risk, Validation
from shared.frozen import frozen

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

NOBODY: Mapping[UUID, datetime] = {}
"""When nobody was heard of before."""


class Once:
    """Works out a counterfactual when it is first called, and remembers what came of it.

    `functools.cache` takes 3 µs to make, which most leads would pay for nothing.
    """

    __slots__ = ("_forgiving", "_work", "told")

    def __init__(self, work: Callable[[], Counterfactual | None]):
        self._work: Callable[[], Counterfactual | None] | None = work
        self._forgiving: Callable[[Exception], None] | None = None
        self.told: Counterfactual | None = None
        """What came of it; None also while nobody has called."""

    def __call__(self) -> Counterfactual | None:
        """Return what comes of it. Raises whatever the work does, unless it is forgiven."""
        if self._work is None:
            return self.told
        try:
            self.told = self._work()
        except Exception as error:
            if self._forgiving is None:
                raise
            self._forgiving(error)
        self._work = None
        return self.told

    def forgive(self, report: Callable[[Exception], None]) -> None:
        """Let nothing come of work that fails, and *report* the fault."""
        self._forgiving = report


NOTHING_TELLS = Once(lambda: None)
"""No other value would have changed the decision, or it is of no use to say which."""


@frozen
class Verdict:
    """What was decided of one lead, and everything that led to it."""

    decision: Decision
    best: Compared | None
    """The likeliest candidate, if there is any."""
    compared: Sequence[Compared]
    """Every candidate: known leads that share an identity with it."""
    colleagues: Collection[UUID]
    """Known leads of the same organisation that share nothing else: never candidates."""
    risk: Risk
    validation: Validation
    policy: Policy | None = None
    """What it was decided by; None if it could not be."""
    carriers: Carriers = field(default_factory=dict)
    """How many people carry what the lead and the likeliest candidate were compared by."""
    counterfactual: Once = NOTHING_TELLS
    """Works out, once, the least that would have to be otherwise for another action."""

    @property
    def match_probability(self) -> float:
        """Return the match probability of the likeliest candidate; 0 without one."""
        return self.best.match.probability if self.best else 0.0

    @property
    def model(self) -> Model:
        """Return the model whose weights were added up."""
        return self.policy.model if self.policy else STANDARD

    @property
    def related(self) -> str | None:
        """Return how the people of the lead and the likeliest candidate are related, in a word.

        Whoever wants nothing flagged has duplicates all the same.
        """
        flag = min(self.policy.flag if self.policy else BLOCK, BLOCK)
        return relation.relation(self.best.match, flag) if self.best else None


def verdict(
    submission: Submission,
    reading: Reading,
    known: Iterable[Known],
    seen: Sequence[datetime],
    colleagues: Collection[UUID] = (),
    policy: Policy = DEFAULT,
    last_leads: Mapping[UUID, datetime] = NOBODY,
    carriers: Carriers = beside.NOBODY,
    ip_key: int | None = None,
) -> Verdict:
    """Return the verdict on *submission* under *policy*.

    *known* are the leads that share an identity key with it, gone through twice (no iterator);
    *seen* is when earlier leads came from its address. *colleagues* are leads that share no more
    than an organisation: no lock made this lead wait for them, so no decision may rest on them.
    *last_leads* is when known people, by subject, were last heard of, as far as the candidates do
    not tell. *carriers* is how many people carry what it gives, *ip_key* the address it came from.
    """
    own, stored = reading.record, list(known)
    named = names_given(stored)
    weighed = partial(compare, submission, own, carriers=carriers, ip_key=ip_key)
    found = [weighed(known=completed(other, named, own), policy=DEFAULT) for other in known]
    compared = [weighed(known=o.known, policy=policy) for o in found] if policy.reweighs else found
    best = _likeliest(compared, stored)
    validation = risk.validate(submission.fields, reading.mail, reading.number)
    # Which comparisons may say who somebody is has no bearing on what a burst looks like.
    around = _circumstances(submission, own, found, seen)
    completeness = validation.completeness_score
    assessed = risk.assess(submission.fields, reading.mail, reading.number, completeness, around)
    said = compared, colleagues, assessed, validation, policy
    if best is None:
        return Verdict(decide(0.0, assessed, policy), best, *said, carriers)
    silence = None
    if policy.reengage_after_days is not None:
        silence = silence_before(submission, best.known.subject_id, compared, last_leads)
    decision = decide(best.match.probability, assessed, policy, silence)
    around_it = submission, ip_key, policy, assessed, last_leads, stored, compared
    retrial = Retrial(*around_it, own, carriers)
    otherwise = Once(partial(retrial.counterfactual, best, decision.action.action_taken))
    return Verdict(decision, best, *said, best.carriers, otherwise)


def _likeliest(compared: Sequence[Compared], stored: Iterable[Known]) -> Compared | None:
    """Return the likeliest candidate; what *stored* leads say themselves is told apart."""
    # Among equals the oldest is the original; ids sort by time.
    best = max(compared, key=lambda c: (c.match.probability, -c.known.lead_id.int), default=None)
    if best is None:
        return None
    return attributed(best, next(o.record for o in stored if o.lead_id == best.known.lead_id))


def unjudged(submission: Submission, reading: Reading) -> Verdict:
    """Return the verdict on a lead that could not be compared: it passes, whatever it says."""
    try:
        validation = risk.validate(submission.fields, reading.mail, reading.number)
    except Exception:  # the last resort of a lead must not fail, whatever did before
        validation = Validation(False, False, False, False, 0)
    return Verdict(decide(0.0, Risk()), None, (), (), Risk(), validation)


def _circumstances(
    submission: Submission, own: Record, compared: Sequence[Compared], seen: Sequence[datetime]
) -> Circumstances:
    at = submission.submitted_at
    return Circumstances(
        honeypot=submission.honeypot,
        form_fill_ms=submission.form_fill_ms,
        leads_last_minute=sum(at - MINUTE < time <= at for time in seen),
        leads_last_hour=sum(at - HOUR < time <= at for time in seen),
        bulk=sum(_same_burst(submission, own, other) for other in compared),
    )


def _same_burst(submission: Submission, own: Record, other: Compared) -> bool:
    """True if *other* came within a minute with this name and company and other contact data."""
    return (
        abs(submission.submitted_at - other.known.submitted_at) <= MINUTE
        and submission.source_id == other.known.source_id
        and other.match.level("name") in model.SAME_NAME | {"given_name_only"}
        and other.match.level("organisation") == "same_company"
        and _other_contact(own, other.known.record)
    )


def _other_contact(own: Record, said: Record) -> bool:
    """True if the two differ in address or number, in whatever order they stand."""
    if several.given(own, said):
        own, said, *_ = several.paired(own, said, beside.NOBODY)
    return (own.email, own.phone) != (said.email, said.phone)
