"""The desk: what the flows of alerts need of one installation."""

from dataclasses import dataclass

from services.alerts.raising import Raiser
from shared.db import Database
from shared.privacy.gate import Gate


@dataclass(frozen=True, slots=True)
class Desk:
    """One for a process, or one for a request: it holds nothing of its own but what it is given."""

    database: Database
    gate: Gate
    country: str
    """Of the installation, ISO 3166-1 alpha-2: where an ambiguous place is."""
    allowed: frozenset[str]
    """LEADFLY_ALLOWED_PRIVATE_HOSTS."""
    raiser: Raiser
    """Remembers rules."""
