"""Who the lead is: its audience, company size, revenue and age, against whom the service is for.

Pure. What surely does not fit excludes (`services.matching.constraints`). An age that may just miss
what is required costs the part by which it does.
"""

from datetime import datetime
from typing import NamedTuple

from services.matching.criteria.criterion import Criterion, Reason
from services.matching.interval import ANY, UNKNOWN, Span, exactly, together
from services.matching.profile import Profile, audience, revenue
from services.matching.service import Service, required

AUDIENCE, SIZE, REVENUE, AGE = 5 / 15, 4 / 15, 3 / 15, 3 / 15
"""Shares of the points. Judgement: what is asked most often and told most surely weighs most."""

Bounds = tuple[float | None, float | None]

WITHIN_YEARS = 1.0
"""Of a company only the year is known in which it was founded: founded in 2024 it is, in 2026,
older than one year and younger than three."""


class Wanted(NamedTuple):
    """Whom a service is for."""

    audience: str
    sizes: tuple[str, ...]
    revenue: Bounds
    age: Bounds
    currency: str


def wanted(service: Service) -> Wanted:
    """Return whom *service* is for."""
    return Wanted(
        service.target_audience,
        service.target_company_sizes,
        (required(service, "min_revenue"), required(service, "max_revenue")),
        (required(service, "min_company_age_years"), required(service, "max_company_age_years")),
        service.currency.upper(),
    )


def span(want: Wanted, profile: Profile, now: datetime) -> Span:
    """Return the share for the four parts together."""
    return together(
        (AUDIENCE, _one_of(want.audience, audience(profile), want.audience == "both")),
        (SIZE, _one_of(want.sizes, profile.company_size, not want.sizes)),
        (REVENUE, _between(want.revenue, revenue(profile, want.currency))),
        (AGE, _between(want.age, age(profile, now))),
    )


def age(profile: Profile, now: datetime) -> float | None:
    """Return how many years ago the lead's company was founded; None: unknown, or yet to come."""
    if profile.founded_year is None or profile.founded_year > now.year:
        return None
    return float(now.year - profile.founded_year)


def beyond(bounds: Bounds, value: float, within: float = 0) -> bool:
    """True if *value* is surely outside *bounds*, where it is only known to lie *within* of it.

    Both ends of a known value belong to the bounds; those of one within a year do not.
    """
    least, most = bounds
    if within:
        return (least is not None and value + within <= least) or (
            most is not None and value - within >= most
        )
    return (least is not None and value < least) or (most is not None and value > most)


def _one_of(want: str | tuple[str, ...], said: str | None, any_will_do: bool) -> Span:
    if any_will_do:
        return exactly(ANY)
    return exactly(float(said in want)) if said else UNKNOWN


def _between(bounds: Bounds, value: float | None) -> Span:
    least, most = bounds
    if least is None and most is None:
        return exactly(ANY)
    if value is None:
        return UNKNOWN
    if least and value < least:
        return exactly(value / least)
    if most is not None and value > most:
        return exactly(most / value)
    return exactly(1.0)


def reasons(want: Wanted, profile: Profile, now: datetime) -> list[Reason]:
    """Return why, for each part that the service asks for."""
    years, income = age(profile, now), revenue(profile, want.currency)
    parts = [
        _word_told("audience", want.audience, audience(profile), want.audience == "both", AUDIENCE),
        _word_told("company size", want.sizes, profile.company_size, not want.sizes, SIZE),
        _number_told("revenue", f" {want.currency}", want.revenue, income, REVENUE),
        _number_told("company age", " years", want.age, years, AGE),
    ]
    return [reason for reason in parts if reason]


def _word_told(
    what: str, want: str | tuple[str, ...], said: str | None, any_will_do: bool, weight: float
) -> Reason | None:
    if any_will_do:
        return None
    share = _one_of(want, said, any_will_do)
    asked = want if isinstance(want, str) else ", ".join(want)
    if said:
        return Reason(f"{what} {said}, as the service asks: {asked}", share, weight)
    return Reason(f"{what} is not known; the service is for {asked}", share, weight)


def _number_told(
    what: str, unit: str, bounds: Bounds, value: float | None, weight: float
) -> Reason | None:
    if bounds == (None, None):
        return None
    said = "is not known" if value is None else f"{value:,.0f}{unit}"
    text = f"{what} {said}; the service asks for {told(bounds, unit)}"
    return Reason(text, _between(bounds, value), weight)


def told(bounds: Bounds, unit: str) -> str:
    """Return *bounds* in words."""
    least, most = bounds
    said = (("at least", least), ("at most", most))
    return " and ".join(f"{word} {bound:,.0f}{unit}" for word, bound in said if bound is not None)


PROFILE = Criterion("profile", 15.0, wanted, span, reasons)
