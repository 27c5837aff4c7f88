"""Alerts in the words of the API."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.alerts.alert_store import Stored
from services.alerts.dealing import Several
from services.alerts.history_store import Action, Decision, Delivery
from services.alerts.overview_store import WEEK, Summary
from services.alerts.receiver_answer import delivery, utc

MEANINGS: Mapping[str, str] = {
    "sent": "It was told.",
    "waits_for_group": "More of the group may come; they are told together.",
    "told_already": "It was told, nothing is new since, and it is too soon to repeat it.",
    "inhibited": "Another alert about the same lead says it.",
    "silenced": "A silence covers it.",
    "acknowledged": "Somebody has it.",
    "snoozed": "Somebody put it off.",
    "quiet_hours": "The receiver is left alone now.",
    "waits_for_digest": "It comes with the next digest.",
    "waits_for_escalation": "The receiver hears of it only if nobody acknowledges it in time.",
    "braked": "Too much was told within an hour; what is held comes in one message.",
    "below_priority": "The receiver wants to hear of more important ones alone.",
    "inactive": "The receiver or the rule is switched off.",
    "over": "It was dealt with first.",
}
"""Each word of a decision, as a sentence."""


def alert(stored: Stored, names: Mapping[UUID, str]) -> dict[str, Any]:
    """Return an alert as JSON; *names* are those of rules, by their ids."""
    one = stored.alert
    return {
        "id": one.id,
        "alert_type": one.alert_type,
        "event": stored.event,
        "title": stored.title,
        "message": stored.message,
        "priority": one.priority,
        "status": one.status,
        "lead_id": one.lead_id,
        "rule_id": one.rule_id,
        "rule_version": stored.rule_version,
        "rule_name": names.get(one.rule_id) if one.rule_id else None,
        "facts": dict(one.facts),
        "times": one.times,
        "created_at": utc(one.first_at),
        "last_at": utc(one.last_at),
        "read_at": utc(stored.read_at),
        "acknowledged": one.acknowledged_at is not None,
        "acknowledged_at": utc(one.acknowledged_at),
        "acknowledged_by": stored.acknowledged_by,
        "assigned_to": one.assigned_to,
        "snoozed_until": utc(one.snoozed_until),
        "ended_at": utc(stored.ended_at),
        "escalate_at": utc(one.escalate_at),
        "escalated_at": utc(one.escalated_at),
    }


def acted(stored: Stored, changed: bool, names: Mapping[UUID, str]) -> dict[str, Any]:
    """Return what doing something with an alert answers."""
    return {
        "success": True,
        "alert_id": stored.id,
        "status": stored.alert.status,
        "changed": changed,
        "alert": alert(stored, names),
    }


def several(found: Several) -> dict[str, Any]:
    """Return what doing something with several alerts answers."""
    return {
        "success": True,
        "count": len(found.done),
        "changed": found.changed,
        "alert_ids": found.done,
        "left": [{"alert_id": id, "reason": why} for id, why in found.left.items()],
    }


def summary(found: Summary, by_type: Mapping[str, int]) -> dict[str, Any]:
    """Return the alerts of a week, counted."""
    return {
        "success": True,
        "days": WEEK.days,
        **{name: getattr(found, name) for name in Summary.__slots__},
        "type_breakdown": [{"alert_type": name, "count": count} for name, count in by_type.items()],
    }


def history(
    alert_id: UUID,
    actions: Sequence[Action],
    decisions: Sequence[Decision],
    deliveries: Sequence[Delivery],
) -> dict[str, Any]:
    """Return what became of an alert; each list the latest first, as it is read."""
    return {
        "success": True,
        "alert_id": alert_id,
        "actions": [_action(one) for one in actions],
        "decisions": [_decision(one) for one in decisions],
        "notifications": [_notification(one) for one in deliveries],
    }


def _action(one: Action) -> dict[str, Any]:
    return {
        "action": one.action,
        "note": one.note,
        "details": dict(one.details),
        "done_at": utc(one.done_at),
        "done_by": one.done_by,
    }


def _decision(one: Decision) -> dict[str, Any]:
    return {
        "receiver_id": one.receiver_id,
        "receiver_name": one.receiver_name,
        "word": one.word,
        "meaning": MEANINGS[one.word],
        "again_at": utc(one.again_at),
        "decided_at": utc(one.decided_at),
    }


def _notification(one: Delivery) -> dict[str, Any]:
    return delivery(one) | {
        "receiver_id": one.receiver_id,
        "receiver_name": one.receiver_name,
        "channel": one.channel,
    }
