"""A notification: what one receiver is told once, of one alert or of several.

Pure. Its id is in every copy, so that whoever gets two knows that they are one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.alerts.happening import Fact
from services.alerts.rule import Priority
from services.alerts.telling import Reason

MOST_SHOWN = 20
"""Alerts that a message shows; of the others it says how many there are."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom an alert is about, as it is stored: what goes out of it is masked."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One alert as a message shows it."""

    id: UUID
    alert_type: str
    event: str
    priority: Priority
    title: str
    message: str
    lead_id: UUID | None
    first_at: datetime
    last_at: datetime
    times: int = 1
    facts: Mapping[str, Fact] = field(default_factory=dict)
    contact: Contact | None = None


@dataclass(frozen=True, slots=True)
class Notification:
    """What one receiver is told."""

    id: UUID
    reason: Reason
    receiver_id: UUID
    receiver_name: str
    created_at: datetime
    """Aware."""
    alerts: tuple[Shown, ...]
    """The most urgent first, at most MOST_SHOWN."""
    count: int
    """Of all the alerts that it tells of."""
