"""Leads that are given to services, in words: who got one, or why nobody did."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.matching.capacity import left
from services.matching.giving import DayGiven, Given

DECIMALS = 2
"""Of points and scores that are answered."""


def given(done: Given) -> dict[str, Any]:
    """Return what giving a lead came to."""
    one = done.assignment
    if one is None:
        return {"assigned": None, "not_assigned_because": done.why_not}
    assigned = {
        "service_id": one.service_id,
        "service_name": one.service_name,
        "provider_name": one.provider_name,
        "match_id": one.match_id,
        "match_score": round(one.match_score, DECIMALS),
        "day": one.day,
        "capacity_left": one.capacity_left,
        "given_at": _utc(one.given_at),
    }
    return {"assigned": assigned, "not_assigned_because": None}


def of_day(service_id: UUID, found: DayGiven) -> dict[str, Any]:
    """Return what a service was given on a day."""
    return {
        "success": True,
        "service_id": service_id,
        "day": found.day,
        "daily_capacity": found.service.daily_capacity,
        "given": found.given,
        "capacity_left": left(found.service, found.given),
        "count": len(found.assignments),
        "assignments": [
            {
                "id": one.id,
                "lead_id": one.lead_id,
                "match_id": one.match_id,
                "match_score": round(one.match_score, DECIMALS),
                "capacity_left": one.capacity_left,
                "given_at": _utc(one.given_at),
                "given_by": one.given_by,
            }
            for one in found.assignments
        ],
        "next_after": found.next_after,
    }


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
