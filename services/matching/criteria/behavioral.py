"""How much the lead shows that it wants something now: signals, intent, and how lately.

Pure. It is the same for every service: it says which lead to call first, not whom to send it to.
"""

from datetime import datetime
from math import isfinite

from services.matching.criteria.criterion import Criterion, Reason
from services.matching.interval import UNKNOWN, Span, exactly, together
from services.matching.profile import Profile
from services.matching.service import Service

STRENGTH, INTENT, RECENCY = 5 / 15, 6 / 15, 4 / 15
"""Shares of the points. Judgement: intent first, as the priority of a match asks for it."""

HALF_DAYS = 14.0
"""Recency halves every so many days, as the strength of behaviour does (decision 0039)."""


def wanted(service: Service) -> None:
    """Return nothing: all services want the same."""


def span(_: None, profile: Profile, now: datetime) -> Span:
    """Return the share for the three parts together."""
    return together(
        (STRENGTH, _percent(profile.signal_strength)),
        (INTENT, _percent(profile.intent_score)),
        (RECENCY, _recency(profile, now)),
    )


def _percent(value: float | None) -> Span:
    if value is None or not isfinite(value):
        return UNKNOWN
    return exactly(min(max(float(value), 0.0), 100.0) / 100)


def _recency(profile: Profile, now: datetime) -> Span:
    days = days_since(profile, now)
    return UNKNOWN if days is None else exactly(0.5 ** (days / HALF_DAYS))


def days_since(profile: Profile, now: datetime) -> float | None:
    """Return days since the lead was last active; what is yet to come is now. None: unknown."""
    if profile.last_activity_at is None:
        return None
    return max(0.0, (now - profile.last_activity_at).total_seconds() / 86_400)


def reasons(_: None, profile: Profile, now: datetime) -> list[Reason]:
    """Return why, for each part."""
    days = days_since(profile, now)
    last = "is not known" if days is None else f"was {_ago(days)}"
    return [
        _told("signal strength", profile.signal_strength, STRENGTH),
        _told("intent", profile.intent_score, INTENT),
        Reason(f"the last activity {last}", _recency(profile, now), RECENCY),
    ]


def _ago(days: float) -> str:
    whole = int(days)
    return f"{whole:,} day{'s' * (whole > 1)} ago" if whole else "within a day"


def _told(what: str, value: float | None, weight: float) -> Reason:
    said = "is not known" if value is None else f"{value:.0f} of 100"
    return Reason(f"{what} {said}", _percent(value), weight)


BEHAVIORAL = Criterion("behavioral", 15.0, wanted, span, reasons)
