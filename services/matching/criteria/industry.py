"""What trade the lead is in, against the trades that the service is for.

Pure. Likeness along the NAICS hierarchy (`shared.normalize.industry`), the best of the service's
trades; a part of one of them is served as that one is.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from services.matching.criteria.criterion import Criterion, Reason
from services.matching.interval import ANY, UNKNOWN, Span, exactly
from services.matching.profile import Profile
from services.matching.service import Service
from shared.normalize.industry import Industry, industry, similarity

TRADES_REMEMBERED = 32
"""Trades of leads whose shares are remembered; each holds at most some 2,000 targets, 0.2 MB."""

MOST_NAMED = 3
"""Industries that a sentence names."""


class Target(NamedTuple):
    """A trade that a service is for; `code` is short for it."""

    code: str
    trade: Industry | str


def wanted(service: Service) -> tuple[Target, ...]:
    """Return the trades that the service is for, read; what cannot be read stays a text."""
    read = (industry(said) or said for said in service.target_industries)
    return tuple(Target(_code(one), one) for one in read)


def _code(trade: Industry | str) -> str:
    return trade if isinstance(trade, str) else "+".join(trade.prefixes)


def span(targets: Sequence[Target], profile: Profile, now: datetime) -> Span:
    """Return how well the lead's trade is served: 1 inside a target, else the greatest likeness."""
    if not targets:
        return exactly(ANY)
    if not profile.industry:
        return UNKNOWN
    known = _shares(profile.industry)
    return exactly(max([known(target) for target in targets]))


@lru_cache(TRADES_REMEMBERED)
def _shares(said: str) -> Callable[[Target], float]:
    """Return what gives the share of a target for the trade *said*, each worked out once."""
    trade, known = _read(said), dict[str, float]()

    def share(target: Target) -> float:
        code = target.code
        if code not in known:
            known[code] = 1.0 if _inside(trade, target.trade) else similarity(trade, target.trade)
        return known[code]

    return share


def _read(said: str) -> Industry | str:
    return industry(said) or said


def _inside(trade: Industry | str, target: Industry | str) -> bool:
    """True if all of *trade* is part of *target*: who serves restaurants serves pizzerias."""
    if isinstance(trade, str) or isinstance(target, str):
        return False
    return all(code.startswith(target.prefixes) for code in trade.prefixes)


def reasons(targets: Sequence[Target], profile: Profile, now: datetime) -> list[Reason]:
    """Return why: the lead's trade and the target nearest to it."""
    share = span(targets, profile, now)
    if not targets:
        return [Reason("serves any industry", share)]
    if not profile.industry:
        return [Reason(f"the industry is not known; the service is for {_listed(targets)}", share)]
    trade = _read(profile.industry)
    near = max(targets, key=_shares(profile.industry)).trade
    if share.low == 0:
        text = f"industry {_name(trade)} has nothing in common with {_listed(targets)}"
    elif share.low < 1:
        text = f"industry {_name(trade)} is {share.low:.0%} like {_name(near)}"
    elif _name(trade) == _name(near):
        text = f"industry {_name(trade)} is one that the service is for"
    else:
        text = f"industry {_name(trade)} is part of {_name(near)}, which the service is for"
    return [Reason(text, share)]


def _name(trade: Industry | str) -> str:
    return trade if isinstance(trade, str) else trade.name


def _listed(targets: Sequence[Target]) -> str:
    text = ", ".join(_name(target.trade) for target in targets[:MOST_NAMED])
    return f"{text} and {len(targets) - MOST_NAMED} more" if len(targets) > MOST_NAMED else text


INDUSTRY = Criterion("industry", 20.0, wanted, span, reasons)
