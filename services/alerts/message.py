"""Messages: what a notification says, as a subject, as text, as HTML and as JSON.

Pure, and the same at every attempt as long as its alerts are. Nothing in it reaches a person: see
`services.alerts.masking`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from services.alerts import templates
from services.alerts.letter import Letter, Section, html
from services.alerts.masking import masked_contact, masked_facts, masked_text
from services.alerts.notification import Notification, Shown
from shared.privacy.modes import Mode

EVENT = "alerts.notification"
"""What a webhook's body is called."""

PAGE = "/lead-discovery/alerts"
"""Where people look at alerts, below LEADFLY_PUBLIC_URL."""


@dataclass(frozen=True, slots=True)
class Message:
    """A notification in the words of every channel."""

    id: UUID
    at: datetime
    """When the notification was made: the same at every attempt."""
    subject: str
    """One line."""
    body: bytes
    """JSON."""
    letter: Letter

    def text(self, unsubscribe: str | None = None) -> str:
        """Return it as plain text; *unsubscribe* is a link that ends it."""
        return self.letter.text(unsubscribe)

    def html(self, unsubscribe: str | None = None) -> str:
        """Return it as a page of HTML."""
        return html(self.letter, unsubscribe)


def message(told: Notification, mode: Mode, public_url: str | None) -> Message:
    """Return what is said of *told* to somebody outside; links begin with *public_url*."""
    alerts = [_masked(alert, mode) for alert in told.alerts]
    subject = templates.title(_subject(told, alerts))
    sections = tuple(_section(alert, mode, public_url) for alert in alerts)
    letter = Letter(subject, _lead_in(told), sections, _more(told), _link(public_url, None))
    return Message(told.id, told.created_at, subject, _json(told, alerts, mode, public_url), letter)


def _masked(alert: Shown, mode: Mode) -> Shown:
    return Shown(
        id=alert.id,
        alert_type=masked_text(alert.alert_type, mode),
        event=masked_text(alert.event, mode),
        priority=alert.priority,
        title=masked_text(alert.title, mode),
        message=masked_text(alert.message, mode),
        lead_id=alert.lead_id,
        first_at=alert.first_at,
        last_at=alert.last_at,
        times=alert.times,
        facts=masked_facts(alert.facts, mode),
        contact=alert.contact,
    )


def _subject(told: Notification, alerts: list[Shown]) -> str:
    if told.reason == "test":
        return "Test: alerts reach this address"
    if told.reason == "digest":
        return f"Digest: {_counted(told.count)}"
    if told.reason == "storm":
        return f"Many alerts at once: {_counted(told.count)} held back"
    first = alerts[0] if alerts else None
    title = first.title if first else "Alert"
    begun = BEGINNINGS.get(told.reason, "")
    mark = "[URGENT] " if first and first.priority == "urgent" else ""
    others = f" (and {told.count - 1} more)" if told.count > 1 else ""
    return f"{mark}{begun}{title}{others}"


def _lead_in(told: Notification) -> str:
    return LEAD_INS[told.reason].format(counted=_counted(told.count), name=told.receiver_name)


def _more(told: Notification) -> str:
    left = told.count - len(told.alerts)
    return f"And {left:,} more, which the list of alerts shows." if left > 0 else ""


def _section(alert: Shown, mode: Mode, public_url: str | None) -> Section:
    when = f"{alert.last_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    times = f", {alert.times} times since {alert.first_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    said = [f"Priority: {alert.priority}", f"When: {when}{times if alert.times > 1 else ''}"]
    contact = masked_contact(alert.contact, mode)
    if contact:
        said.append(f"Lead: {', '.join(contact.values())}")
    return Section(
        alert.title, alert.message, alert.priority, tuple(said), _link(public_url, alert)
    )


def _link(public_url: str | None, alert: Shown | None) -> str | None:
    if public_url is None:
        return None
    return f"{public_url}{PAGE}#{alert.id}" if alert else f"{public_url}{PAGE}"


def _json(told: Notification, alerts: Iterable[Shown], mode: Mode, public_url: str | None) -> bytes:
    data = {
        "notification_id": told.id,
        "reason": told.reason,
        "receiver_id": told.receiver_id,
        "count": told.count,
        "alerts": [_row(alert, mode, public_url) for alert in alerts],
    }
    body = {"event": EVENT, "timestamp": told.created_at.astimezone(UTC), "data": data}
    return orjson.dumps(body, option=orjson.OPT_UTC_Z)


def _row(alert: Shown, mode: Mode, public_url: str | None) -> Mapping[str, Any]:
    row: dict[str, Any] = {
        "alert_id": alert.id,
        "alert_type": alert.alert_type,
        "event": alert.event,
        "priority": alert.priority,
        "title": alert.title,
        "message": alert.message,
        "lead_id": alert.lead_id,
        "times": alert.times,
        "first_at": alert.first_at.astimezone(UTC),
        "last_at": alert.last_at.astimezone(UTC),
        "facts": dict(alert.facts),
        "link": _link(public_url, alert),
    }
    contact = masked_contact(alert.contact, mode)
    return row | {"lead": contact} if contact else row


def _counted(count: int) -> str:
    return "1 alert" if count == 1 else f"{count:,} alerts"


BEGINNINGS = {"repeat": "Still open: ", "escalation": "Nobody answered: ", "more": "New: "}

LEAD_INS: Mapping[str, str] = {
    "first": "{counted}.",
    "more": "{counted}, of a group that you were told of before.",
    "repeat": "{counted}, told before and still open.",
    "digest": "What came since your last digest: {counted}.",
    "escalation": "{counted} that nobody acknowledged in time.",
    "storm": "{counted} came within a short time. This one message tells of all of them.",
    "test": "Somebody tried whether alerts reach {name}. There is nothing to do.",
}
"""By reason."""
