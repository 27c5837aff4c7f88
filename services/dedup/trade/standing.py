"""Standing: what the trade's terms say of one lead, and the decision under them.

The order is that of what must not happen: somebody on a suppression list is never let through;
then spam and bursts, which the model's side has rejected; then what is held for somebody else;
then the look-back, which says whether a known person is too early or welcome again; then the caps:
a lead too many is no duplicate.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.dedup.decision import ALLOW, REJECT, REVIEW, Decision
from services.dedup.risk import HIGH
from shared.frozen import frozen

SUPPRESSED = "suppressed"
HELD = "held"
WITHIN_LOOKBACK = "within_lookback"
CAP_REACHED = "cap_reached"
CLOSED = "closed"
SUPPRESSION_UNKNOWN = "suppression_unknown"

REASONS = (SUPPRESSED, HELD, WITHIN_LOOKBACK, CAP_REACHED, CLOSED, SUPPRESSION_UNKNOWN)
"""Why the trade's terms flag or reject a lead."""

REJECTED_STEPS = {
    SUPPRESSED: ("Do not contact this person: trade.found_in tells the lists.",),
    HELD: ("Try again after trade.held_until: the hold may be released by then.",),
    WITHIN_LOOKBACK: (
        "Do not process this lead: it comes too soon after the one in trade.lookback.",
    ),
    CAP_REACHED: ("Offer the lead elsewhere, or again at trade.full.resumes_at.",),
    CLOSED: ("Offer the lead elsewhere, or again at trade.full.resumes_at.",),
}
"""What the caller of a lead does next that the terms reject, by the reason."""


@dataclass(frozen=True, slots=True)
class ListHit:
    """A suppression list that names the lead's address or number."""

    list_id: UUID
    name: str
    kind: str
    on_hit: str
    """`reject` or `flag`."""
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Hit:
    """An earlier lead within the look-back."""

    lead_id: UUID
    keys: tuple[str, ...]
    """What agreed, by the names of `terms`."""
    days_ago: float
    within_days: int
    on_hit: str


@dataclass(frozen=True, slots=True)
class Taken:
    """The identity is held for an earlier lead."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Full:
    """No more leads are taken just now."""

    reason: str
    """CAP_REACHED or CLOSED."""
    of: str
    """Whose terms say so: `source`, `buyer`, `campaign` or `account`."""
    resumes_at: datetime | None
    """When leads are taken again; None: not before somebody changes the terms."""


@frozen
class Standing:
    """What the terms say of one lead; without arguments, nothing."""

    listed: tuple[ListHit, ...] = ()
    held: Taken | None = None
    hit: Hit | None = None
    forgiven: str | None = None
    """Why leads of the likeliest person do not count, if none does: `older`, `elsewhere` or
    `not_accepted`."""
    full: Full | None = None


NOTHING = Standing()


def under(decision: Decision, certain: bool, risk_score: float, standing: Standing) -> Decision:
    """Return *decision* under *standing*; *certain* says that the model knows the person."""
    if standing is NOTHING:
        return decision
    if any(each.on_hit == "reject" for each in standing.listed):
        return replace(decision, action=REJECT, reason=SUPPRESSED, reengagement=False)
    if decision.turned_away:
        return decision
    if standing.held:
        return replace(decision, action=REJECT, reason=HELD, reengagement=False)
    decided = _looked_back(decision, certain, risk_score, standing)
    if standing.listed and decided.action is ALLOW:
        return _reviewed(decided, SUPPRESSED)
    if standing.full and decided.action is ALLOW:
        return replace(decided, action=REJECT, reason=standing.full.reason, reengagement=False)
    return decided


def unasked(decision: Decision) -> Decision:
    """Return *decision* on a lead that passes unchecked while there are, or may be, lists."""
    return _reviewed(decision, SUPPRESSION_UNKNOWN)


def _looked_back(
    decision: Decision, certain: bool, risk_score: float, standing: Standing
) -> Decision:
    if standing.hit:
        return _hit(decision, certain, risk_score, standing.hit)
    if standing.forgiven is None or not decision.duplicate_found:
        return decision
    return _welcome(decision, certain, risk_score)


def _hit(decision: Decision, certain: bool, risk_score: float, hit: Hit) -> Decision:
    if hit.on_hit == "reject":
        return replace(
            decision, action=REJECT, reason=WITHIN_LOOKBACK, duplicate=certain, reengagement=False
        )
    if hit.on_hit == "flag":
        return _reviewed(decision, WITHIN_LOOKBACK)
    return _welcome(decision, certain, risk_score)


def _welcome(decision: Decision, certain: bool, risk_score: float) -> Decision:
    """Let a known person through again; one of high risk is looked at, as any other."""
    if risk_score >= HIGH:
        return _reviewed(decision, "high_risk")
    return replace(decision, action=ALLOW, reason=None, duplicate=certain, reengagement=certain)


def _reviewed(decision: Decision, reason: str) -> Decision:
    return replace(decision, action=REVIEW, reason=reason, duplicate=False, reengagement=False)
