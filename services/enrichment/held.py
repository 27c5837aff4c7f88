"""What is held of a lead: findings as they are kept, and the runs that found them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.enrichment.finding import Finding
from services.enrichment.permitting import Basis


@dataclass(frozen=True, slots=True)
class Held:
    """A finding that is kept."""

    finding: Finding
    run_id: UUID
    """The latest run that found it."""
    first_seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Run:
    """One asking of providers about a lead."""

    id: UUID
    asked_at: datetime
    asked_by: str
    basis: Basis | None
    outcomes: Mapping[str, Mapping[str, Any]]
    """By provider, `status` and `message`."""
    ended_at: datetime | None
    """None while it goes on."""
