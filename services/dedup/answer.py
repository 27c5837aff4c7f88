"""The answer of a check in the contract's words."""

from collections.abc import Collection
from typing import Any

from services.dedup import model
from services.dedup.decision import (
    ALLOW,
    PASSED_STEPS,
    REJECT,
    REVIEW,
    UNASKED_STEPS,
    Decision,
)
from services.dedup.outcome import Outcome
from services.dedup.trade.standing import REJECTED_STEPS
from services.dedup.trade.standing_answer import standing_answer
from services.dedup.verdict import Compared, Verdict

CHECKS = (
    "email_match",
    "phone_match",
    "fuzzy_match",
    "domain_cluster",
    "fingerprint_match",
    "temporal_proximity",
)
"""Every check, in the order they are reported."""

SAME_DOMAIN = model.WEIGHTS["organisation"]["same_domain"]
"""What `domain_cluster` reports: a relation, whatever else was compared."""

TEMPORAL_WINDOW_SECONDS = 24 * 60 * 60
"""Leads this near in time support each other (contract: 24 h)."""


def answer(outcome: Outcome, explain: bool = False) -> dict[str, Any]:
    """Return the JSON body that a caller reads, but for the request's own id and time.

    With *explain* the likeliest known lead is shown also where it is no duplicate.
    """
    reached, decision = outcome.verdict, outcome.verdict.decision
    likely = reached.best if decision.duplicate_found else None
    shown = reached.best if explain else likely
    return {
        "success": True,
        "duplicate_check_complete": not outcome.skipped,
        "action_taken": decision.action.action_taken,
        "prevention_action": decision.action.prevention_action,
        "duplicate_found": decision.duplicate_found,
        "reengagement": decision.reengagement,
        "confidence_score": round(reached.match_probability, 6),
        "policy": _thresholds(outcome),
        "risk_level": reached.risk.level,
        "risk_assessment": {
            "risk_score": reached.risk.score,
            "risk_factors": dict(reached.risk.factors),
        },
        "checks_performed": _checks(outcome),
        "lead_id": str(outcome.lead_id),
        "duplicate_of": str(likely.known.original) if likely else None,
        "decision_id": None if outcome.receipt_id else str(outcome.decision_id),
        "match_details": _details(shown, reached) if shown else None,
        "lead_validation": {
            "email_valid": reached.validation.email_valid,
            "phone_valid": reached.validation.phone_valid,
            "company_provided": reached.validation.company_provided,
            "name_provided": reached.validation.name_provided,
            "completeness_score": reached.validation.completeness_score,
        },
        "manual_review_required": decision.needs_review,
        "review_id": str(outcome.review_id) if outcome.review_id else None,
        "blocking_reason": decision.reason,
        "trade": standing_answer(outcome),
        "next_steps": list(_next_steps(outcome)),
        "dry_run": False,
        "check_skipped": outcome.skipped,
        "degraded": outcome.receipt_id is not None,
        "receipt_id": str(outcome.receipt_id) if outcome.receipt_id else None,
        "processing_time_ms": round(outcome.took_ms, 3),
    }


def _next_steps(outcome: Outcome) -> tuple[str, ...]:
    decision = outcome.verdict.decision
    if not outcome.skipped:
        trade = REJECTED_STEPS.get(decision.reason or "", ()) if decision.action is REJECT else ()
        return trade or decision.next_steps
    return UNASKED_STEPS if decision.needs_review else PASSED_STEPS


def dry_answer(
    outcome: Outcome, explain: bool = False, unstored: Collection[str] = ()
) -> dict[str, Any]:
    """Return the answer to a dry run: what `answer` says, but for the ids of what is not stored.

    *unstored* are the ids of the leads of the same dry run, which name nothing afterwards.
    """
    told = answer(outcome, explain)
    among_them = told["duplicate_of"] in unstored
    for found in (told, *told["checks_performed"], told["match_details"] or {}):
        for name in ("duplicate_of", "matched_lead_id", "lead_id"):
            if found.get(name) in unstored:
                found[name] = None
    nobody = {"lead_id": None, "decision_id": None, "review_id": None, "dry_run": True}
    return told | nobody | {"next_steps": _dry_steps(outcome.verdict.decision, among_them)}


def _dry_steps(decision: Decision, among_them: bool) -> list[str]:
    """Return what the lead would meet; *among_them* says that its like is in the same dry run."""
    steps = ["Nothing was stored.", _WOULD[decision.action.action_taken]]
    if decision.reengagement:
        steps.append("The person is known and would come back after a long time.")
    if among_them:
        steps.append("The lead that it resembles stands before it in the same request.")
    return steps


_WOULD = {
    ALLOW.action_taken: "Sent to be kept, the lead would be let through.",
    REVIEW.action_taken: "Sent to be kept, the lead would be held until a person has looked at it.",
    REJECT.action_taken: "Sent to be kept, the lead would be rejected.",
}


def _thresholds(outcome: Outcome) -> dict[str, float] | None:
    """Return from which match probabilities it was flagged and blocked; None if unchecked."""
    policy = None if outcome.skipped else outcome.verdict.policy
    return {"flag": policy.flag, "block": policy.block} if policy else None


def _details(best: Compared, reached: Verdict) -> dict[str, Any]:
    """Return the evidence: prior and weights add up to the log2 odds of the probability."""
    otherwise = reached.counterfactual()
    return {
        "lead_id": str(best.known.lead_id),
        "match_probability": best.match.probability,
        "model_version": reached.model.version,
        "relation": reached.related,
        "counterfactual": otherwise.as_dict() if otherwise else None,
        "prior_weight": reached.model.prior,
        "evidence": [
            {
                "comparison": evidence.comparison,
                "level": evidence.level,
                "weight": evidence.weight,
                "explanation": evidence.why,
            }
            for evidence in best.match.evidence
        ],
    }


def _checks(outcome: Outcome) -> list[dict[str, Any]]:
    """Return the strongest finding of every check over all candidates."""
    strongest: dict[str, tuple[float, str | None]] = dict.fromkeys(CHECKS, (0.0, None))
    for compared in outcome.verdict.compared:
        for check, confidence in _confidences(outcome, compared).items():
            if confidence > strongest[check][0]:
                strongest[check] = confidence, str(compared.known.lead_id)
    colleagues = outcome.verdict.colleagues
    if colleagues and not strongest["domain_cluster"][0]:
        strongest["domain_cluster"] = SAME_DOMAIN.confidence, str(min(colleagues))  # ids are times
    return [
        {"type": check, "confidence": round(confidence, 4), "matched_lead_id": lead_id}
        for check, (confidence, lead_id) in strongest.items()
    ]


def _confidences(outcome: Outcome, compared: Compared) -> dict[str, float]:
    match = compared.match
    told = {
        each.comparison: model.WEIGHTS[each.comparison][each.level].confidence
        for each in match.evidence
    }
    apart = abs((outcome.submission.submitted_at - compared.known.submitted_at).total_seconds())
    return {
        "email_match": told.get("email", 0.0),
        "phone_match": told.get("phone", 0.0),
        "fuzzy_match": min(told.get("name", 0.0), told.get("organisation", 0.0)),
        "domain_cluster": SAME_DOMAIN.confidence if match.same_domain else 0.0,
        "fingerprint_match": told.get("fingerprint", 0.0),
        # Nearness in time supports a match; without one it says nothing.
        "temporal_proximity": max(0.0, 1.0 - apart / TEMPORAL_WINDOW_SECONDS) * match.probability,
    }
