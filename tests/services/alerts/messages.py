"""Makers of what a message is made of, each with one visible difference."""

from datetime import UTC, datetime
from uuid import UUID

from services.alerts.message import message
from services.alerts.notification import Notification, Shown
from shared.ids import uuid7
from shared.privacy.modes import MODES

AT = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)


def shown(**changes):
    made = {
        "id": uuid7(),
        "alert_type": "new_lead",
        "event": "lead.created",
        "priority": "high",
        "title": "New lead from web-form",
        "message": "A lead came. It is in Springfield, US; industry: unknown.",
        "lead_id": uuid7(),
        "first_at": AT,
        "last_at": AT,
    }
    return Shown(**made | changes)


def notification(*alerts, **changes):
    alerts = alerts or (shown(),)
    made = {
        "id": uuid7(),
        "reason": "first",
        "receiver_id": UUID(int=1),
        "receiver_name": "Sales",
        "created_at": AT,
        "alerts": alerts,
        "count": len(alerts),
    }
    return Notification(**made | changes)


def said(*alerts, mode="standard", public_url="https://leads.example.com", **changes):
    return message(notification(*alerts, **changes), MODES[mode], public_url)
