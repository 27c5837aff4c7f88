"""What is known of a lead where services are sought for it. None is unknown, nothing else is.

Pure. An empty text or list says as little as None: nobody has said that there is nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from uuid import UUID

from services.matching.service import Amount

TAKEN_BACK = "not "
"""Stands before a purpose that was withdrawn: whoever withdrew one may agree to others. No purpose
has a space in it (`shared.privacy.purposes.named`)."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A lead as matching sees it; no name, address or text of it is here."""

    id: UUID | str | None = None
    latitude: float | None = None
    """Degrees, of its town, postal code or own point; None where only a region or country is
    known: the middle of a state is no place where somebody is."""
    longitude: float | None = None
    country: str | None = None
    """ISO 3166-1 alpha-2."""
    admin1: str | None = None
    """The region's code within the country."""
    place: str | None = None
    """The town's name, for reasons alone."""
    industry: str | None = None
    """A NAICS code, or a name as `shared.normalize.industry` reads it."""
    company_size: str | None = None
    """small, medium, large or enterprise."""
    lead_type: str | None = None
    """consumer or business; unknown is as None."""
    lead_category: str | None = None
    """What the lead is after, as its sender said: loan, consulting, insurance …"""
    needs: tuple[str, ...] | None = None
    """`needs_identified` and stated needs, the strongest first."""
    loan_amount: Amount | None = None
    """What it asks for, above 0; anything else is read as not said."""
    currency: str | None = None
    """ISO 4217, of loan_amount and revenue. None: that of the service, as people mean who name
    no currency."""
    signal_strength: float | None = None
    """0 to 100."""
    intent_score: float | None = None
    """0 to 100."""
    last_activity_at: datetime | None = None
    """Aware."""
    revenue: Amount | None = None
    """A year, 0 or more."""
    founded_year: int | None = None
    purposes: frozenset[str] | None = None
    """Purposes of the latest consent. None: no consent is known; empty: it was withdrawn, or
    covers nothing. Of what was taken back by name TAKEN_BACK and the purpose stand here."""


def amount(profile: Profile, currency: str) -> float | None:
    """Return what *profile* asks for in *currency*; None: unknown, or in another currency."""
    asked = _in(profile, currency, profile.loan_amount)
    return asked if asked else None


def revenue(profile: Profile, currency: str) -> float | None:
    """Return the revenue of a year in *currency*; None: unknown, or in another currency."""
    return _in(profile, currency, profile.revenue)


def _in(profile: Profile, currency: str, said: Amount | None) -> float | None:
    if said is None or not isfinite(said) or said < 0:
        return None
    if profile.currency and profile.currency.upper() != currency.upper():
        return None
    return float(said)


def audience(profile: Profile) -> str | None:
    """Return consumer or business; None if it is neither that we know."""
    return profile.lead_type if profile.lead_type in ("consumer", "business") else None
