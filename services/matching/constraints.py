"""What excludes a service for a lead, each with its reason. No score makes up for one of these.

Pure. Something unknown excludes nothing, with one exception: where the privacy mode asks for a
consent, one that is not known is none (GDPR Art. 7(1): it must be demonstrable).
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.matching.criteria import geographic, need
from services.matching.criteria import profile as of_profile
from services.matching.needs import best_answered, weighed
from services.matching.profile import TAKEN_BACK, Profile, amount, audience, revenue
from services.matching.service import Service
from shared.privacy.modes import Mode


@dataclass(frozen=True, slots=True)
class Constraint:
    """One thing that a service may exclude a lead for."""

    name: str
    wanted: Callable[[Service], Hashable]
    """All of a service that the constraint looks at."""
    excludes: Callable[[Any, Profile, datetime, Mode], bool]
    """Whether the lead is excluded, by what is wanted."""
    reason: Callable[[Any, Profile, datetime, Mode], str]
    """Why, of a lead that is excluded, in words that cite what was compared."""


def not_agreed(purpose: str, profile: Profile, now: datetime, mode: Mode) -> bool:
    """True if the lead may not be shown to the provider: it took its consent back, or gave none."""
    agreed = profile.purposes
    if agreed is not None and (not agreed or TAKEN_BACK + purpose in agreed):
        return True
    return mode.needs_consent(purpose) and purpose not in (agreed or ())


def _consent_told(purpose: str, profile: Profile, now: datetime, mode: Mode) -> str:
    if profile.purposes is None:
        return f"no consent to {purpose} is known, and privacy mode {mode.name} asks for one"
    if not profile.purposes or TAKEN_BACK + purpose in profile.purposes:
        return f"the lead's consent was withdrawn or covers nothing, so not {purpose}"
    agreed = [one for one in sorted(profile.purposes) if not one.startswith(TAKEN_BACK)]
    return f"the lead agreed to {', '.join(agreed) or 'nothing else'}, not to {purpose}"


def wrong_audience(target: str, profile: Profile, now: datetime, mode: Mode) -> bool:
    """True if the service is for the other audience."""
    return target != "both" and audience(profile) not in (None, target)


def _audience_told(target: str, profile: Profile, now: datetime, mode: Mode) -> str:
    return f"the lead is a {audience(profile)}, the service is for {target} leads"


def wrong_size(sizes: tuple[str, ...], profile: Profile, now: datetime, mode: Mode) -> bool:
    """True if the service is for companies of another size."""
    return bool(sizes and profile.company_size and profile.company_size not in sizes)


def _size_told(sizes: tuple[str, ...], profile: Profile, now: datetime, mode: Mode) -> str:
    return f"the company is {profile.company_size}, the service is for {', '.join(sizes)}"


def out_of_bounds(want: need.Wanted, profile: Profile, now: datetime, mode: Mode) -> bool:
    """True if the service does not lend that much, or that little."""
    asked = amount(profile, want.currency)
    return asked is not None and not need.fits(want, asked)


def _bounds_told(want: need.Wanted, profile: Profile, now: datetime, mode: Mode) -> str:
    asked = amount(profile, want.currency)
    return f"asks for {asked:,.0f} {want.currency}, the service lends {need.bounds(want)}"


def no_need(want: need.Wanted, profile: Profile, now: datetime, mode: Mode) -> bool:
    """True if what the lead needs is known, and the service is of no help with any of it."""
    needed = weighed(profile)
    return bool(want.needs and needed) and not best_answered(want.needs, needed)[1]


def _need_told(want: need.Wanted, profile: Profile, now: datetime, mode: Mode) -> str:
    needed = ", ".join(dict.fromkeys(name for name, _ in weighed(profile)))
    return f"the lead needs {needed}, the service answers {', '.join(want.needs)}"


def misses_requirement(
    want: of_profile.Wanted, profile: Profile, now: datetime, mode: Mode
) -> bool:
    """True if the company surely has not the revenue or the age that the service asks for."""
    return bool(_missed(want, profile, now))


def _missed(want: of_profile.Wanted, profile: Profile, now: datetime) -> str:
    """Return in words what is missed; empty if nothing surely is."""
    income, years = revenue(profile, want.currency), of_profile.age(profile, now)
    if income is not None and of_profile.beyond(want.revenue, income):
        said = of_profile.told(want.revenue, f" {want.currency}")
        return f"revenue {income:,.0f} {want.currency}, the service asks for {said}"
    if years is not None and of_profile.beyond(want.age, years, of_profile.WITHIN_YEARS):
        said = of_profile.told(want.age, " years")
        return f"the company was founded in {profile.founded_year}, the service asks for {said}"
    return ""


def _requirement_told(want: of_profile.Wanted, profile: Profile, now: datetime, mode: Mode) -> str:
    return _missed(want, profile, now)


def not_served(
    zones: tuple[geographic.Zone, ...], profile: Profile, now: datetime, mode: Mode
) -> bool:
    """True if the lead is surely outside all areas."""
    return geographic.reach(zones, profile) is None


def _place_told(
    zones: tuple[geographic.Zone, ...], profile: Profile, now: datetime, mode: Mode
) -> str:
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
        lambda is_active, profile, now, mode: not is_active,
        lambda is_active, profile, now, mode: "the service is not active",
    ),
    Constraint("consent", lambda service: service.needs_purpose, not_agreed, _consent_told),
    Constraint("audience", lambda service: service.target_audience, wrong_audience, _audience_told),
    Constraint("size", lambda service: service.target_company_sizes, wrong_size, _size_told),
    Constraint("need", need.wanted, no_need, _need_told),
    Constraint("amount", need.wanted, out_of_bounds, _bounds_told),
    Constraint("requirements", of_profile.wanted, misses_requirement, _requirement_told),
    Constraint("location", geographic.wanted, not_served, _place_told),
)
"""In order: the first that excludes is told, the cheap ones before the distances."""
