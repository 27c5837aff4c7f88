"""Matches in the contract's words: points of each criterion, and the same as 0 to 100."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from services.matching.becoming import History
from services.matching.catalogue_answer import by_criterion
from services.matching.criteria import CRITERIA
from services.matching.giving_answer import given
from services.matching.keeping import Kept
from services.matching.match_store import Stored, notes_place, reasons_place
from services.matching.matching import Match, Matches
from services.matching.matchmaking import Found
from services.matching.question import Question
from services.matching.service_leads import Ranked
from services.matching.service_leads_store import Listed
from services.matching.similar_leads import Similar
from services.matching.status_store import Change, Scoring
from shared.normalize.industry import named
from shared.privacy.gate import Gate

DECIMALS = 2
"""Of points and scores that are answered."""


def found(answered: Found) -> dict[str, Any]:
    """Return what matching a lead answers, without keeping anything."""
    return {
        "success": True,
        **_matches(answered.matches, {}, answered.left),
        "not_understood": list(answered.not_understood),
    }


def kept(lead_id: UUID, done: Kept) -> dict[str, Any]:
    """Return what matching a stored lead answers."""
    shown = {
        "success": True,
        "lead_id": lead_id,
        **_matches(done.matches, done.ids, done.left),
    }
    return shown if done.given is None else shown | given(done.given)


def recommended(lead_id: UUID, answered: Found) -> dict[str, Any]:
    """Return the services for a stored lead, without keeping anything."""
    return {"success": True, "lead_id": lead_id, **_matches(answered.matches, {}, answered.left)}


def similar(one: Similar) -> dict[str, Any]:
    """Return a lead that is like another."""
    return {
        "lead_id": one.listed.lead_id,
        "similarity": round(one.likeness, DECIMALS),
        "reasons": list(one.reasons),
        "lead": lead_short(one.listed),
    }


def stored(gate: Gate, tenant_id: str, match: Stored) -> dict[str, Any]:
    """Return a match that was kept; its reasons are opened."""
    return {
        "match_id": match.id,
        "lead_id": match.lead_id,
        "service_id": match.service_id,
        "service_name": match.service_name,
        "service_type": match.service_type,
        "provider_name": match.provider_name,
        "service_version": match.service_version,
        "outdated": match.outdated,
        "weights": by_criterion(match.weights),
        **_scores(match.match_score, match.score_low, match.score_high),
        **_parts({c.name: getattr(match, f"{c.name}_points") for c in CRITERIA}),
        "confidence_level": match.confidence_level,
        "priority": match.priority,
        "reasons": _reasons(gate, tenant_id, match),
        "status": match.status,
        "eligible": match.ended_at is None,
        "first_matched_at": _utc(match.first_matched_at),
        "matched_at": _utc(match.matched_at),
        "status_changed_at": _utc(match.status_changed_at),
    }


def _reasons(gate: Gate, tenant_id: str, match: Stored) -> list[str]:
    if match.reasons is None:
        return list(match.worded or ())
    opened: list[str] = orjson.loads(gate.unseal(tenant_id, match.reasons, reasons_place(match.id)))
    return opened


def history(gate: Gate, tenant_id: str, told: History) -> dict[str, Any]:
    """Return a match with what became of it."""
    return {
        "success": True,
        "match": stored(gate, tenant_id, told.match),
        "status_history": [_change(gate, tenant_id, change) for change in told.changes],
        "score_history": [_scoring(scoring) for scoring in told.scorings],
    }


def ranked(row: Ranked) -> dict[str, Any]:
    """Return one lead of a service."""
    match, listed = row.match, row.listed
    return {
        "lead_id": listed.lead_id,
        "match_id": listed.match_id,
        "service_version": match.service.version,
        "weights": by_criterion(match.service.weights),
        **_scores(match.match_score, match.low, match.high),
        **_parts({part.name: part.points for part in match.parts}),
        "confidence_level": match.confidence_level,
        "priority": match.priority,
        "reasons": list(match.reasons),
        "status": listed.status,
        "outdated": listed.outdated,
        "matched_at": listed.matched_at and _utc(listed.matched_at),
        "lead": lead_short(listed),
    }


def lead_short(listed: Listed) -> dict[str, Any]:
    """Return what of a lead may be listed without opening what it said."""
    trade = named(listed.industry) if listed.industry else None
    return {
        "status": listed.lead_status,
        "place": listed.place,
        "admin1": listed.admin1,
        "country": listed.country,
        "industry": trade.name if trade else None,
        "industry_code": listed.industry,
        "company_size": listed.company_size,
        "lead_type": listed.lead_type,
        "lead_category": listed.lead_category,
        "signal_strength": listed.signal_strength,
        "intent_score": listed.intent_score,
    }


def _matches(
    matches: Matches, ids: Mapping[UUID, UUID], left: Mapping[UUID, int]
) -> dict[str, Any]:
    return {
        "matches_count": len(matches.matches),
        "eligible_count": matches.eligible,
        "matches": [_match(match, ids) | _room(match, left) for match in matches.matches],
        "ineligible_count": matches.excluded,
        "ineligible": [
            {
                "service_id": one.service_id,
                "service_name": one.service_name,
                "reason": one.reason,
            }
            for one in matches.ineligible
        ],
        "ask_next": _question(matches.ask_next),
    }


def _match(match: Match, ids: Mapping[UUID, UUID]) -> dict[str, Any]:
    service = match.service
    return {
        "match_id": ids.get(UUID(str(service.id))),
        "service_id": service.id,
        "service_name": service.service_name,
        "service_type": service.service_type,
        "provider_name": service.provider_name or None,
        "service_version": service.version,
        "weights": by_criterion(service.weights),
        **_scores(match.match_score, match.low, match.high),
        **_parts({part.name: part.points for part in match.parts}),
        "confidence_level": match.confidence_level,
        "priority": match.priority,
        "reasons": list(match.reasons),
    }


def _room(match: Match, left: Mapping[UUID, int]) -> dict[str, Any]:
    rest = left.get(UUID(str(match.service.id)))
    return {"capacity_left": rest, "available": rest != 0}


def _scores(score: float, low: float, high: float) -> dict[str, Any]:
    return {
        "match_score": round(score, DECIMALS),
        "score_interval": {"low": round(low, DECIMALS), "high": round(high, DECIMALS)},
    }


def _parts(points: Mapping[str, float]) -> dict[str, float]:
    """Return the points of each criterion, and as 0 to 100."""
    shown = {f"{c.name}_points": round(points[c.name], DECIMALS) for c in CRITERIA}
    return shown | {
        f"{c.name}_score": round(100 * points[c.name] / c.most, DECIMALS) for c in CRITERIA
    }


def _question(question: Question | None) -> dict[str, Any] | None:
    if question is None:
        return None
    return {
        "field": question.field,
        "question": question.wording,
        "options": list(question.options),
        "expected_change": round(question.expected_change, DECIMALS),
        "pairs": question.pairs,
    }


def _change(gate: Gate, tenant_id: str, change: Change) -> dict[str, Any]:
    notes = change.notes and gate.unseal(tenant_id, change.notes, notes_place(change.id))
    return {
        "before": change.before,
        "after": change.after,
        "notes": notes.decode() if notes else None,
        "changed_at": _utc(change.changed_at),
        "changed_by": change.changed_by,
    }


def _scoring(scoring: Scoring) -> dict[str, Any]:
    shown = {
        name: None if (score := getattr(scoring, name)) is None else round(score, DECIMALS)
        for name in ("match_score", "score_low", "score_high")
    }
    return {
        "service_version": scoring.service_version,
        **shown,
        "scored_at": _utc(scoring.scored_at),
    }


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
