"""The decision: what happens to a lead, from its match probability, its risk and the policy."""

from dataclasses import dataclass
from datetime import timedelta

from services.dedup.policy import BLOCK as BLOCK
from services.dedup.policy import DEFAULT, Policy
from services.dedup.policy import FLAG as FLAG
from services.dedup.risk import HIGH, Risk
from shared.frozen import frozen


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

UNASKED_STEPS = (
    "Hold this lead: the account's suppression lists could not be asked.",
    "Its check follows; lead.created tells if it may be processed, lead.late_duplicate if not.",
)
"""What the caller of a lead does next that passed unchecked while there may be lists."""

REENGAGED_STEPS = (
    *ALLOW.next_steps,
    "The person is known and has come back after a long time: duplicate_of is their first lead.",
)
"""What the caller of a lead does next whose person is let through again."""


@frozen
class Decision:
    """An action and the reason for it, in a word."""

    action: Action
    reason: str | None
    duplicate_found: bool
    duplicate: bool
    """True if the lead is a record of a person we know."""
    reengagement: bool = False
    """True if it is let through because that person has been silent for long."""

    @property
    def needs_review(self) -> bool:
        """True if a person has to look at the lead."""
        return self.action is REVIEW

    @property
    def turned_away(self) -> bool:
        """True if risk alone rejects the lead, of whoever it may be."""
        return self.action is REJECT and not self.duplicate

    @property
    def next_steps(self) -> tuple[str, ...]:
        """Return what the caller does next, in sentences."""
        return REENGAGED_STEPS if self.reengagement else self.action.next_steps


def decide(
    match_probability: float,
    risk: Risk,
    policy: Policy = DEFAULT,
    silence: timedelta | None = None,
) -> Decision:
    """Return what happens to a lead. A certain duplicate outranks risk, risk outranks doubt.

    *silence* is how long the likeliest person had not been heard of; None if that is not known.
    A duplicate that the policy would not reject is weighed by its risk as any other lead is.
    """
    found = match_probability >= policy.flag
    certain = match_probability >= policy.block
    returns = certain and policy.reengages(silence)
    if certain and not returns and not policy.review_instead_of_reject:
        return Decision(REJECT, "duplicate", found, True)
    if risk.rejection:
        return Decision(REJECT, risk.rejection, found, returns)
    if returns and risk.score < HIGH:
        return Decision(ALLOW, None, found, True, reengagement=True)
    if returns:
        return Decision(REVIEW, "high_risk", found, False)
    if found:
        return Decision(REVIEW, "possible_duplicate", found, False)
    if risk.score >= HIGH:
        return Decision(REVIEW, "high_risk", found, False)
    return Decision(ALLOW, None, found, False)
