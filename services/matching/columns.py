"""Profiles of many leads as columns, so that a million are scored by a few sweeps of arrays.

Pure. What few leads differ in (an *aspect*: consent, kind, trade, needs, region) stands once for
each distinct value, as a profile that says nothing else, and for each lead the number of its own:
the criteria score the distinct ones with the very code that scores a single lead. Amounts, times
and points on the earth are plain arrays. See docs/decisions/0042.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from math import isfinite, nan
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.matching.criteria.geographic import point
from services.matching.profile import Profile
from services.matching.service import Amount

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

NEVER = np.iinfo(np.int64).min
"""A time that is not known."""

Floats = NDArray[np.floating[Any]]


class Aspect(NamedTuple):
    """One aspect of many leads."""

    distinct: Sequence[Profile]
    """Each says what it is about and nothing else."""
    codes: NDArray[np.integer[Any]]
    """Of each lead: where its own stands in `distinct`."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Leads in some order; every array has an entry a lead. What is unknown is NaN, or NEVER."""

    consent: Aspect
    kind: Aspect
    """Type, company size and the currency of its amounts."""
    trade: Aspect
    need: Aspect
    """Needs and category; a loan amount of 1 stands for any amount that is asked for."""
    region: Aspect
    """Country and region."""
    latitude: Floats
    longitude: Floats
    loan_amount: Floats
    """Above 0, in the lead's own currency."""
    revenue: Floats
    founded_year: Floats
    signal_strength: Floats
    """0 to 100."""
    intent_score: Floats
    """0 to 100."""
    last_activity_at: NDArray[np.int64]
    """Microseconds since 1970."""

    def __len__(self) -> int:
        """Return how many leads there are."""
        return len(self.latitude)

    def rows(self, which: slice | NDArray[Any]) -> "Columns":
        """Return some of the leads, by where they stand; of a slice a view."""
        some: dict[str, Any] = {name: getattr(self, name)[which] for name in NUMBERS}
        some |= {name: Aspect(one.distinct, one.codes[which]) for name, one in _of(self)}
        return Columns(**some)

    def memory(self) -> int:
        """Return the bytes of all arrays."""
        numbers = [getattr(self, name) for name in NUMBERS]
        return sum(array.nbytes for array in (*numbers, *(a.codes for _, a in _of(self))))


def columns(profiles: Iterable[Profile]) -> Columns:
    """Return *profiles* as columns, in their order.

    Raises TypeError for a time without a zone.
    """
    leads = list(profiles)
    made: dict[str, Any] = {name: _aspect(leads, name) for name in ASPECTS}
    for name, (read, dtype) in NUMBERS.items():
        made[name] = np.fromiter((read(lead) for lead in leads), dtype, len(leads))
    return Columns(**made)


def aspect(name: str, profile: Profile) -> Hashable:
    """Return what *profile* says of the aspect *name*, of ASPECTS."""
    return tuple(getattr(profile, field) for field in ASPECTS[name]) + (
        (asks(profile.loan_amount),) if name == "need" else ()
    )


def of_aspect(name: str, value: Any) -> Profile:
    """Return a profile that says *value*, what `aspect` returns, and nothing else."""
    said = dict(zip(ASPECTS[name], value, strict=False))
    if name == "need" and value[-1]:
        said["loan_amount"] = 1.0
    return Profile(**said)


def asks(said: Amount | None) -> bool:
    """True if *said* is an amount that somebody wants to borrow, as `needs.weighed` reads it."""
    return said is not None and float(said) > 0


def _aspect(leads: Sequence[Profile], name: str) -> Aspect:
    known: dict[Hashable, int] = {}
    codes = [known.setdefault(aspect(name, lead), len(known)) for lead in leads]
    return Aspect([of_aspect(name, value) for value in known], narrow(np.array(codes, np.int64)))


def narrow(codes: NDArray[Any]) -> NDArray[Any]:
    """Return *codes*, none below 0, in the fewest bytes each."""
    return codes.astype(np.min_scalar_type(int(codes.max(initial=0))))


def _of(columns: Columns) -> list[tuple[str, Aspect]]:
    return [(name, getattr(columns, name)) for name in ASPECTS]


def _north(profile: Profile) -> float:
    return (point(profile) or (nan, nan))[0]


def _east(profile: Profile) -> float:
    return (point(profile) or (nan, nan))[1]


def _amount(said: Amount | None) -> float:
    """Return an amount as a number; what counts as not said is NaN."""
    return nan if said is None or not isfinite(said) or said < 0 else float(said)


def _percent(said: float | None) -> float:
    return nan if said is None or not isfinite(said) else min(max(float(said), 0.0), 100.0)


def microseconds(moment: datetime) -> int:
    """Return *moment* (aware) as microseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def _active(profile: Profile) -> int:
    return NEVER if profile.last_activity_at is None else microseconds(profile.last_activity_at)


ASPECTS: dict[str, tuple[str, ...]] = {
    "consent": ("purposes",),
    "kind": ("lead_type", "company_size", "currency"),
    "trade": ("industry",),
    "need": ("needs", "lead_category"),
    "region": ("country", "admin1"),
}
"""Each with the fields of a profile that it is."""

NUMBERS: dict[str, tuple[Callable[[Profile], float], type[np.generic]]] = {
    "latitude": (_north, np.float64),
    "longitude": (_east, np.float64),
    "loan_amount": (lambda lead: _amount(lead.loan_amount) or nan, np.float64),
    "revenue": (lambda lead: _amount(lead.revenue), np.float64),
    "founded_year": (
        lambda lead: nan if lead.founded_year is None else lead.founded_year,
        np.float32,
    ),
    "signal_strength": (lambda lead: _percent(lead.signal_strength), np.float64),
    "intent_score": (lambda lead: _percent(lead.intent_score), np.float64),
    "last_activity_at": (_active, np.int64),
}
"""How each plain array is read out of a profile."""

assert {*ASPECTS, *NUMBERS} == {field.name for field in fields(Columns)}
