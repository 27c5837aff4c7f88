"""Scores of many leads for one service: `ranking` and `matching` with arrays in place of numbers.

Pure. Equal to them to 1e-9 for every lead (a test compares them): distinct values are scored by
the criteria and constraints themselves, and only amounts, times and points have code of their own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.matching.column_reach import Reach, reach
from services.matching.columns import NEVER, Aspect, Columns, Floats, microseconds
from services.matching.constraints import CONSTRAINTS, Constraint
from services.matching.criteria import CRITERIA, behavioral, geographic, industry, need, profile
from services.matching.interval import ANY, PRIOR
from services.matching.ranking import DECIMALS, weighted
from services.matching.service import Service
from shared.privacy.modes import Mode

Spans = tuple[Floats, Floats]
"""The worst and the best share of each lead."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What each lead got; every array has an entry a lead, and means nothing where not eligible."""

    eligible: NDArray[np.bool_]
    expected: Floats
    """The match score, 0 to 100, to DECIMALS."""
    low: Floats
    high: Floats
    points: tuple[Floats, ...]
    """What each of CRITERIA is expected to give, 0 to its `most`."""


def scores(columns: Columns, service: Service, now: datetime, mode: Mode) -> Scored:
    """Return what each lead gets of *service* at *now* (aware) under *mode*."""
    where = reach(columns, geographic.wanted(service))
    eligible = where.high >= 0
    for constraint in CONSTRAINTS:
        if constraint.name in EXCLUDED:
            eligible &= ~EXCLUDED[constraint.name](columns, constraint, service, now, mode)
    spans = [SPANS[one.name](columns, one.wanted(service), now, where) for one in CRITERIA]
    most = [criterion.most for criterion in CRITERIA]
    low, high = ([m * span[at] for m, span in zip(most, spans, strict=True)] for at in (0, 1))
    points = tuple(
        m * (span[0] + PRIOR * (span[1] - span[0])) for m, span in zip(most, spans, strict=True)
    )
    expected, least, greatest = (_total(parts, service) for parts in (points, low, high))
    return Scored(eligible, expected, least, greatest, points)


def _total(parts: Any, service: Service) -> Floats:
    # The arithmetic is that of one lead; numbers are arrays here.
    total = sum(parts) if service.weights is None else weighted(parts, service.weights)
    return np.round(total, DECIMALS)


def _by_value(aspect: Aspect, criterion: Any, want: Any, now: datetime) -> Spans:
    """Return the spans of a criterion that looks at one aspect alone."""
    spans = [criterion.span(want, value, now) for value in aspect.distinct]
    table = np.array(spans, np.float64).reshape(-1, 2)
    return table[aspect.codes, 0], table[aspect.codes, 1]


def _geographic(columns: Columns, want: Any, now: datetime, where: Reach) -> Spans:
    return np.maximum(where.low, 0.0), np.maximum(where.high, 0.0)


def _industry(columns: Columns, want: Any, now: datetime, where: Reach) -> Spans:
    return _by_value(columns.trade, industry, want, now)


def _need(columns: Columns, want: need.Wanted, now: datetime, where: Reach) -> Spans:
    low, high = _by_value(columns.need, need, want._replace(least=None, most=None), now)
    if not want.bounded:
        return low, high
    asked = _in_currency(columns, columns.loan_amount, want.currency)
    fits, unknown = _fits(want, asked), np.isnan(asked)
    sure, rest = 1 - need.AMOUNT, need.AMOUNT
    return sure * low + rest * (fits & ~unknown), sure * high + rest * (fits | unknown)


def _fits(want: need.Wanted, asked: Floats) -> NDArray[np.bool_]:
    fits = np.ones(len(asked), np.bool_)
    if want.least is not None:
        fits &= asked >= want.least
    if want.most is not None:
        fits &= asked <= want.most
    return fits


def _in_currency(columns: Columns, amounts: Floats, currency: str) -> Floats:
    """Return *amounts* with those in another currency as unknown."""
    same = [
        not kind.currency or kind.currency.upper() == currency for kind in columns.kind.distinct
    ]
    return amounts if all(same) else np.where(np.array(same)[columns.kind.codes], amounts, np.nan)


def _profile(columns: Columns, want: profile.Wanted, now: datetime, where: Reach) -> Spans:
    # A bound that is not asked for gives ANY; what the two parts really give is put in its place.
    anyone = want._replace(revenue=(None, None), age=(None, None))
    low, high = _by_value(columns.kind, profile, anyone, now)
    income = _in_currency(columns, columns.revenue, want.currency)
    founded = columns.founded_year.astype(np.float64)
    age = np.where(founded > now.year, np.nan, now.year - founded)
    for weight, bounds, values in (
        (profile.REVENUE, want.revenue, income),
        (profile.AGE, want.age, age),
    ):
        if bounds != (None, None):
            share, unknown = _between(bounds, values), np.isnan(values)
            low = low + weight * (np.where(unknown, 0.0, share) - ANY)
            high = high + weight * (np.where(unknown, 1.0, share) - ANY)
    return low, high


def _between(bounds: profile.Bounds, values: Floats) -> Floats:
    least, most = bounds
    share = np.ones(len(values))
    if most is not None:
        np.divide(most, values, out=share, where=values > most)
    if least:
        np.divide(values, least, out=share, where=values < least)
    return share


def _behavioral(columns: Columns, want: None, now: datetime, where: Reach) -> Spans:
    days = np.maximum(0.0, (microseconds(now) - columns.last_activity_at) / 86_400e6)
    recency = np.exp2(-days / behavioral.HALF_DAYS)
    recency[columns.last_activity_at == NEVER] = np.nan
    low = high = np.zeros(len(columns))
    for weight, share in (
        (behavioral.STRENGTH, columns.signal_strength / 100),
        (behavioral.INTENT, columns.intent_score / 100),
        (behavioral.RECENCY, recency),
    ):
        unknown = np.isnan(share)
        low = low + weight * np.where(unknown, 0.0, share)
        high = high + weight * np.where(unknown, 1.0, share)
    return low, high


Excluded = Callable[[Columns, Constraint, Service, datetime, Mode], NDArray[np.bool_]]


def _of(aspect: str) -> Excluded:
    """Return what a constraint says that looks at one aspect alone."""

    def excluded(
        columns: Columns, constraint: Constraint, service: Service, now: datetime, mode: Mode
    ) -> NDArray[np.bool_]:
        want, (distinct, codes) = constraint.wanted(service), getattr(columns, aspect)
        told = [constraint.excludes(want, one, now, mode) for one in distinct]
        return np.array(told, np.bool_)[codes]

    return excluded


def _out_of_bounds(
    columns: Columns, constraint: Constraint, service: Service, now: datetime, mode: Mode
) -> NDArray[np.bool_]:
    want = need.wanted(service)
    asked = _in_currency(columns, columns.loan_amount, want.currency)
    return ~np.isnan(asked) & ~_fits(want, asked)


def _requirements_missed(
    columns: Columns, constraint: Constraint, service: Service, now: datetime, mode: Mode
) -> NDArray[np.bool_]:
    want = profile.wanted(service)
    income = _in_currency(columns, columns.revenue, want.currency)
    founded = columns.founded_year.astype(np.float64)
    years = np.where(founded > now.year, np.nan, now.year - founded)
    return _beyond(want.revenue, income, 0) | _beyond(want.age, years, profile.WITHIN_YEARS)


def _beyond(bounds: profile.Bounds, values: Floats, within: float) -> NDArray[np.bool_]:
    # A comparison with NaN, which is unknown, is false.
    least, most = bounds
    gone = np.zeros(len(values), np.bool_)
    if least is not None:
        gone |= values + within <= least if within else values < least
    if most is not None:
        gone |= values - within >= most if within else values > most
    return gone


EXCLUDED: dict[str, Excluded] = {
    "inactive": _of("consent"),
    "consent": _of("consent"),
    "audience": _of("kind"),
    "size": _of("kind"),
    "need": _of("need"),
    "amount": _out_of_bounds,
    "requirements": _requirements_missed,
}
"""How each of CONSTRAINTS is read off columns; the location is `column_reach`."""

SPANS: dict[str, Callable[[Columns, Any, datetime, Reach], Spans]] = {
    "geographic": _geographic,
    "industry": _industry,
    "need": _need,
    "profile": _profile,
    "behavioral": _behavioral,
}
"""How each of CRITERIA is read off columns."""
