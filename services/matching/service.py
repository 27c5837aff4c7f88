"""A service of the catalogue: what a provider offers, to whom, where, and for which needs.

Pure. Only what its provider said is here; what is worked out from it once, before leads are
scored, is in `services.matching.prepared`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from math import fsum, isfinite
from typing import Any
from uuid import UUID

Amount = Decimal | int | float
"""Money in units of its currency, not in cents."""

AUDIENCES = ("consumer", "business", "both")
"""As in the contract, section 4."""

COMPANY_SIZES = ("small", "medium", "large", "enterprise")
"""As in the contract, section 3."""

REQUIREMENTS = ("min_revenue", "max_revenue", "min_company_age_years", "max_company_age_years")
"""The keys of `requirements` that are compared, each a number: revenue a year in the service's
currency, and years since the company was founded. Other keys are kept and not read."""

LONGEST_RADIUS_KM = 20_038.0
"""Half the circumference of the earth: nothing is farther."""


@dataclass(frozen=True, slots=True)
class Area:
    """Somewhere that a service serves; degrees, north and east positive.

    `kind` is that of `shared.normalize.place.Place`: city, postal_code, coordinates, admin1 or
    country, which is nationwide. Raises ValueError for what is nowhere.
    """

    name: str
    kind: str
    country: str | None = None
    """ISO 3166-1 alpha-2."""
    admin1: str | None = None
    """The region's code within the country."""
    latitude: float | None = None
    longitude: float | None = None
    radius_km: float | None = None
    """How far from the point its provider goes; None where nothing is said. It goes before
    `kind`: California with a radius is a circle around its middle."""

    def __post_init__(self) -> None:  # noqa: D105 (the class says it)
        point = self.latitude is not None and self.longitude is not None
        if point and not (abs(self.latitude or 0) <= 90 and abs(self.longitude or 0) <= 180):
            raise ValueError("an area lies on earth")
        if self.radius_km is not None and not (0 < self.radius_km <= LONGEST_RADIUS_KM and point):
            raise ValueError("a radius is a positive number of km around a point")
        if self.radius_km is None and self.kind == "admin1":
            point = bool(self.country and self.admin1)
        elif self.radius_km is None and self.kind == "country":
            point = bool(self.country)
        if not point:
            raise ValueError("an area is a point, or a region or country by its code")


@dataclass(frozen=True, slots=True)
class Service:
    """One version of a service. An empty list means any (contract, section 4).

    Raises ValueError for contradictory or negative numbers and for words of no list.
    """

    id: UUID | str
    service_name: str
    service_type: str = ""
    """A word of `services.matching.needs.ANSWERS`, or any other."""
    service_category: str = ""
    description: str = ""
    provider_name: str = ""
    target_audience: str = "both"
    """One of AUDIENCES."""
    target_industries: tuple[str, ...] = ()
    """NAICS codes, or names as `shared.normalize.industry` reads them."""
    target_locations: tuple[Area, ...] = ()
    target_company_sizes: tuple[str, ...] = ()
    """Of COMPANY_SIZES."""
    min_loan_amount: Amount | None = None
    max_loan_amount: Amount | None = None
    currency: str = "USD"
    """ISO 4217, of all its amounts."""
    requirements: Mapping[str, Any] = field(default_factory=dict)
    answers_needs: tuple[str, ...] | None = None
    """Words of `needs_identified`; None: those of its type (`services.matching.needs.answers`)."""
    needs_purpose: str = "sharing"
    """The purpose of `shared.privacy.purposes` for which a lead is shown to the provider."""
    daily_capacity: int | None = None
    """Leads a day; not scored."""
    active_hours: Mapping[str, Any] = field(default_factory=dict)
    """When the provider works, as the catalogue has it; not scored."""
    is_active: bool = True
    version: int = 1
    weights: tuple[float, ...] | None = None
    """Points for each of CRITERIA in their order, none below 0, 100 in all; None: the contract's.
    Learned from outcomes (`services.matching.learning`)."""

    def __post_init__(self) -> None:  # noqa: D105 (the class says it)
        if self.target_audience not in AUDIENCES:
            raise ValueError(f"target_audience is one of {', '.join(AUDIENCES)}")
        if not set(self.target_company_sizes) <= set(COMPANY_SIZES):
            raise ValueError(f"target_company_sizes are of {', '.join(COMPANY_SIZES)}")
        _in_order("loan_amount", self.min_loan_amount, self.max_loan_amount)
        for what in ("revenue", "company_age_years"):
            _in_order(what, required(self, f"min_{what}"), required(self, f"max_{what}"))
        if self.weights is not None and not _hundred(self.weights):
            raise ValueError("weights are points of 0 and more, 100 in all")


def required(service: Service, name: str) -> float | None:
    """Return the number that *service* requires under one of REQUIREMENTS; None: nothing.

    Raises ValueError where something else than a number stands there.
    """
    value = service.requirements.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Decimal | int | float):
        raise ValueError(f"{name} is a number")
    return float(value)


def _hundred(weights: tuple[float, ...]) -> bool:
    sound = all(isfinite(weight) and weight >= 0 for weight in weights)
    return sound and abs(fsum(weights) - 100) < 1e-6


def _in_order(what: str, least: Amount | None, most: Amount | None) -> None:
    for bound in (least, most):
        if bound is not None and not (isfinite(bound) and bound >= 0):
            raise ValueError(f"{what}: a bound is no negative number")
    if least is not None and most is not None and least > most:
        raise ValueError(f"{what}: the least is above the most")
