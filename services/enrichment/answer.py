"""What enrichment answers, in the contract's words."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.enrichment.conflicting import Conflict
from services.enrichment.enriching import NOTHING_FOUND, Enriched
from services.enrichment.held import Held, Run
from services.enrichment.looking import Look
from services.enrichment.outcome import ANSWERED, Outcome
from services.enrichment.providers.provider import Provider


def enriched(lead_id: UUID, done: Enriched) -> dict[str, Any]:
    """Return what a run found, with all that is held of the lead now."""
    outcomes = done.outcomes.values()
    found = any(one.findings for one in outcomes)
    return {
        **_held(lead_id, done.held, done.conflicts),
        "enriched": found,
        "run_id": done.run_id,
        "providers": {one.provider: _outcome(one) for one in outcomes},
        "message": None if found else _why_nothing(outcomes),
    }


def looked(lead_id: UUID, look: Look) -> dict[str, Any]:
    """Return what is held of a lead, and who asked for it."""
    return {
        **_held(lead_id, look.held, look.conflicts),
        "runs": [_run(one) for one in look.runs],
        "withheld": look.withheld,
    }


def deleted(lead_id: UUID, findings: int) -> dict[str, Any]:
    """Return what is held no more."""
    return {"success": True, "lead_id": lead_id, "findings_deleted": findings}


def providers(known: Iterable[Provider]) -> dict[str, Any]:
    """Return who can be asked."""
    shown = [
        {
            "name": one.name,
            "title": one.title,
            "purpose": one.purpose,
            "personal": one.personal,
            "needs": list(one.needs),
        }
        for one in known
    ]
    return {"success": True, "count": len(shown), "providers": shown}


def _held(lead_id: UUID, held: Iterable[Held], found: Iterable[Conflict]) -> dict[str, Any]:
    by_provider: dict[str, list[dict[str, Any]]] = {}
    for one in held:
        by_provider.setdefault(one.finding.provider, []).append(_finding(one))
    return {
        "success": True,
        "lead_id": lead_id,
        "data_sources": list(by_provider),
        "enrichment_data": by_provider,
        "conflicts": [asdict(one) for one in found],
    }


def _finding(one: Held) -> dict[str, Any]:
    return asdict(one.finding) | {
        "found_at": _utc(one.finding.found_at),
        "first_seen_at": _utc(one.first_seen_at),
        "expires_at": _utc(one.expires_at),
    }


def _outcome(one: Outcome) -> dict[str, Any]:
    return {"status": one.status, "message": one.message, "findings": len(one.findings)}


def _why_nothing(outcomes: Iterable[Outcome]) -> str:
    """Return in one text why nothing was found."""
    silent = [one for one in outcomes if one.status != ANSWERED and one.message]
    return " ".join([NOTHING_FOUND, *(f"{one.provider}: {one.message}." for one in silent)])


def _run(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "asked_at": _utc(run.asked_at),
        "asked_by": run.asked_by,
        "lawful_basis": run.basis and asdict(run.basis),
        "providers": _outcomes(run.outcomes),
        "ended_at": run.ended_at and _utc(run.ended_at),
    }


def _outcomes(stored: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {name: dict(one) for name, one in stored.items()}


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
