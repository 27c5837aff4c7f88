"""What a lead might answer where a field of it is not known, as far as services tell it apart.

Pure. Each field lists a few answers that the contenders would score differently, and one that
none of them names. They are tried as equally likely: nothing is known of this lead.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, pairwise, zip_longest
from math import sqrt
from typing import TypeVar

from services.matching import needs
from services.matching.criteria.geographic import extent, point
from services.matching.profile import Profile, amount, audience
from services.matching.service import COMPANY_SIZES, Area, Service, required
from shared.normalize.industry import industry

Answers = list[tuple[str, Profile]]
"""Each in words, and the profile with it."""

MOST = 4
"""Answers tried beside the one that no service names."""

NOWHERE = "ZZ"
"""A country that none is (ISO 3166-1 leaves it to users)."""

POLE = -90.0
"""Latitude of a point that no service is near."""

OTHER = "something else"
"""A trade and a need that no service names."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answerable:
    """A field that a lead can be asked for."""

    field: str
    wording: str
    tried: Callable[[Profile, Sequence[Service], datetime], Answers]
    """Plausible answers; none where the field is known."""
    touches: frozenset[str]
    """The constraints and criteria that look at it."""


def _by_turns(lists: Iterable[Sequence[T]]) -> list[T]:
    """Return the first values of every list, then the second ones; MOST of them, each once."""
    turns = chain.from_iterable(zip_longest(*lists))
    return list(dict.fromkeys(value for value in turns if value is not None))[:MOST]


def locations(profile: Profile, services: Sequence[Service], now: datetime) -> Answers:
    """Return points and regions that the services serve and that the lead may be in."""
    if point(profile):
        return []
    areas = _by_turns(
        [area for area in service.target_locations if _may_be(area, profile)]
        for service in services
    )
    tried = [(extent(area), _there(area, profile)) for area in areas]
    if not tried:
        return []
    away = replace(profile, country=profile.country or NOWHERE, latitude=POLE, longitude=0.0)
    return [*tried, ("elsewhere", away)]


def _may_be(area: Area, profile: Profile) -> bool:
    same_country = profile.country in (None, "", area.country)
    return same_country and (not profile.admin1 or profile.admin1 == area.admin1)


def _there(area: Area, profile: Profile) -> Profile:
    whole = area.kind in ("admin1", "country") and area.radius_km is None
    return replace(
        profile,
        country=area.country or profile.country,
        admin1=area.admin1 or profile.admin1,
        latitude=None if whole else area.latitude,
        longitude=None if whole else area.longitude,
    )


def industries(profile: Profile, services: Sequence[Service], now: datetime) -> Answers:
    """Return the trades that the services are for."""
    if profile.industry:
        return []
    targets = _by_turns(service.target_industries for service in services)
    tried = [(_trade(target), replace(profile, industry=target)) for target in targets]
    return [*tried, (OTHER, replace(profile, industry=OTHER))] if tried else []


def _trade(target: str) -> str:
    known = industry(target)
    return known.name if known else target


def wants(profile: Profile, services: Sequence[Service], now: datetime) -> Answers:
    """Return the needs that the services answer."""
    if profile.needs:
        return []
    found = _by_turns(map(needs.answers, services))
    tried = [(need.replace("_", " "), replace(profile, needs=(need,))) for need in found]
    return [*tried, (OTHER, replace(profile, needs=(OTHER,)))] if tried else []


def amounts(profile: Profile, services: Sequence[Service], now: datetime) -> Answers:
    """Return an amount below, between and above the bounds of the services."""
    if profile.loan_amount and any(amount(profile, s.currency) for s in services):
        return []
    bounds = ((s.min_loan_amount, s.max_loan_amount) for s in services)
    currency = profile.currency or next((s.currency for s in services), "")
    return [
        (f"{value:,.0f} {currency}", replace(profile, loan_amount=value, currency=currency))
        for value in between(float(b) for pair in bounds for b in pair if b)
    ]


def revenues(profile: Profile, services: Sequence[Service], now: datetime) -> Answers:
    """Return a revenue below, between and above what the services require; none of consumers."""
    if profile.revenue is not None or audience(profile) == "consumer":
        return []
    return [
        (f"{value:,.0f}", replace(profile, revenue=value))
        for value in between(_bounds(services, "revenue"))
    ]


def years(profile: Profile, services: Sequence[Service], now: datetime) -> Answers:
    """Return a year of founding for each age that the services tell apart; none of consumers."""
    if profile.founded_year is not None or audience(profile) == "consumer":
        return []
    ages = between(_bounds(services, "company_age_years"))
    founded = dict.fromkeys(max(1, now.year - round(age)) for age in ages)
    return [(str(year), replace(profile, founded_year=year)) for year in founded]


def _bounds(services: Sequence[Service], what: str) -> list[float]:
    found = (required(s, f"{end}_{what}") for s in services for end in ("min", "max"))
    return [bound for bound in found if bound]


def between(bounds: Iterable[float]) -> list[float]:
    """Return a value in each part that positive *bounds* divide the numbers into, MOST + 1 at most.

    Between two bounds it is their geometric mean, outside half the least and twice the greatest.
    """
    known = sorted(set(bounds))
    if not known:
        return []
    kept = [known[i * len(known) // min(MOST, len(known))] for i in range(min(MOST, len(known)))]
    inner = [sqrt(a * b) for a, b in pairwise(kept)]
    return [kept[0] / 2, *inner, kept[-1] * 2]


def sizes(profile: Profile, services: Sequence[Service], now: datetime) -> Answers:
    """Return the company sizes, where a service asks for one; none of consumers."""
    asked = any(service.target_company_sizes for service in services)
    if profile.company_size or not asked or audience(profile) == "consumer":
        return []
    return [(size, replace(profile, company_size=size)) for size in COMPANY_SIZES]


def audiences(profile: Profile, services: Sequence[Service], now: datetime) -> Answers:
    """Return both audiences, where a service is for one of them."""
    if audience(profile) or all(s.target_audience == "both" for s in services):
        return []
    return [(kind, replace(profile, lead_type=kind)) for kind in ("consumer", "business")]


def agreements(profile: Profile, services: Sequence[Service], now: datetime) -> Answers:
    """Return a consent given and refused. Nobody is asked again who withdrew one."""
    if profile.purposes is not None:
        return []
    given = frozenset(service.needs_purpose for service in services)
    return [("yes", replace(profile, purposes=given)), ("no", profile)]


ANSWERABLE: tuple[Answerable, ...] = (
    Answerable(
        "consent",
        "May we pass your enquiry on to providers who can serve it?",
        agreements,
        frozenset({"consent"}),
    ),
    Answerable("needs", "What do you need?", wants, frozenset({"need"})),
    Answerable(
        "location",
        "Where are you, or where is your business?",
        locations,
        frozenset({"location", "geographic"}),
    ),
    Answerable(
        "loan_amount",
        "How much would you like to borrow?",
        amounts,
        frozenset({"amount", "need", "requirements", "profile"}),
    ),
    Answerable("industry", "Which industry are you in?", industries, frozenset({"industry"})),
    Answerable(
        "lead_type",
        "Is it for a business, or for you privately?",
        audiences,
        frozenset({"audience", "profile"}),
    ),
    Answerable("company_size", "How large is your company?", sizes, frozenset({"size", "profile"})),
    Answerable(
        "revenue",
        "How much revenue does your business have in a year?",
        revenues,
        frozenset({"requirements", "profile"}),
    ),
    Answerable(
        "founded_year",
        "In which year was your company founded?",
        years,
        frozenset({"requirements", "profile"}),
    ),
)
"""In the order in which equal changes count: the first wins."""
