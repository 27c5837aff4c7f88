"""Discoveries in the words that callers read."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from services.discovery.asking import Found
from services.discovery.configured import Configured
from services.discovery.criteria import Criteria
from services.discovery.desk import Desk
from services.discovery.job import Job, SourceState
from services.discovery.sources.registry import described, limits, named, shown
from services.discovery.sources.source import Source


def discovered(found: Found) -> dict[str, Any]:
    """Return a discovery with leads of it."""
    return {
        "success": True,
        "leads_discovered": found.leads,
        "lead_ids": list(found.lead_ids),
        "next_after": found.next_after,
        "job": job(found.job, found.leads),
    }


def begun(found: Found) -> dict[str, Any]:
    """Return a discovery that goes on."""
    return {"success": True, "job": job(found.job, found.leads)}


def job(one: Job, leads: int) -> dict[str, Any]:
    """Return how far a discovery is; *leads* is how many it found."""
    return {
        "id": one.id,
        "investigation_id": one.wanted.investigation_id,
        "status": one.status,
        "criteria": _criteria(one.wanted.criteria),
        "leads_discovered": leads,
        "progress": asdict(one.counts),
        "sources": [_state(state) for state in one.sources],
        "errors": _errors(one),
        "revision": one.revision,
        "asked_at": _utc(one.asked_at),
        "asked_by": one.asked_by,
        "started_at": _utc(one.started_at),
        "changed_at": _utc(one.changed_at),
        "ended_at": _utc(one.ended_at),
    }


def source(desk: Desk, one: Configured) -> dict[str, Any]:
    """Return a source that an account has set up, its secrets hidden."""
    return {
        "id": one.id,
        "name": one.name,
        "type": one.type,
        "settings": shown(named(desk.sources, one.type), one.settings),
        "created_at": _utc(one.created_at),
        "created_by": one.created_by,
        "changed_at": _utc(one.changed_at),
        "changed_by": one.changed_by,
    }


def kind(one: Source) -> dict[str, Any]:
    """Return what there is to know of a kind of source."""
    return {
        "type": one.type,
        "title": one.title,
        "builtin": one.builtin,
        "licence": one.licence,
        "attribution": one.attribution,
        "limits": limits(one),
        "settings": described(one),
    }


def _criteria(one: Criteria) -> dict[str, Any]:
    return {
        "geographic_area": one.geographic_area or None,
        "latitude": one.circle and one.circle.latitude,
        "longitude": one.circle and one.circle.longitude,
        "radius_km": one.circle and one.circle.radius_km,
        "country": one.country,
        "industry": one.industry or None,
        "keywords": list(one.keywords),
        "company_size": one.company_size or None,
        "lead_category": one.lead_category or None,
        "limit": one.most,
    }


def _state(one: SourceState) -> dict[str, Any]:
    return {
        "type": one.type,
        "name": one.name,
        "source_id": one.source_id,
        "status": one.status,
        "reason": one.reason,
        **asdict(one.counts),
        "done": one.done,
        "total": one.total,
        "passed": _passed(one.passed),
        "started_at": _utc(one.started_at),
        "ended_at": _utc(one.ended_at),
    }


def _passed(counted: Mapping[str, int]) -> list[dict[str, Any]]:
    most_first = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return [{"reason": reason, "count": count} for reason, count in most_first]


def _errors(one: Job) -> list[str]:
    said = [one.failure] if one.failure else []
    wrong = ("unavailable", "failed")
    return said + [
        f"{state.name}: {state.reason}" for state in one.sources if state.status in wrong
    ]


def _utc(at: datetime | None) -> datetime | None:
    return at and at.astimezone(UTC)
