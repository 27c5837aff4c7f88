"""What excludes a service for a lead, each with its reason. No score makes up for one of these.

Pure. Something unknown excludes nothing, with one exception: where the privacy mode asks for a
consent, one that is not known is none (GDPR Art. 7(1): it must be demonstrable).
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from services.matching.criteria import geographic, need
from services.matching.profile import Profile, amount, audience
from services.matching.service import Service
from shared.privacy.modes import Mode


@dataclass(frozen=True, slots=True)
class Constraint:
    """One thing that a service may exclude a lead for."""

    name: str
    wanted: Callable[[Service], Hashable]
    """All of a service that the constraint looks at."""
    excludes: Callable[[Any, Profile, Mode], bool]
    """Whether the lead is excluded, by what is wanted."""
    reason: Callable[[Any, Profile, Mode], str]
    """Why, of a lead that is excluded, in words that cite what was compared."""


def not_agreed(purpose: str, profile: Profile, mode: Mode) -> bool:
    """True if the lead may not be shown to the provider: it took its consent back, or gave none."""
    agreed = profile.purposes
    if agreed is not None and not agreed:
        return True
    return mode.needs_consent(purpose) and purpose not in (agreed or ())


def _consent_told(purpose: str, profile: Profile, mode: Mode) -> str:
    if profile.purposes is None:
        return f"no consent to {purpose} is known, and privacy mode {mode.name} asks for one"
    if not profile.purposes:
        return f"the lead's consent was withdrawn or covers nothing, so not {purpose}"
    return f"the lead agreed to {', '.join(sorted(profile.purposes))}, not to {purpose}"


def wrong_audience(target: str, profile: Profile, mode: Mode) -> bool:
    """True if the service is for the other audience."""
    return target != "both" and audience(profile) not in (None, target)


def _audience_told(target: str, profile: Profile, mode: Mode) -> str:
    return f"the lead is a {audience(profile)}, the service is for {target} leads"


def wrong_size(sizes: tuple[str, ...], profile: Profile, mode: Mode) -> bool:
    """True if the service is for companies of another size."""
    return bool(sizes and profile.company_size and profile.company_size not in sizes)


def _size_told(sizes: tuple[str, ...], profile: Profile, mode: Mode) -> str:
    return f"the company is {profile.company_size}, the service is for {', '.join(sizes)}"


def out_of_bounds(want: need.Wanted, profile: Profile, mode: Mode) -> bool:
    """True if the service does not lend that much, or that little."""
    asked = amount(profile, want.currency)
    return asked is not None and not need.fits(want, asked)


def _bounds_told(want: need.Wanted, profile: Profile, mode: Mode) -> str:
    asked = amount(profile, want.currency)
    return f"asks for {asked:,.0f} {want.currency}, the service lends {need.bounds(want)}"


def not_served(zones: tuple[geographic.Zone, ...], profile: Profile, mode: Mode) -> bool:
    """True if the lead is surely outside all areas."""
    return geographic.reach(zones, profile) is None


def _place_told(zones: tuple[geographic.Zone, ...], profile: Profile, mode: Mode) -> str:
    where = geographic.there(profile) or "the lead"
    serves = f"the service serves {geographic.listed(zones)}"
    circles = [
        (geographic.distance(one.area, profile).least, one.area.name)
        for one in zones[: geographic.MOST_NAMED]
        if one.direction
    ]
    if not circles or geographic.point(profile) is None:
        return f"{where} is not served; {serves}"
    km, name = min(circles)
    return f"{where} is {km:,.0f} km from {name}, and not served; {serves}"


CONSTRAINTS: tuple[Constraint, ...] = (
    Constraint(
        "inactive",
        lambda service: service.is_active,
        lambda is_active, profile, mode: not is_active,
        lambda is_active, profile, mode: "the service is not active",
    ),
    Constraint("consent", lambda service: service.needs_purpose, not_agreed, _consent_told),
    Constraint("audience", lambda service: service.target_audience, wrong_audience, _audience_told),
    Constraint("size", lambda service: service.target_company_sizes, wrong_size, _size_told),
    Constraint("amount", need.wanted, out_of_bounds, _bounds_told),
    Constraint("location", geographic.wanted, not_served, _place_told),
)
"""In order: the first that excludes is told, the cheap ones before the distances."""
