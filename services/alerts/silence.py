"""A silence: what nobody wants to hear of for a while; and an inhibition: what another alert says.

Pure. Both match facts of an alert by equality; a silence without matchers is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.alerts.happening import Fact


@dataclass(frozen=True, slots=True)
class Silence:
    """Alerts that match are kept and shown, and not told, from `starts_at` up to `ends_at`."""

    id: UUID
    matchers: Mapping[str, Fact]
    """Facts, and `rule_id`, `alert_type`, `lead_id`, `priority`; all of them must be equal."""
    starts_at: datetime
    ends_at: datetime
    comment: str
    created_by: str


@dataclass(frozen=True, slots=True)
class Inhibition:
    """While an open alert of `source` types is there, those of `target` types are not told."""

    source: Mapping[str, Fact]
    target: Mapping[str, Fact]
    equal: tuple[str, ...]
    """Facts that must be the same of both: `lead_id`."""
