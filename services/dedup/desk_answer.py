"""What the desk answers: decisions and reviews in the contract's words."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from services.dedup import model
from services.dedup.comparisons import COMPARISONS, SURROUNDINGS
from services.dedup.decision import FLAG
from services.dedup.desk_store import Decided, Judgement, Review, StoredLead
from services.dedup.linkage import ELSEWHERE, Aged
from services.dedup.risk import Risk
from services.dedup.settling import reason_place
from shared.privacy.gate import Gate

HUNDREDTH = 0.01
"""Bits of log2 odds by which two weights are the same: they are stored to more digits."""

LEFT_OUT_OF_LISTS = frozenset({"message", "notes"})
"""Fields shown in a review of its own only: long, and not compared."""


def decision(decided: Decided) -> dict[str, Any]:
    """Return a decision as it was stored; its sentences are today's model's."""
    return {
        "decision_id": decided.id,
        "lead_id": decided.lead_id,
        "action_taken": decided.action,
        "blocking_reason": reason(decided),
        "compared_with": decided.compared_with,
        "decided_at": _utc(decided.decided_at),
        "check_skipped": bool(decided.evidence.get("skipped")),
        **_weighed(decided),
    }


def summary(gate: Gate, tenant_id: str, review: Review) -> dict[str, Any]:
    """Return a review as it stands in a list."""
    return _review(gate, tenant_id, review, LEFT_OUT_OF_LISTS)


def details(
    gate: Gate, tenant_id: str, review: Review, history: Sequence[Judgement]
) -> dict[str, Any]:
    """Return a review with all that its leads say, and what was judged so far."""
    entries = [_entry(gate, tenant_id, judged) for judged in history]
    return _review(gate, tenant_id, review, frozenset()) | {"history": entries}


def reason(decided: Decided) -> str | None:
    """Return why a lead was not simply let through, in a word; None where it was not stored.

    A lead is looked at for its likeness first and for its risk second.
    """
    if "reason" in decided.evidence:
        return decided.evidence["reason"]
    if decided.action != "flag_for_review":
        return None
    return "possible_duplicate" if decided.match_probability >= FLAG else "high_risk"


def _review(gate: Gate, tenant_id: str, review: Review, left_out: frozenset[str]) -> dict[str, Any]:
    return {
        "review_id": review.id,
        "status": "settled" if review.settled else "open",
        "verdict": review.judgement,
        "opened_at": _utc(review.opened_at),
        "judged_at": review.judged_at and _utc(review.judged_at),
        "judged_by": review.judged_by,
        "lead_id": review.lead.id,
        "decision_id": review.decided.id,
        "scan_id": review.scan_id,
        "group_id": review.group_id,
        "blocking_reason": reason(review.decided),
        "lead": _lead(gate, tenant_id, review.lead, left_out),
        "known_lead": review.known and _lead(gate, tenant_id, review.known, left_out),
        **_weighed(review.decided),
    }


def _lead(gate: Gate, tenant_id: str, kept: StoredLead, left_out: frozenset[str]) -> dict[str, Any]:
    """Return what a lead said, as far as the privacy mode shows it."""
    fields = dict(kept.fields)
    if kept.sealed is not None:
        fields |= orjson.loads(gate.unseal(tenant_id, kept.sealed, str(kept.id)))
    hidden = gate.mode.sealed_fields
    return {
        "lead_id": kept.id,
        "source_id": kept.source_id,
        "status": kept.status,
        "submitted_at": _utc(kept.submitted_at),
        "duplicate_of": kept.duplicate_of,
        "fields": {name: text for name, text in fields.items() if name not in hidden | left_out},
        "withheld": sorted(name for name in fields if name in hidden),
    }


def _weighed(decided: Decided) -> dict[str, Any]:
    """Return what was weighed: likeness by its evidence, and risk."""
    evidence = decided.evidence
    levels, factors = evidence.get("levels", {}), evidence.get("risk", {})
    return {
        "match_probability": decided.match_probability,
        "model_version": decided.model_version,
        "relation": evidence.get("relation"),
        "prior_weight": evidence.get("prior"),
        "evidence": [
            _level(comparison, said, decided.model_version == model.VERSION)
            for comparison, said in sorted(levels.items(), key=_place)
        ],
        "counterfactual": evidence.get("counterfactual"),
        "risk": {
            "risk_score": decided.risk_score,
            "risk_level": Risk(factors).level,
            "risk_factors": factors,
        },
    }


def _place(found: tuple[str, object]) -> tuple[int, str]:
    """Return where a comparison stands among the others: as in the answer, unknown ones last."""
    return (_ORDER.index(found[0]) if found[0] in _ORDER else len(_ORDER)), found[0]


_ORDER = [comparison.__name__ for comparison in (*COMPARISONS, *SURROUNDINGS)]


def _level(comparison: str, said: Sequence[Any], of_today: bool) -> dict[str, Any]:
    """Return one comparison's level, weight and sentence, and the values that it rests on.

    *of_today* if today's model decided: where it was not stored what had aged, another weight
    than the model's own had.
    """
    level, weight, *more = said
    values = more[0] if more else {}
    sentence = _sentence(comparison, level, values)
    if sentence and values.keys() >= {*Aged._fields}:
        sentence += Aged(values["days"], values["share"]).why
    elif of_today and sentence:
        sentence += _aged(weight, model.WEIGHTS[comparison][level].weight)
    if sentence and values.get("elsewhere"):
        sentence += ELSEWHERE
    return {
        "comparison": comparison,
        "level": level,
        "weight": weight,
        "explanation": sentence,
        "values": values,
    }


def _aged(weight: float, whole: float) -> str:
    """Return what is said of a *weight* that time left of the *whole*; nothing if all is left."""
    if not whole or abs(weight - whole) < HUNDREDTH:
        return ""
    return f" By the time between the leads it weighs {weight / whole:.0%}."


def _sentence(comparison: str, level: str, values: Mapping[str, Any]) -> str | None:
    """Return what today's model says of a level; None where it does not know it, or not enough."""
    known = model.WEIGHTS.get(comparison, {}).get(level)
    try:
        return known.why.format_map(values) if known else None
    except (KeyError, IndexError, ValueError):
        return None


def _entry(gate: Gate, tenant_id: str, judged: Judgement) -> dict[str, Any]:
    text = judged.reason and gate.unseal(tenant_id, judged.reason, reason_place(judged.id)).decode()
    return {
        "verdict": judged.judgement,
        "judged_by": judged.judged_by,
        "judged_at": _utc(judged.judged_at),
        "reason": text,
    }


def _utc(at: datetime) -> datetime:
    """Return *at* in UTC: the server's time zone is nobody's business."""
    return at.astimezone(UTC)
