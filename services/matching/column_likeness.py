"""How much many leads are like one: `likeness` on columns, equal to it to 1e-9.

Pure.
"""

from collections.abc import Callable

import numpy as np

from services.matching import likeness
from services.matching.column_reach import distances_km
from services.matching.columns import Aspect, Columns, Floats
from services.matching.criteria.geographic import point
from services.matching.profile import Profile

Share = Callable[[Profile, Profile], float | None]


def likenesses(columns: Columns, one: Profile) -> Floats:
    """Return how much each lead is like *one*, 0 to 100."""
    total, most = np.zeros(len(columns)), 0.0
    if likeness.place_share(one, one) is not None:
        total += likeness.PLACE * _place(columns, one)
        most += likeness.PLACE
    for points, share, aspect in (
        (likeness.TRADE, likeness.trade_share, columns.trade),
        (likeness.NEED, likeness.need_share, columns.need),
        (likeness.TYPE, likeness.type_share, columns.kind),
        (likeness.SIZE, likeness.size_share, columns.kind),
    ):
        if share(one, one) is not None:
            total += points * _by_value(share, one, aspect)
            most += points
    return 100 * total / most if most else total


def _by_value(share: Share, one: Profile, aspect: Aspect) -> Floats:
    return np.array([share(one, other) for other in aspect.distinct], np.float64)[aspect.codes]


def _place(columns: Columns, one: Profile) -> Floats:
    region = _by_value(likeness.region_share, one, columns.region)
    if point(one) is None:
        return region
    km = distances_km(columns.latitude, columns.longitude, one)
    near: Floats = np.fmax(np.exp2(-km / likeness.HALF_KM), region)
    return near
