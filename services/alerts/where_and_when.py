"""Conditions on where the lead is, and on when it happened.

Pure. Places were looked up when the condition was made (`condition_places`).
"""

from datetime import time
from math import cos, radians
from zoneinfo import ZoneInfo

from services.alerts.comparison import Comparison, Leaf, Verdict, is_number
from services.alerts.happening import Happening
from shared.great_circle import distance_km

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Monday is 0, as for `datetime.weekday`."""

KM_A_DEGREE = 111.0
"""Of latitude, rounded down: what is further north or south is not worth a cosine."""

POLAR = 89.0
"""Degrees from which on a circle may hold all longitudes."""


def near(leaf: Leaf) -> Comparison:
    """The lead is within a radius of a point."""
    latitude, longitude, radius = leaf["latitude"], leaf["longitude"], leaf["radius_km"]
    high = radius / KM_A_DEGREE + 0.1
    furthest = abs(latitude) + high
    wide = high / cos(radians(furthest)) if furthest < POLAR else 360.0

    def verdict(happening: Happening) -> Verdict:
        point = _point(happening)
        if point is None:
            return None
        # Most rules are about somewhere else: degrees tell sooner than a sphere.
        apart = abs(point[1] - longitude)
        if abs(point[0] - latitude) > high or min(apart, 360 - apart) > wide:
            return False
        return distance_km(latitude, longitude, *point) <= radius

    def sentence(happening: Happening) -> str:
        point = _point(happening)
        if point is None:
            return f"it is not known how far the lead is from {leaf['name']}"
        away = distance_km(latitude, longitude, *point)
        here = happening.facts.get("place") or "the lead"
        inside = "within" if verdict(happening) else "not within"
        return f"{here} is {away:,.0f} km from {leaf['name']}, {inside} {radius:,g} km"

    return Comparison(verdict, sentence)


def area(leaf: Leaf) -> Comparison:
    """The lead is in a country, or in a region of one."""
    country, region = leaf["country"], leaf["admin1"]

    def verdict(happening: Happening) -> Verdict:
        facts = happening.facts
        there = facts.get("country")
        if not isinstance(there, str):
            return None
        if there != country:
            return False
        if region is None:
            return True
        part = facts.get("admin1")
        return part == region if isinstance(part, str) else None

    def sentence(happening: Happening) -> str:
        facts, found = happening.facts, verdict(happening)
        if found is None:
            return f"it is not known whether the lead is in {leaf['name']}"
        names = (facts.get(name) for name in ("place", "admin1", "country"))
        here = ", ".join(str(name) for name in names if name)
        return f"{here} is {'' if found else 'not '}in {leaf['name']}"

    return Comparison(verdict, sentence)


def during(leaf: Leaf) -> Comparison:
    """It happened on these days, between these times of the clock; a span may end next day."""
    zone = ZoneInfo(leaf["timezone"])
    start, end = (time.fromisoformat(leaf[name]) for name in ("from", "to"))
    days = frozenset(leaf["days"])

    def verdict(happening: Happening) -> Verdict:
        local = happening.occurred_at.astimezone(zone)
        clock, day = local.time(), local.weekday()
        if start < end:
            return start <= clock < end and day in days
        return (clock >= start and day in days) or (clock < end and (day - 1) % 7 in days)

    def sentence(happening: Happening) -> str:
        local = happening.occurred_at.astimezone(zone)
        inside = "within" if verdict(happening) else "not within"
        named = " ".join(DAYS[day] for day in sorted(days))
        when = f"{DAYS[local.weekday()]} {local:%H:%M}"
        return f"{when} is {inside} {leaf['from']} to {leaf['to']} on {named}, {leaf['timezone']}"

    return Comparison(verdict, sentence)


def _point(happening: Happening) -> tuple[float, float] | None:
    north, east = happening.facts.get("latitude"), happening.facts.get("longitude")
    return (north, east) if is_number(north) and is_number(east) else None
