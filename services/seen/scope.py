"""Scope: what keys are told apart within, such as a workflow."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

MOST_SCOPES = 1000
"""Scopes of an account that are in use. A scope is a workflow or a source, never an item."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One scope of an account."""

    id: UUID
    name: str
    created_at: datetime
