"""What the duplicate check tells others about a lead: ids and verdicts, never what it said."""

from datetime import datetime
from uuid import UUID

from services.dedup.decision import REJECT
from services.dedup.outcome import Outcome
from services.dedup.preparation import Prepared
from shared.events import Event


def created(lead: Prepared, outcome: Outcome, now: datetime) -> Event:
    """Return that a new person came."""
    told = {
        "source_id": lead.submission.source_id,
        "decision_id": str(outcome.decision_id),
        "action_taken": outcome.verdict.decision.action.action_taken,
    }
    return Event("lead.created", outcome.lead_id, now, told)


def review_waiting(outcome: Outcome, now: datetime) -> Event:
    """Return that a person is asked about a lead."""
    told = {
        "review_id": str(outcome.review_id),
        "decision_id": str(outcome.decision_id),
        "confidence_score": round(outcome.verdict.match_probability, 6),
        "risk_level": outcome.verdict.risk.level,
    }
    return Event("review.waiting", outcome.lead_id, now, told)


def late_duplicate(lead: Prepared, lead_id: UUID, action: str, now: datetime) -> Event:
    """Return that a lead which passed unchecked would have been flagged or rejected."""
    told = {
        "source_id": lead.submission.source_id,
        "receipt_id": str(lead.receipt_id),
        "action_taken": action,
    }
    return Event("lead.late_duplicate", lead_id, now, told)


def judged_duplicate(
    lead_id: UUID, source_id: str, review_id: UUID, original: UUID, now: datetime
) -> Event:
    """Return that a lead which was told as a new person is, as a reviewer says, a known one."""
    told = {
        "source_id": source_id,
        "review_id": str(review_id),
        "action_taken": REJECT.action_taken,
        "duplicate_of": str(original),
    }
    return Event("lead.late_duplicate", lead_id, now, told)
