"""A configured source: one that an account has set up under a name of its own. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

MOST = 100
"""Of one account."""


@dataclass(frozen=True, slots=True)
class Configured:
    """A source with its settings."""

    id: UUID
    name: str
    type: str
    settings: Mapping[str, Any]
    created_at: datetime
    created_by: str
    changed_at: datetime
    changed_by: str
