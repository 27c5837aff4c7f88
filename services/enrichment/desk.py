"""The desk: what the flows of enrichment need of one installation."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.enrichment.means import Means
from services.enrichment.providers.provider import Provider
from services.enrichment.providers.registry import PROVIDERS
from shared.db import Database
from shared.privacy.gate import Gate


@dataclass(frozen=True, slots=True)
class Desk:
    """One for a request: it holds nothing of its own but what it is given."""

    database: Database
    gate: Gate
    country: str
    """Of the installation, ISO 3166-1 alpha-2: reads national numbers."""
    means: Means
    providers: Sequence[Provider] = PROVIDERS
