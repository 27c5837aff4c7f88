"""Filters: which leads somebody asks for, whichever way they ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

STATUSES = ("new", "qualified", "contacted", "interested", "converted", "lost", "invalid")
"""What can have become of a lead (contract, section 3)."""

COMPANY_SIZES = ("small", "medium", "large", "enterprise")
"""As in the contract, section 3."""

LEAD_TYPES = ("consumer", "business", "unknown")
"""As in the contract, section 3."""

RADII_KM = (1.0, 500.0)
"""The least and the greatest radius that may be asked for, in kilometres (contract, section 3)."""


@dataclass(frozen=True, slots=True)
class Circle:
    """Everything within a distance of a point."""

    latitude: float
    """Degrees, positive to the north."""
    longitude: float
    """Degrees, positive to the east."""
    radius_km: float


@dataclass(frozen=True, slots=True)
class Region:
    """A country, or a state, province or land within one."""

    country: str
    """ISO 3166-1 alpha-2."""
    admin1: str | None = None
    """Its code within the country; None is all of the country."""


@dataclass(frozen=True, slots=True)
class Filter:
    """The leads that are all of this; what is None or empty says nothing."""

    investigation_id: UUID | None = None
    statuses: Sequence[str] = ()
    """Any of STATUSES."""
    within: Circle | Region | None = None
    """From `location`: a city is the circle around it."""
    near: Circle | None = None
    """From `near` and `radius_km`."""
    industry: Sequence[str] = ()
    """Prefixes of NAICS codes, any of them."""
    min_signal_strength: int = 0
    words: Sequence[str] = ()
    """Every one must begin a word of the lead, as `listing_words.words` spells them."""
    source_id: str | None = None
    assigned_to: str | None = None
    """The empty text asks for leads that nobody is assigned to."""
    tag: str | None = None
    company_size: str | None = None
    lead_category: str | None = None
    lead_type: str | None = None
    received_from: datetime | None = None
    received_until: datetime | None = None
    """Not included."""
    duplicates: bool = False
    """True to see duplicates of known people as well."""
    lead_ids: Sequence[UUID] = ()
    """Only these; empty is any."""
