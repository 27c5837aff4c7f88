"""Receivers and silences in the words of the API."""

from datetime import UTC, datetime
from typing import Any

from services.alerts.history_store import Delivery
from services.alerts.receiver import QuietHours
from services.alerts.receiver_store import Stored
from services.alerts.silence import Silence
from services.alerts.where_and_when import DAYS


def receiver(stored: Stored) -> dict[str, Any]:
    """Return a receiver as JSON, without its address and its secret."""
    one = stored.receiver
    return {
        "id": one.id,
        "name": one.name,
        "channel": one.channel,
        "address": stored.shown,
        "quiet_hours": _quiet(one.quiet_hours) if one.quiet_hours else None,
        "digest": one.digest,
        "digest_at": f"{one.digest_at:%H:%M}",
        "timezone": one.timezone,
        "least_priority": one.least_priority,
        "most_an_hour": one.most_an_hour,
        "hears_all": one.hears_all,
        "is_active": one.is_active,
        "inactive_because": stored.inactive_because,
        "failing_since": utc(stored.failing_since),
        "last_told_at": utc(stored.last_told_at),
        "version": one.version,
        "created_at": utc(stored.created_at),
        "created_by": stored.created_by,
        "changed_at": utc(stored.changed_at),
        "changed_by": stored.changed_by,
    }


def with_secret(stored: Stored) -> dict[str, Any]:
    """Return a receiver with its secret, for the once that it is shown."""
    return receiver(stored) | {"secret": stored.secret}


def delivery(sent: Delivery) -> dict[str, Any]:
    """Return a notification to a receiver as JSON."""
    return {
        "notification_id": sent.id,
        "reason": sent.reason,
        "alert_count": sent.alert_count,
        "status": sent.status,
        "attempts": sent.attempts,
        "last_status": sent.last_status,
        "last_error": sent.last_error,
        "created_at": utc(sent.created_at),
        "next_try_at": utc(sent.next_try_at) if sent.status == "pending" else None,
        "ended_at": utc(sent.ended_at),
    }


def silence(one: Silence, now: datetime) -> dict[str, Any]:
    """Return a silence as JSON; its id tells when it was asked for."""
    milliseconds = one.id.int >> 80  # RFC 9562, section 5.7
    return {
        "id": one.id,
        "matchers": dict(one.matchers),
        "starts_at": utc(one.starts_at),
        "ends_at": utc(one.ends_at),
        "active": one.starts_at <= now < one.ends_at,
        "comment": one.comment,
        "created_at": datetime.fromtimestamp(milliseconds / 1000, UTC),
        "created_by": one.created_by,
    }


def utc(at: datetime | None) -> datetime | None:
    """Return *at* in UTC, if there is one."""
    return at and at.astimezone(UTC)


def _quiet(hours: QuietHours) -> dict[str, Any]:
    return {
        "from": f"{hours.start:%H:%M}",
        "to": f"{hours.end:%H:%M}",
        "timezone": hours.timezone,
        "days": [DAYS[day] for day in sorted(hours.days)],
        "breaks_through": hours.breaks_through,
    }
