"""Where many leads are against where a service serves: `criteria.geographic.reach` on columns.

Pure. Leads without a point are scored by their region, each distinct one once; points are
measured, those within the latitudes of a circle alone.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.matching.columns import Aspect, Columns, Floats
from services.matching.criteria import geographic
from services.matching.criteria.geographic import Zone
from services.matching.profile import Profile
from services.matching.service import Area
from shared.great_circle import EARTH_RADIUS_KM

BAND_KM = 1.0
"""Added to the reach of a circle when latitudes are compared, as `geographic.ROUNDING_KM`."""


class Reach(NamedTuple):
    """The worst and the best share of each lead; below 0: it is surely not served."""

    low: Floats
    high: Floats


def reach(columns: Columns, zones: Sequence[Zone]) -> Reach:
    """Return the share of each lead over all places where it may be, the best zone counting."""
    if not zones:
        return Reach(*np.full((2, len(columns)), geographic.ANYWHERE))
    found = _by_region(columns.region, zones)
    pointed = np.flatnonzero(~np.isnan(columns.latitude))
    if pointed.size:
        found.low[pointed], found.high[pointed] = _of_points(columns.rows(pointed), zones)
    return found


def _by_region(region: Aspect, zones: Sequence[Zone]) -> Reach:
    """Return the shares of leads by their country and region alone."""
    spans = [geographic.reach(zones, there) or (-1.0, -1.0) for there in region.distinct]
    table = np.array(spans, np.float64).reshape(-1, 2)
    return Reach(table[region.codes, 0], table[region.codes, 1])


def _of_points(leads: Columns, zones: Sequence[Zone]) -> Reach:
    whole = [zone for zone in zones if zone.direction is None]
    found = _by_region(leads.region, whole) if whole else Reach(*np.full((2, len(leads)), -1.0))
    circles = np.full(len(leads), -1.0)
    for zone in zones:
        if zone.direction is not None:
            _around(leads, zone.area, circles)
    return Reach(np.maximum(found.low, circles), np.maximum(found.high, circles))


def _around(leads: Columns, area: Area, best: Floats) -> None:
    """Put the shares of a circle or a town into *best* where they are better."""
    radius_km, codes = area.radius_km, leads.region.codes
    outermost = geographic.REACH_KM if radius_km is None else radius_km
    if radius_km is None:
        in_state = _flags(leads.region, lambda there: geographic.same_state(area, there))
        np.maximum(best, np.where(in_state, geographic.SAME_STATE, -1.0)[codes], out=best)
    band = np.degrees((outermost + BAND_KM) / EARTH_RADIUS_KM)
    near = np.flatnonzero(np.abs(leads.latitude - (area.latitude or 0.0)) <= band)
    if area.country:
        same = _flags(leads.region, lambda there: there.country in (None, "", area.country))
        near = near[same[codes[near]]]
    km = distances_km(leads.latitude[near], leads.longitude[near], area)
    share = _from_metro(km) if radius_km is None else _from_middle(km)
    best[near] = np.maximum(best[near], np.where(km <= outermost, share, -1.0))


def _flags(region: Aspect, true_of: Any) -> NDArray[np.bool_]:
    return np.array([bool(true_of(there)) for there in region.distinct], np.bool_)


def distances_km(latitude: Floats, longitude: Floats, area: Area | Profile) -> Floats:
    """Return the great-circle distances of points from that of *area*, as `distance_km`."""
    north, east = np.radians(latitude), np.radians(longitude)
    there, beside = np.radians(area.latitude or 0.0), np.radians(area.longitude or 0.0)
    half = (
        np.sin((there - north) / 2) ** 2
        + np.cos(north) * np.cos(there) * np.sin((beside - east) / 2) ** 2
    )
    km: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return km


def _from_middle(km: Floats) -> Floats:
    rim = geographic.RIM
    return rim + (1 - rim) * np.exp2(-km / geographic.HALF_KM)


def _from_metro(km: Floats) -> Floats:
    return np.exp2(-np.maximum(0.0, km - geographic.METRO_KM) / geographic.BEYOND_HALF_KM)
