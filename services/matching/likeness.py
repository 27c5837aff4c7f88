"""How alike two leads are: where they are, what trade they are in, what they need, who they are.

Pure. Only what is known of the lead that others are compared with counts; where nothing is known
of the other, that part is no likeness. The points are judgement: what a salesperson would look for
who asks for more leads like this one.
"""

from dataclasses import dataclass

from services.matching.criteria.geographic import point, there
from services.matching.needs import best_answered, weighed
from services.matching.profile import Profile, audience
from shared.great_circle import distance_km
from shared.normalize.industry import industry, similarity

PLACE, TRADE, NEED, TYPE, SIZE = 25.0, 25.0, 25.0, 15.0, 10.0
"""Points of the parts."""

HALF_KM = 50.0
"""Likeness of place halves every so many km."""

SAME_REGION, SAME_COUNTRY = 0.5, 0.2
"""Least shares within a region and a country."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a likeness."""

    points: float
    share: float
    """In [0, 1]."""
    reason: str


def likeness(one: Profile, other: Profile) -> tuple[float, tuple[str, ...]]:
    """Return how much *other* is like *one*, 0 to 100, and why, what counts most first."""
    parts = [
        Part(points, share, reason)
        for points, share, reason in (
            (PLACE, place_share(one, other), _place(one, other)),
            (TRADE, trade_share(one, other), _trade(other)),
            (NEED, need_share(one, other), _need(one, other)),
            (TYPE, type_share(one, other), f"{other.lead_type} lead, too"),
            (SIZE, size_share(one, other), f"company size {other.company_size}, too"),
        )
        if share is not None
    ]
    most = sum(part.points for part in parts)
    told = sorted((part for part in parts if part.share > 0), key=lambda p: -p.points * p.share)
    score = 100 * sum(part.points * part.share for part in parts) / most if most else 0.0
    return score, tuple(part.reason for part in told)


def place_share(one: Profile, other: Profile) -> float | None:
    """Return how near the two are; None: of *one* no place is known."""
    here, yonder = point(one), point(other)
    if here is None and not one.country:
        return None
    near = 0.5 ** (distance_km(*here, *yonder) / HALF_KM) if here and yonder else 0.0
    return max(near, region_share(one, other))


def region_share(one: Profile, other: Profile) -> float:
    """Return how near the two are by country and region alone."""
    if not one.country or one.country != other.country:
        return 0.0
    return SAME_REGION if one.admin1 and one.admin1 == other.admin1 else SAME_COUNTRY


def trade_share(one: Profile, other: Profile) -> float | None:
    """Return how near their trades are; None: that of *one* is not known."""
    if not one.industry:
        return None
    return similarity(one.industry, other.industry) if other.industry else 0.0


def need_share(one: Profile, other: Profile) -> float | None:
    """Return how near what *other* needs comes to what *one* needs; None: that is not known."""
    needed = weighed(one)
    offered = tuple(dict.fromkeys(need for need, _ in weighed(other)))
    return best_answered(offered, needed)[1] if needed else None


def type_share(one: Profile, other: Profile) -> float | None:
    """Return 1 for two consumers or two businesses; None: of *one* it is not known."""
    return float(audience(one) == audience(other)) if audience(one) else None


def size_share(one: Profile, other: Profile) -> float | None:
    """Return 1 for companies of one size; None: that of *one* is not known."""
    return float(one.company_size == other.company_size) if one.company_size else None


def _place(one: Profile, other: Profile) -> str:
    here, yonder = point(one), point(other)
    if here and yonder:
        return f"{distance_km(*here, *yonder):,.0f} km away, in {there(other)}"
    return f"in {there(other)}, too"


def _trade(other: Profile) -> str:
    known = industry(other.industry or "")
    return f"industry {known.name if known else other.industry}"


def _need(one: Profile, other: Profile) -> str:
    offered = tuple(dict.fromkeys(need for need, _ in weighed(other)))
    need, _ = best_answered(tuple(need for need, _ in weighed(one)), weighed(other))
    return f"needs {(need or ', '.join(offered)).replace('_', ' ')}"
