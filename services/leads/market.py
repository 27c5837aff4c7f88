"""Market analysis: how many leads and businesses a place holds, against its people and its region.

Everything is counted among an account's own leads: it says how well the account knows a market,
not how large that market is. What cannot be known is null, and what rests on few leads says so.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from services.leads.local_store import Tally
from shared.normalize import industry as trades

PEOPLE = 10_000
"""Inhabitants that a density counts by."""

FEW = 10
"""Below so many leads a share or a ratio says little: their standard error is a third of them."""

MOST_INDUSTRIES = 100
"""Industries of one breakdown; there are 20 sectors and 96 subsectors."""

WEEKS = 12
"""Weeks of a trend: a quarter."""


def density(count: int, population: int) -> float | None:
    """Return *count* per PEOPLE inhabitants; null where nobody knows how many there are."""
    return round(count * PEOPLE / population, 4) if population else None


def breakdown(
    tallies: Sequence[Tally], population: int, region: Mapping[str, Tally], region_population: int
) -> list[dict[str, object]]:
    """Return the industries of a place, most leads first; *region*'s tallies are by industry."""
    known = sorted(
        (each for each in tallies if each.industry), key=lambda each: (-each.leads, each.industry)
    )
    total = sum(each.leads for each in known)
    return [
        {
            "industry": _name(each.industry or ""),
            "code": each.industry,
            "count": each.leads,
            "businesses": each.businesses,
            "share": round(each.leads / total, 4),
            "saturation": saturation(
                each, population, region.get(each.industry or ""), region_population
            ),
            "few": each.leads < FEW,
        }
        for each in known[:MOST_INDUSTRIES]
    ]


def saturation(
    here: Tally | None, population: int, region: Tally | None, region_population: int
) -> float | None:
    """Return leads per inhabitant here by leads per inhabitant in the region.

    1 is as many as elsewhere, 2 twice as many; economic geography calls it a location quotient.
    Null where a number of inhabitants is unknown or the region holds no such lead.
    """
    if not (here and region and population and region_population and region.leads):
        return None
    return round((here.leads / population) / (region.leads / region_population), 4)


def trend(weekly: Mapping[date, tuple[int, float]], today: date) -> list[dict[str, object]]:
    """Return the last WEEKS weeks up to *today*, oldest first; a week without leads is zero."""
    entries = []
    for monday in mondays(today):
        leads, strength = weekly.get(monday, (0, None))
        average = None if strength is None else round(strength, 2)
        entries.append({"week": monday, "leads": leads, "avg_signal_strength": average})
    return entries


def mondays(today: date) -> list[date]:
    """Return the first days of the last WEEKS weeks, oldest first (ISO 8601: a Monday each)."""
    this = today - timedelta(days=today.weekday())
    return [this - timedelta(weeks=back) for back in reversed(range(WEEKS))]


def _name(code: str) -> str:
    known = trades.named(code)
    return known.name if known else code
