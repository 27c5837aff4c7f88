"""Which leads of an account are looked among: somewhere, in a trade, and above a score.

Pure; on columns, one lead being columns of length one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.matching.column_reach import BAND_KM, distances_km
from services.matching.columns import Columns
from services.matching.profile import Profile
from shared.great_circle import EARTH_RADIUS_KM


@dataclass(frozen=True, slots=True)
class Around:
    """Where leads are to be: within a circle, a region or a country."""

    country: str | None = None
    admin1: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    radius_km: float | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which leads."""

    min_match_score: float = 0.0
    around: Around | None = None
    industry: Sequence[str] = ()
    """Prefixes of NAICS codes, any of them; empty is any."""


def wanted_rows(columns: Columns, wanted: Wanted) -> NDArray[np.intp] | None:
    """Return where the leads stand that are in the place and the trade; None: all are."""
    found = None
    if wanted.industry:
        prefixes = tuple(wanted.industry)
        trades = [(one.industry or "").startswith(prefixes) for one in columns.trade.distinct]
        found = np.array(trades, np.bool_)[columns.trade.codes]
    if wanted.around:
        there = _within(columns, wanted.around)
        found = there if found is None else found & there
    return None if found is None else np.flatnonzero(found)


def _within(columns: Columns, around: Around) -> NDArray[np.bool_]:
    if around.radius_km is None:
        regions = [_inside(one, around) for one in columns.region.distinct]
        return np.array(regions, np.bool_)[columns.region.codes]
    band = np.degrees((around.radius_km + BAND_KM) / EARTH_RADIUS_KM)
    found = np.abs(columns.latitude - (around.latitude or 0.0)) <= band
    near = np.flatnonzero(found)
    middle = Profile(latitude=around.latitude, longitude=around.longitude)
    km = distances_km(columns.latitude[near], columns.longitude[near], middle)
    found[near] = km <= around.radius_km
    return found


def _inside(region: Profile, around: Around) -> bool:
    return region.country == around.country and around.admin1 in (None, region.admin1)
