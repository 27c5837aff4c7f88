"""The decision: what happens to a lead, from its match probability and its risk."""

from dataclasses import dataclass

from services.dedup.risk import HIGH, Risk

FLAG = 0.6
"""Match probability from which a lead is a possible duplicate (contract, decision 3)."""

BLOCK = 0.8
"""Match probability from which a lead is a duplicate (contract, decision 3)."""


@dataclass(frozen=True, slots=True)
class Action:
    """What happens to a lead: its names in the contract, and what the caller does next."""

    action_taken: str
    prevention_action: str
    next_steps: tuple[str, ...]


ALLOW = Action(
    "allow_processing",
    "continue_workflow",
    ("Continue the workflow with this lead.",),
)
REVIEW = Action(
    "flag_for_review",
    "manual_review_queue",
    ("Hold this lead until a person has looked at it.", "Settle the review under review_id."),
)
REJECT = Action(
    "reject_duplicate",
    "block_processing",
    (
        "Do not process this lead again.",
        "Use duplicate_of to find the known lead, if there is one.",
    ),
)


PASSED_STEPS = (
    *ALLOW.next_steps,
    "Its duplicate check was skipped and follows; lead.late_duplicate tells if it was one.",
)
"""What the caller of a lead does next that was let pass unchecked."""


@dataclass(frozen=True, slots=True)
class Decision:
    """An action and the reason for it, in a word."""

    action: Action
    reason: str | None
    duplicate_found: bool
    duplicate: bool
    """True if the lead is a record of a person we know."""

    @property
    def needs_review(self) -> bool:
        """True if a person has to look at the lead."""
        return self.action is REVIEW

    @property
    def turned_away(self) -> bool:
        """True if risk alone rejects the lead, of whoever it may be."""
        return self.action is REJECT and not self.duplicate


def decide(match_probability: float, risk: Risk) -> Decision:
    """Return what happens to a lead. A certain duplicate outranks risk, risk outranks doubt."""
    found = match_probability >= FLAG
    if match_probability >= BLOCK:
        return Decision(REJECT, "duplicate", found, True)
    if risk.rejection:
        return Decision(REJECT, risk.rejection, found, False)
    if found:
        return Decision(REVIEW, "possible_duplicate", found, False)
    if risk.score >= HIGH:
        return Decision(REVIEW, "high_risk", found, False)
    return Decision(ALLOW, None, found, False)
