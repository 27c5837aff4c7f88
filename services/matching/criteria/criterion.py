"""What a criterion of matching is: what it wants of a service, and what a lead gets for it.

Pure. `wanted` picks out of a service all that the criterion looks at. Services that want the same
are scored once, and later steps may keep it as a column.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from services.matching.interval import Span
from services.matching.profile import Profile
from services.matching.service import Service


class Reason(NamedTuple):
    """Why a criterion gave what it gave: one short sentence that cites what was compared."""

    text: str
    share: Span
    """Of the part's points: above one half it speaks for the match, below against; one half says
    nothing, and a span that is no point is of something unknown."""
    weight: float = 1.0
    """Of the part within its criterion, in [0, 1]."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One of the parts of a match score."""

    name: str
    """As the answer says it: `<name>_points`, `<name>_score`."""
    most: float
    """Points (contract, section 3)."""
    wanted: Callable[[Service], Hashable]
    span: Callable[[Any, Profile, datetime], Span]
    """The share of the points from what is wanted, the lead and the time."""
    reasons: Callable[[Any, Profile, datetime], list[Reason]]
    """The same in words."""
