"""Where the lead is, against where the service serves. Codes and kilometres, never parts of names.

Pure. A place served is a circle, a region or a country. What lies outside all of them is not
served at all (`services.matching.constraints`); inside, a provider near by fits better than one
who serves the state, and that one better than one who serves the country.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from math import cos, inf, pi, radians, sin
from typing import NamedTuple

from services.matching.criteria.criterion import Criterion, Reason
from services.matching.interval import Span, exactly
from services.matching.profile import Profile
from services.matching.region import circle
from services.matching.service import Area, Service
from shared.great_circle import EARTH_RADIUS_KM, distance_km

STATEWIDE, NATIONWIDE, ANYWHERE = 0.9, 0.8, 0.7
"""Shares within a region, and within a country, that is served as a whole; and of a service that
names no place: the lead is served, and others know its place better."""

RIM = 0.8
"""Least share within a radius that the provider gave: they say that they go there."""

HALF_KM = 50.0
"""Within a radius what lies above RIM halves every so many km from the middle."""

METRO_KM = 40.0
"""A town without a radius is served with all of its metropolitan area: the way that most commute
at most (the radius of a built-up area of 10 million people is about as much)."""

BEYOND_HALF_KM = 60.0
"""Beyond METRO_KM the share halves every so many km."""

REACH_KM = METRO_KM + 3 * BEYOND_HALF_KM
"""Beyond it (220 km, a share of one eighth) a town without a radius serves its own state alone."""

SAME_STATE = 0.2
"""Least share within the state of a town that is served without a radius."""


ROUNDING_KM = 1.0
"""Added where a distance is only estimated, to what is then measured."""

MOST_NAMED = 3
"""Areas that a sentence names."""


class Distance(NamedTuple):
    """The least and greatest km that a lead may be from a point; known where both are one."""

    least: float
    most: float


class Zone(NamedTuple):
    """An area with what is worked out of it once."""

    area: Area
    direction: tuple[float, float, float] | None
    """Of its middle, a unit vector from the middle of the earth; None: it has no outermost km."""
    least: float
    """The cosine of the angle beyond which all is surely outside."""


def wanted(service: Service) -> tuple[Zone, ...]:
    """Return where the service serves."""
    return tuple(map(zone, service.target_locations))


def zone(area: Area) -> Zone:
    """Return an area made ready."""
    if area.radius_km is None and area.kind in ("admin1", "country"):
        return Zone(area, None, -1.0)
    outermost = (REACH_KM if area.radius_km is None else area.radius_km) + ROUNDING_KM
    angle = outermost / EARTH_RADIUS_KM
    least = cos(angle) if angle < pi else -2.0
    return Zone(area, _direction(area.latitude or 0.0, area.longitude or 0.0), least)


@lru_cache(1024)
def _direction(latitude: float, longitude: float) -> tuple[float, float, float]:
    north, east = radians(latitude), radians(longitude)
    return cos(north) * cos(east), cos(north) * sin(east), sin(north)


def span(zones: Sequence[Zone], profile: Profile, now: datetime) -> Span:
    """Return the share for a lead that may be served; see `reach`."""
    return reach(zones, profile) or exactly(0.0)


def reach(zones: Sequence[Zone], profile: Profile) -> Span | None:
    """Return the share over all places where the lead may be; None if it is surely not served.

    Of several areas the best counts. Where it may be outside all of them, the worst is 0.
    """
    if not zones:
        return exactly(ANYWHERE)
    low = high = -1.0
    here = point(profile)
    x, y, z = _direction(*here) if here else (0.0, 0.0, 0.0)
    for area, direction, least in zones:
        if area.country and profile.country and area.country != profile.country:
            continue
        # Three products tell most services apart from those near enough to measure.
        if (
            here
            and direction
            and x * direction[0] + y * direction[1] + z * direction[2] < least
            and (area.radius_km is not None or not same_state(area, profile))
        ):
            continue
        found = _within(area, profile)
        if found is not None:
            low, high = max(low, found[0]), max(high, found[1])
    return None if high < 0 else Span(low, high)


def point(profile: Profile) -> tuple[float, float] | None:
    """Return latitude and longitude of the lead in degrees; None if it has no known point."""
    north, east = profile.latitude, profile.longitude
    if north is None or east is None or not (abs(north) <= 90 and abs(east) <= 180):
        return None
    return north, east


def distance(area: Area, profile: Profile) -> Distance:
    """Return how far the lead may be from the middle of *area*, which has a point."""
    here = point(profile)
    north, east = area.latitude or 0.0, area.longitude or 0.0
    if here:
        km = distance_km(here[0], here[1], north, east)
        return Distance(km, km)
    region = profile.country and profile.admin1 and circle(profile.country, profile.admin1)
    if not region:
        return Distance(0.0, inf)
    km = distance_km(region.latitude, region.longitude, north, east)
    return Distance(max(0.0, km - region.km), km + region.km)


def _within(area: Area, profile: Profile) -> tuple[float, float] | None:
    """Return the worst and best share in one area, None if the lead is surely outside it.

    The country is not looked at.
    """
    if area.radius_km is None and area.kind == "country":
        return NATIONWIDE if profile.country else 0.0, NATIONWIDE
    if area.radius_km is None and area.kind == "admin1":
        if profile.admin1 and profile.admin1 != area.admin1:
            return None
        return STATEWIDE if profile.country and profile.admin1 else 0.0, STATEWIDE
    away = distance(area, profile)
    if area.radius_km is not None:
        return _in_radius(away, area.radius_km)
    return _around_town(away, same_state(area, profile))


def _in_radius(away: Distance, radius_km: float) -> tuple[float, float] | None:
    if away.least > radius_km:
        return None
    worst = 0.0 if away.most > radius_km else _from_middle(away.most)
    return worst, _from_middle(away.least)


def _from_middle(km: float) -> float:
    return RIM + (1 - RIM) * 0.5 ** (km / HALF_KM)


def _around_town(away: Distance, same_state: bool) -> tuple[float, float] | None:
    if away.least > REACH_KM and not same_state:
        return None
    least = SAME_STATE if same_state else 0.0
    worst = 0.0 if away.most > REACH_KM else _from_metro(away.most)
    return max(worst, least), max(_from_metro(away.least), least)


def _from_metro(km: float) -> float:
    return 0.5 ** (max(0.0, km - METRO_KM) / BEYOND_HALF_KM)


def same_state(area: Area, profile: Profile) -> bool:
    """True if the lead is known to be in the region of *area*."""
    return bool(
        area.country
        and area.admin1
        and (area.country, area.admin1) == (profile.country, profile.admin1)
    )


def reasons(zones: Sequence[Zone], profile: Profile, now: datetime) -> list[Reason]:
    """Return why, for a lead that may be served: the area that counts, and how far it is."""
    if not zones:
        return [Reason("serves any location", exactly(ANYWHERE))]
    share = span(zones, profile, now)
    if share.low < share.high:
        where = there(profile)
        known = f"of the lead only {where} is known" if where else "where the lead is, is not known"
        return [Reason(f"{known}; the service serves {listed(zones)}", share)]
    best = max(zones, key=lambda one: (reach([one], profile) or (-1.0, -1.0))[1])
    return [Reason(_served(best.area, profile), share)]


def _served(area: Area, profile: Profile) -> str:
    where = there(profile) or "the lead"
    if area.radius_km is None and area.kind in ("admin1", "country"):
        return f"{where} is in {area.name}, which is served as a whole"
    away = distance(area, profile)
    if away.least < away.most:
        return f"{where} is in the state of {extent(area)}"
    text = f"{where} is {away.least:,.0f} km from {area.name}"
    if area.radius_km is not None:
        return f"{text}, within its radius of {area.radius_km:,.0f} km"
    if away.least <= METRO_KM:
        return f"{text}, in its metropolitan area"
    return f"{text}, in the same state" if same_state(area, profile) else text


def there(profile: Profile) -> str:
    """Return where the lead is, in a few words: Chicago (IL, US); empty if unknown."""
    codes = ", ".join(filter(None, (profile.admin1, profile.country)))
    if profile.place:
        return f"{profile.place} ({codes})" if codes else profile.place
    here = point(profile)
    if here:
        return f"{here[0]:.2f}, {here[1]:.2f}" + (f" ({codes})" if codes else "")
    return codes


def extent(area: Area) -> str:
    """Return an area in words: 50 km around Chicago, all of US."""
    if area.radius_km is not None:
        return f"{area.radius_km:,.0f} km around {area.name}"
    return f"all of {area.name}" if area.kind in ("admin1", "country") else area.name


def listed(zones: Sequence[Zone]) -> str:
    """Return the first areas in words, and how many more there are."""
    text = ", ".join(extent(one.area) for one in zones[:MOST_NAMED])
    return f"{text} and {len(zones) - MOST_NAMED} more" if len(zones) > MOST_NAMED else text


GEOGRAPHIC = Criterion("geographic", 25.0, wanted, span, reasons)
