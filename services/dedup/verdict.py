"""The verdict on one lead: compare it with everyone it could be, weigh its risk, decide."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache, partial
from uuid import UUID

from services.dedup import beside, counterfactual, linkage, model, risk
from services.dedup.beside import Beside, Carriers
from services.dedup.counterfactual import Counterfactual
from services.dedup.decision import Decision, decide
from services.dedup.linkage import Match
from services.dedup.policy import DEFAULT, Policy, applied
from services.dedup.record import NAME, Reading, Record
from services.dedup.risk import Circumstances, Risk, Validation
from shared.privacy.consent import Consent

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

NOBODY: Mapping[UUID, datetime] = {}
"""When nobody was heard of before."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One lead as it was sent."""

    source_id: str
    fields: Mapping[str, str]
    submitted_at: datetime
    ip: str | None = None
    honeypot: str = ""
    form_fill_ms: int | None = None
    consent: Consent | None = None
    raw: bytes = b""
    """The body as it was received; kept sealed for a short time."""
    idempotency_key: str | None = None
    """The caller's own name for this lead: a retry under it gets the first answer again."""


@dataclass(frozen=True, slots=True)
class Known:
    """A lead we already have, as something to compare with."""

    lead_id: UUID
    subject_id: UUID
    original: UUID
    """The first lead of this person."""
    source_id: str
    submitted_at: datetime
    record: Record
    ip_key: int | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """A known lead and what comparing with it gave."""

    known: Known
    match: Match


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided of one lead, and everything that led to it."""

    decision: Decision
    best: Compared | None
    """The likeliest candidate, if there is any."""
    compared: Sequence[Compared]
    """Every candidate: known leads that share an identity with it."""
    colleagues: Sequence[Known]
    """Known leads of the same organisation that share nothing else: never candidates."""
    risk: Risk
    validation: Validation
    policy: Policy | None = None
    """What it was decided by; None if it could not be."""
    carriers: Carriers = field(default_factory=dict)
    """How many people carry what the lead gives."""
    counterfactual: Callable[[], Counterfactual | None] = lambda: None
    """Works out, once, the least that would have to be otherwise for another action."""

    @property
    def match_probability(self) -> float:
        """Return the match probability of the likeliest candidate; 0 without one."""
        return self.best.match.probability if self.best else 0.0


def verdict(
    submission: Submission,
    reading: Reading,
    known: Iterable[Known],
    seen: Sequence[datetime],
    colleagues: Sequence[Known] = (),
    policy: Policy = DEFAULT,
    last_leads: Mapping[UUID, datetime] = NOBODY,
    carriers: Carriers = beside.NOBODY,
    ip_key: int | None = None,
) -> Verdict:
    """Return the verdict on *submission* under *policy*.

    *known* are the leads that share an identity key with it; *seen* is when earlier leads came
    from its address. *colleagues* are leads that share no more than an organisation: no lock
    made this lead wait for them, so no decision may rest on them. *last_leads* is when the known
    people, by subject, were last heard of before this lead, as far as the candidates do not tell.
    *carriers* is how many people carry what it gives, *ip_key* the address it came from.
    """
    named = _named(known)
    found = [
        _compared(submission, reading.record, _completed(other, named), carriers, ip_key, DEFAULT)
        for other in known
    ]
    compared = found
    if policy.reweighs:
        compared = [
            _compared(submission, reading.record, one.known, carriers, ip_key, policy)
            for one in found
        ]
    # Among equals the oldest is the original; ids sort by time.
    best = max(compared, key=lambda c: (c.match.probability, -c.known.lead_id.int), default=None)
    validation = risk.validate(submission.fields, reading.mail, reading.number)
    assessed = risk.assess(
        submission.fields,
        reading.mail,
        reading.number,
        validation.completeness_score,
        # Which comparisons may say who somebody is has no bearing on what a burst looks like.
        _circumstances(submission, reading.record, found, seen),
    )
    silence = _silence(submission, best, compared, last_leads) if best else None
    decision = decide(best.match.probability if best else 0.0, assessed, policy, silence)

    def judged(record: Record) -> counterfactual.Judged:
        """Decide the lead as if it were *record*."""
        likeliest = _likeliest(submission, record, [c.known for c in compared], ip_key, policy)
        return likeliest, decide(likeliest, assessed, policy, silence).action.action_taken

    return Verdict(
        decision,
        best,
        compared,
        colleagues,
        assessed,
        validation,
        policy,
        carriers,
        cache(partial(_otherwise, reading.record, best, decision, judged)),
    )


def _otherwise(
    own: Record, best: Compared | None, decision: Decision, judged: counterfactual.Judge
) -> Counterfactual | None:
    if best is None:
        return None
    now = best.match.probability, decision.action.action_taken
    return counterfactual.nearest(own, best.known.record, now, judged)


def unjudged(submission: Submission, reading: Reading) -> Verdict:
    """Return the verdict on a lead that could not be compared: it passes, whatever it says."""
    try:
        validation = risk.validate(submission.fields, reading.mail, reading.number)
    except Exception:  # the last resort of a lead must not fail, whatever did before
        validation = Validation(False, False, False, False, 0)
    return Verdict(decide(0.0, Risk()), None, (), (), Risk(), validation)


def _named(known: Iterable[Known]) -> dict[UUID, Record]:
    """Return for each person who once gave a name the record of theirs that says most of it."""
    said = sorted(known, key=lambda each: len(each.record.given))
    return {each.subject_id: each.record for each in said if each.record.named}


def _completed(known: Known, named: Mapping[UUID, Record]) -> Known:
    """Return *known* under its person's name where it gave none, or an initial.

    Whoever leaves only a number is not everybody: the number's owner said who they are.
    """
    if len(known.record.given) > 1 or known.subject_id not in named:
        return known
    other = named[known.subject_id]
    if known.record.named and not other.given.startswith(known.record.given or "?"):
        return known
    return replace(known, record=known.record._replace(**{n: getattr(other, n) for n in NAME}))


def _compared(
    submission: Submission,
    own: Record,
    known: Known,
    carriers: Carriers,
    ip_key: int | None,
    policy: Policy,
) -> Compared:
    """Return what comparing *own*, the record of *submission*, with *known* gives."""
    same_ip = None if ip_key is None or known.ip_key is None else ip_key == known.ip_key
    apart = _apart(submission, known)
    beside = Beside(carriers, same_ip, apart.total_seconds())
    match = linkage.compare(own, known.record, beside, policy.off)
    return Compared(known, applied(match, policy, apart / DAY) if policy.reweighs else match)


def _likeliest(
    submission: Submission,
    own: Record,
    known: Sequence[Known],
    ip_key: int | None,
    policy: Policy,
) -> float:
    """Return the highest match probability that *own* would have among *known*."""
    others = ((each.subject_id, each.record) for each in known)
    now = beside.carriers(own, others)
    return max(
        _compared(submission, own, each, now, ip_key, policy).match.probability for each in known
    )


def _apart(submission: Submission, known: Known) -> timedelta:
    return abs(submission.submitted_at - known.submitted_at)


def _silence(
    submission: Submission,
    best: Compared,
    compared: Sequence[Compared],
    last_leads: Mapping[UUID, datetime],
) -> timedelta | None:
    """Return how long the likeliest person had not been heard of; None if never before."""
    at, person = submission.submitted_at, best.known.subject_id
    times = [one.known.submitted_at for one in compared if one.known.subject_id == person]
    if person in last_leads:
        times.append(last_leads[person])
    before = [time for time in times if time <= at]
    return at - max(before) if before else None


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
        and (own.email, own.phone) != (other.known.record.email, other.known.record.phone)
    )
