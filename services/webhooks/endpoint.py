"""An endpoint: an address of an account's own that hears what happens to its leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

OVERLAP = timedelta(hours=24)
"""How long the secret before a rotation signs beside the new one: a working day everywhere."""

MOST = 20
"""Endpoints of one account: each event is sent to every one of them."""

MARGIN = timedelta(minutes=10)
"""How far the clocks of our machines may differ; an event's id says when it happened."""

Ended = Literal["paused", "gone", "failing"]
"""Why an endpoint hears nothing: its owner paused it, it answered 410, or it failed for days."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint as it is stored, its secrets opened."""

    id: UUID
    url: str
    secret: str
    former_secret: str | None
    former_until: datetime | None
    events: Sequence[str]
    description: str
    active: bool
    ended_because: Ended | None
    created_at: datetime
    changed_at: datetime
    hears_since: datetime
    failures: int = 0
    """In a row."""
    failing_since: datetime | None = None
    held_until: datetime | None = None
    last_delivered_at: datetime | None = None

    def hears(self, handed_over_at: datetime) -> bool:
        """True if it is to be told of an event that was put on its way to it at that time."""
        return self.active and handed_over_at >= self.hears_since

    def secrets(self, now: datetime) -> tuple[str, ...]:
        """Return the secrets that sign at *now*, the current one first."""
        if self.former_secret and self.former_until and now < self.former_until:
            return (self.secret, self.former_secret)
        return (self.secret,)

    def answer(self) -> dict[str, Any]:
        """Return it in the words of the API, without secrets."""
        return {
            "id": self.id,
            "url": self.url,
            "events": list(self.events),
            "description": self.description,
            "active": self.active,
            "inactive_because": self.ended_because,
            "created_at": self.created_at,
            "changed_at": self.changed_at,
            "failing_since": self.failing_since,
            "last_delivered_at": self.last_delivered_at,
            "former_secret_until": self.former_until,
        }


def first_id(since: datetime) -> UUID:
    """Return an id that is smaller than that of every event from *since* on, by our clocks.

    UUIDs of version 7 begin with 48 bits of Unix milliseconds (RFC 9562, section 5.7).
    """
    milliseconds = int((since - MARGIN).timestamp() * 1000)
    return UUID(int=milliseconds << 80)
