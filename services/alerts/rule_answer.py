"""Rules in the words of the API."""

from datetime import UTC
from typing import Any
from uuid import UUID

from services.alerts.precision import Precision, Suggestion
from services.alerts.rehearsing import Rehearsed
from services.alerts.rule import RULE_TYPES
from services.alerts.rule_definition import USUAL, Definition
from services.alerts.rule_store import Stored, Version
from services.alerts.rulebook import events
from services.alerts.vocabulary import ALSO, FACTS, Known

DECIMALS = 3
"""Of shares that are answered."""


def rule(stored: Stored) -> dict[str, Any]:
    """Return a rule as JSON."""
    return {
        "id": stored.id,
        "version": stored.version,
        "is_active": stored.is_active,
        **_definition(stored.definition),
        "understood": stored.understood,
        "heard": list(events(stored.rule)),
        "created_at": stored.created_at.astimezone(UTC),
        "created_by": stored.created_by,
        "changed_at": stored.changed_at.astimezone(UTC),
        "changed_by": stored.changed_by,
    }


def version(stored: Version) -> dict[str, Any]:
    """Return what a rule once was as JSON."""
    return {
        "version": stored.version,
        "is_active": stored.is_active,
        **_definition(stored.definition),
        "changed_at": stored.changed_at.astimezone(UTC),
        "changed_by": stored.changed_by,
    }


def dry_run(rule_id: UUID | None, found: Rehearsed) -> dict[str, Any]:
    """Return what a rule would have done."""
    run = found.run
    return {
        "success": True,
        "rule_id": rule_id,
        "dry_run": {
            "in_words": run.in_words,
            "fired": run.fired,
            "alerts": run.alerts,
            "looked_at": run.looked_at,
            "undecided": run.unknown,
            "truncated": found.is_cut,
            "days": [{"day": day.isoformat(), "fired": n} for day, n in run.days.items()],
            "examples": [
                {
                    "event_id": one.event_id,
                    "lead_id": one.lead_id,
                    "occurred_at": one.occurred_at.astimezone(UTC),
                    "why": list(one.why),
                }
                for one in run.examples
            ],
        },
    }


def precision(rule_id: UUID, found: Precision, said: Suggestion | None) -> dict[str, Any]:
    """Return how many alerts of a rule led to something."""
    return {
        "success": True,
        "rule_id": rule_id,
        "precision": {
            "alerts": found.alerts,
            "judged": found.judged,
            "led": found.led,
            "share": None if found.share is None else round(found.share, DECIMALS),
            "low": round(found.low, DECIMALS),
            "high": round(found.high, DECIMALS),
        },
        "suggestion": said
        and {"condition": said.condition, "value": said.value, "text": said.text},
    }


def facts() -> dict[str, Any]:
    """Return what rules can look at."""
    return {
        "success": True,
        "count": len(FACTS),
        "facts": [_fact(one) for one in FACTS.values()],
        "other_names": dict(ALSO),
        "rule_types": {name: list(heard) for name, heard in RULE_TYPES.items()},
    }


def _fact(one: Known) -> dict[str, Any]:
    least, most = one.bounds or (None, None)
    return {
        "name": one.name,
        "sort": one.sort,
        "meaning": one.meaning,
        "origin": one.origin,
        "values": list(one.values),
        "least": least,
        "most": most,
        "events": list(one.events),
        "is_kept": one.is_kept,
    }


def _definition(definition: Definition) -> dict[str, Any]:
    said = {**USUAL, **definition}
    return {name: said[name] for name in USUAL}
