"""The outcome of a check: a decided lead, and the rows that remember it."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.dedup import model
from services.dedup.beside import Carriers
from services.dedup.linkage import Evidence
from services.dedup.packed import Packed
from services.dedup.policy import DEFAULT
from services.dedup.preparation import Prepared
from services.dedup.store import Remembered
from services.dedup.trade.deal import Hold
from services.dedup.trade.standing import NOTHING, Standing, unasked
from services.dedup.verdict import Submission, Verdict
from shared.events import Event
from shared.frozen import frozen
from shared.ids import uuid7
from shared.leads import Lead


@frozen
class Outcome:
    """A decided lead: everything that its answer says."""

    lead_id: UUID
    decision_id: UUID
    review_id: UUID | None
    submission: Submission
    verdict: Verdict
    took_ms: float
    """What reading, waiting for equals and deciding took, in milliseconds."""
    skipped: bool = False
    """True if it was not compared with anybody; the check follows."""
    receipt_id: UUID | None = None
    """Where it waits for its check; None if it is stored."""
    standing: Standing = NOTHING
    """What the terms of the trade said of it."""
    hold: Hold | None = None
    """What it was given to confirm or release; None if nothing is held for it."""
    held_until: datetime | None = None
    """When its hold is over."""

    def reviewed(self) -> "Outcome":
        """Return the outcome with a review if its decision needs one, and without if not."""
        if self.verdict.decision.needs_review:
            return replace(self, review_id=self.review_id or uuid7())
        return replace(self, review_id=None)

    def unasked(self) -> "Outcome":
        """Return the outcome of a skipped check that might have found the lead on a list.

        No review is opened: the check that follows says whether it needs one.
        """
        decision = unasked(self.verdict.decision)
        return replace(self, verdict=replace(self.verdict, decision=decision))

    @property
    def person(self) -> tuple[UUID, UUID]:
        """Return the subject this lead belongs to, and that person's first lead."""
        best = self.verdict.best
        if self.verdict.decision.duplicate and best:
            return best.known.subject_id, best.known.original
        return self.lead_id, self.lead_id


def lead_row(
    lead: Prepared, outcome: Outcome, packed: Packed, created: Event | None = None
) -> Lead:
    """Return the lead as the shared table keeps it, its fields sealed or clear as the mode says."""
    submission, decision = lead.submission, outcome.verdict.decision
    subject_id, original = outcome.person
    return Lead(
        id=outcome.lead_id,
        subject_id=subject_id,
        source_id=submission.source_id,
        kept=packed.kept,
        received_at=lead.arrival.received_at,
        submitted_at=submission.submitted_at,
        duplicate_of=original if decision.duplicate else None,
        status="invalid" if decision.turned_away else "new",
        raw=packed.raw,
        created=created,
    )


def remembered_row(lead: Prepared, outcome: Outcome, packed: Packed, now: datetime) -> Remembered:
    """Return what the duplicate check itself keeps: comparable values, keys, decision."""
    reached = outcome.verdict
    return Remembered(
        lead_id=outcome.lead_id,
        decision_id=outcome.decision_id,
        compared=packed.compared,
        blocking_keys=packed.blocking_keys,
        ip_key=lead.ip_key,
        submitted_at=lead.submission.submitted_at,
        decided_at=now,
        action=reached.decision.action.action_taken,
        match_probability=reached.match_probability,
        risk_score=reached.risk.score,
        compared_with=reached.best.known.lead_id if reached.best else None,
        evidence=evidence(outcome),
        model_version=reached.model.version,
        review_id=outcome.review_id,
    )


def evidence(outcome: Outcome) -> dict[str, object]:
    """Return why it was decided so, as JSON: levels, weights and numbers, no values of the lead."""
    reached, decision = outcome.verdict, outcome.verdict.decision
    found = reached.best.match.evidence if reached.best else ()
    told: dict[str, object] = {
        "prior": reached.model.prior,
        "levels": {one.comparison: _level(one, reached.carriers) for one in found},
        "risk": dict(reached.risk.factors),
    }
    if reached.best:
        told["relation"] = reached.related
    if decision.reason:
        told["reason"] = decision.reason
    if reached.policy is not None and reached.policy != DEFAULT:
        told |= {"flag": reached.policy.flag, "block": reached.policy.block}
    if decision.reengagement:
        told["reengagement"] = True
    # Of who is nobody's duplicate it is worked out, and kept, if the caller asked for it.
    otherwise = reached.counterfactual
    if change := otherwise() if decision.duplicate_found else otherwise.told:
        told["counterfactual"] = change.as_dict()
    if outcome.skipped:
        told["skipped"] = True
    return told


def _level(found: Evidence, carriers: Carriers) -> list[object]:
    """Return a piece of evidence as it is stored: level, weight, and what its sentence tells."""
    told: dict[str, object] = {}
    if found.level in model.COUNTED:
        told["people"] = carriers.get(found.comparison, 0)
    if found.aged:
        told |= found.aged._asdict()
    if found.elsewhere:
        told["elsewhere"] = True
    return [found.level, found.weight, *([told] if told else ())]
