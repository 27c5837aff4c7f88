"""A happening: something that an alert may be about, with the facts that rules look at.

Pure. A happening is an event of `shared.events`, or one that a workflow posted. Its facts are flat:
what the event says, and what is known of its lead, each by one name (`services.alerts.facts`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

Fact = str | float | bool | tuple[str, ...] | None
"""One fact. None is unknown, and meets no condition."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened, mostly to a lead."""

    id: UUID
    """The event's; a happening that comes twice with one id is the same."""
    name: str
    """`lead.created`, `high_score_match`, or a word that a workflow chose."""
    lead_id: UUID | None
    occurred_at: datetime
    """Aware."""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    fingerprint: str | None = None
    """What the sender says it is the same as; None: worked out from the rule and the lead."""
