"""The definition of a rule: what its owner said, as JSON, and the rule that it makes.

Pure. Definitions are stored whole, with what later versions of this program may add; durations
have their unit in their name. `rule_reading.read_rule` has checked one before it is stored.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.alerts.rule import GROUP_INTERVAL, REPEAT_INTERVAL, Escalation, Rule

Definition = Mapping[str, Any]
"""The names of USUAL, and what else its owner's words had."""

USUAL: Definition = {
    "rule_name": None,
    "rule_type": None,
    "conditions": {},
    "events": [],
    "priority": None,
    "alert_channels": [],
    "receivers": [],
    "group_by": [],
    "group_wait_seconds": 0,
    "group_interval_seconds": GROUP_INTERVAL.total_seconds(),
    "repeat_interval_seconds": REPEAT_INTERVAL.total_seconds(),
    "escalation": None,
    "title": None,
    "message": None,
}
"""What holds of a rule where its owner says nothing. An escalation has `after_minutes` and
`receivers`; receivers are ids as text. `told_channels`, which is worked out when a rule is stored,
are the `alert_channels` of which it names no receiver itself."""


def as_rule(id: UUID, version: int, is_active: bool, definition: Definition) -> Rule:
    """Return the rule that *definition* says; null stands for what is usual."""
    said = {**USUAL, **{name: one for name, one in definition.items() if one is not None}}
    escalation = said["escalation"]
    return Rule(
        id=id,
        rule_name=said["rule_name"],
        rule_type=said["rule_type"],
        conditions=said["conditions"] or {},
        events=tuple(said["events"] or ()),
        priority=said["priority"],
        receivers=_ids(said["receivers"]),
        channels=tuple(said.get("told_channels") or ()),
        group_by=tuple(said["group_by"] or ()),
        group_wait=timedelta(seconds=said["group_wait_seconds"]),
        group_interval=timedelta(seconds=said["group_interval_seconds"]),
        repeat_interval=timedelta(seconds=said["repeat_interval_seconds"]),
        escalation=_escalation(escalation) if escalation else None,
        title=said["title"],
        message=said["message"],
        is_active=is_active,
        version=version,
    )


def receivers(rule: Rule) -> tuple[UUID, ...]:
    """Return all receivers that *rule* names, those of its escalation with them, each once."""
    later = rule.escalation.receivers if rule.escalation else ()
    return tuple(dict.fromkeys((*rule.receivers, *later)))


def _escalation(said: Mapping[str, Any]) -> Escalation:
    return Escalation(timedelta(minutes=said["after_minutes"]), _ids(said["receivers"]))


def _ids(texts: Sequence[str] | None) -> tuple[UUID, ...]:
    return tuple(UUID(str(text)) for text in texts or ())
