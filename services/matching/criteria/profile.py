"""Who the lead is: its audience, company size, revenue and age, against whom the service is for.

Pure. Audience and size that do not fit exclude (`services.matching.constraints`). Revenue and age
outside what is required cost the part by which they miss it: half the revenue, half the points.
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
    told = [
        _word_told("audience", want.audience, audience(profile), want.audience == "both", AUDIENCE),
        _word_told("company size", want.sizes, profile.company_size, not want.sizes, SIZE),
        _number_told("revenue", f" {want.currency}", want.revenue, income, REVENUE),
        _number_told("company age", " years", want.age, years, AGE),
    ]
    return [reason for reason in told if reason]


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
    least, most = bounds
    if least is None and most is None:
        return None
    asked = " and ".join(
        f"{word} {bound:,.0f}{unit}"
        for word, bound in (("at least", least), ("at most", most))
        if bound is not None
    )
    said = "is not known" if value is None else f"{value:,.0f}{unit}"
    text = f"{what} {said}; the service asks for {asked}"
    return Reason(text, _between(bounds, value), weight)


PROFILE = Criterion("profile", 15.0, wanted, span, reasons)
