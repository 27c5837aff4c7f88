"""Criteria: what a discovery looks for. Pure."""

from dataclasses import dataclass

RADIUS_KM = 50.0
"""Around a place, where nobody says (contract, section 3)."""


@dataclass(frozen=True, slots=True)
class Circle:
    """Everything within *radius_km* of a point."""

    latitude: float
    longitude: float
    """Degrees, WGS 84."""
    radius_km: float


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is looked for; whatever is empty is no condition."""

    geographic_area: str = ""
    """A place as somebody wrote it."""
    circle: Circle | None = None
    """Where that is; None for no area, or for one that is a whole region."""
    country: str = ""
    """ISO 3166-1 alpha-2 of the area, or what the account's own place names are read as."""
    industry: str = ""
    """As somebody wrote it; `shared.normalize.industry` reads it."""
    keywords: tuple[str, ...] = ()
    company_size: str = ""
    lead_category: str = ""
    most: int = 1000
    """Finds that are wanted at most, of each source."""
