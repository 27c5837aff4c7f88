"""Happenings and rules for tests, each with one visible difference."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from services.alerts.condition_reading import reading
from services.alerts.facts import happening
from services.alerts.happening import Happening
from services.alerts.rule import Rule
from services.alerts.rulebook import Ready

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
"""A Wednesday."""

LEAD = UUID(int=7)

AUSTIN = {
    "country": "US",
    "admin1": "TX",
    "place": "Austin",
    "latitude": 30.267,
    "longitude": -97.743,
}


class Event(NamedTuple):
    """An event as `services.alerts.facts` takes it."""

    name: str = "lead.created"
    data: Mapping[str, Any] = MappingProxyType({})
    id: UUID = UUID(int=1)
    lead_id: UUID | None = LEAD
    occurred_at: datetime = NOON


def happened(name: str = "lead.created", **facts: Any) -> Happening:
    """Return something that happened, with these facts as they are."""
    return Happening(UUID(int=1), name, LEAD, NOON, facts)


def told(lead: dict[str, Any] | None = None, **event: Any) -> Happening:
    """Return what comes of an event and a lead."""
    return happening(Event(**event), lead)


def rule(**changes: Any) -> Rule:
    """Return a rule that hears new leads."""
    usual = {"id": UUID(int=3), "rule_name": "High intent", "rule_type": "new_lead"}
    return Rule(**(usual | changes))


def ready(conditions: Any = None, **changes: Any) -> Ready:
    """Return a rule with its conditions."""
    one = rule(**changes)
    return Ready(one, reading(conditions or {}, one.rule_type))


def holds(conditions: Any, happening: Happening) -> bool | None:
    """Return the verdict of *conditions*."""
    return reading(conditions, "custom").verdict(happening)


def why(conditions: Any, happening: Happening) -> list[str]:
    """Return what the conditions say."""
    return reading(conditions, "custom").why(happening)
