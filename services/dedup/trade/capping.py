"""Capping: which caps and hours concern a lead, and whether it is one too many.

Of caps every one that somebody set holds, beside the others: the source's, the buyer's, the
campaign's and the account's own (docs/decisions/0055). A scope counts all leads that it covers, in
spans of its own zone, so that it has one count whoever asks. Of hours the most particular hold, as
of all other settings.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from services.dedup.trade import calendar
from services.dedup.trade.calendar import Span
from services.dedup.trade.deal import Deal
from services.dedup.trade.standing import CAP_REACHED, CLOSED, Full
from services.dedup.trade.terms import Book, Opening, Scope, covering


class Count(NamedTuple):
    """What one number counts: the leads that a scope let through in a span."""

    scope: Scope
    per: str
    begins_at: datetime


@dataclass(frozen=True, slots=True)
class Limit:
    """A cap of a scope, in the span that is running."""

    scope: Scope
    per: str
    most: int
    span: Span

    @property
    def count(self) -> Count:
        """Return what is to be compared with `most`."""
        return Count(self.scope, self.per, self.span.begins_at)


@dataclass(frozen=True, slots=True)
class Hours:
    """When a scope takes leads."""

    scope: Scope
    schedule: tuple[Opening, ...]
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Bounds:
    """All that bounds how many leads are taken."""

    limits: tuple[Limit, ...] = ()
    hours: Hours | None = None


UNBOUNDED = Bounds()

Counted = Callable[[Count], int]
"""Returns how many leads were let through."""


def bounds(book: Book, source_id: str, deal: Deal, now: datetime) -> Bounds:
    """Return what bounds a lead of *source_id* under *deal*, the most particular scope first."""
    if not book.by_scope:
        return UNBOUNDED
    scopes = covering(Scope(source_id, deal.buyer_id, deal.campaign_id))
    limits = [limit for scope in scopes for limit in limits_of(book, scope, now)]
    terms = book.of(source_id, deal)
    if not terms.schedule:
        return Bounds(tuple(limits)) if limits else UNBOUNDED
    whose = terms.origin["schedule"]
    return Bounds(tuple(limits), Hours(whose, terms.schedule, zone(book, whose)))


def limits_of(book: Book, scope: Scope, now: datetime) -> list[Limit]:
    """Return the caps that *scope* itself sets."""
    terms = book.by_scope.get(scope)
    if terms is None or not terms.caps:
        return []
    where = zone(book, scope)
    return [
        Limit(scope, cap.per, cap.most, calendar.span(cap.per, now, where)) for cap in terms.caps
    ]


def zone(book: Book, scope: Scope) -> ZoneInfo:
    """Return the zone in which *scope* counts: its own, or that of the scopes around it."""
    return calendar.zone(book.of(scope.source_id, Deal(scope.buyer_id, scope.campaign_id)).zone)


def full(bound: Bounds, counted: Counted, now: datetime) -> Full | None:
    """Return why no lead is taken within *bound* at *now*; None if one is.

    Closed hours are told before caps. `resumes_at` heeds both.
    """
    reached = [limit for limit in bound.limits if counted(limit.count) >= limit.most]
    hours = bound.hours
    if hours and not calendar.is_open(hours.schedule, now, hours.zone):
        return Full(CLOSED, hours.scope.whose, resumes_at(reached, hours, now))
    if reached:
        return Full(CAP_REACHED, reached[0].scope.whose, resumes_at(reached, hours, now))
    return None


def resumes_at(reached: Sequence[Limit], hours: Hours | None, now: datetime) -> datetime | None:
    """Return when every cap of *reached* has a new span and *hours* are open; None: never."""
    moment = now
    for limit in reached:
        if limit.most == 0 or limit.span.ends_at is None:
            return None
        moment = max(moment, limit.span.ends_at)
    return calendar.opens_at(hours.schedule, moment, hours.zone) if hours else moment


def places(limits: Sequence[Limit]) -> list[dict[str, Any]]:
    """Return what a lead within *limits* is counted in, as its places are stored."""
    return [
        limit.scope._asdict()
        | {"per": limit.per, "begins_at": limit.span.begins_at, "ends_at": limit.span.ends_at}
        for limit in limits
    ]


def over_at(limits: Sequence[Limit]) -> datetime | None:
    """Return when the last span of *limits* (one at least) is over; None: never."""
    ends = [limit.span.ends_at for limit in limits]
    return None if None in ends else max(end for end in ends if end is not None)


def tally(limits: Sequence[Limit]) -> Iterator[Count]:
    """Yield what *limits* count, each once: two caps of one scope may count in one span."""
    yield from dict.fromkeys(limit.count for limit in limits)
