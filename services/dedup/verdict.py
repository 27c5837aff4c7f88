"""The verdict on one lead: compare it with everyone it could be, weigh its risk, decide."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.dedup import linkage, risk
from services.dedup.decision import Decision, decide
from services.dedup.linkage import Match
from services.dedup.record import Reading, Record
from services.dedup.risk import Circumstances, Risk, Validation
from shared.privacy.consent import Consent

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


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
) -> Verdict:
    """Return the verdict on *submission*.

    *known* are the leads that share an identity key with it; *seen* is when earlier leads came
    from its address. *colleagues* are leads that share no more than an organisation: no lock
    made this lead wait for them, so no decision may rest on them.
    """
    compared = [Compared(other, linkage.compare(reading.record, other.record)) for other in known]
    # Among equals the oldest is the original; ids sort by time.
    best = max(compared, key=lambda c: (c.match.probability, -c.known.lead_id.int), default=None)
    validation = risk.validate(submission.fields, reading.mail, reading.number)
    assessed = risk.assess(
        submission.fields,
        reading.mail,
        reading.number,
        validation.completeness_score,
        _circumstances(submission, reading.record, compared, seen),
    )
    decision = decide(best.match.probability if best else 0.0, assessed)
    return Verdict(decision, best, compared, colleagues, assessed, validation)


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
        and other.match.level("name") in ("same", "given_name_only")
        and other.match.level("organisation") == "same_company"
        and (own.email, own.phone) != (other.known.record.email, other.known.record.phone)
    )
