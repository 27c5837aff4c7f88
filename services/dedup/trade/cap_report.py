"""The report of caps: how many leads were let through, beside how many may be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.dedup.trade import calendar, capping, terms_change, terms_store
from services.dedup.trade.book_reading import book
from services.dedup.trade.capping import Count, Hours, Limit
from services.dedup.trade.caps import counted
from services.dedup.trade.terms import NO_BOOK, Book, Scope
from shared.db import Database


@dataclass(frozen=True, slots=True)
class Asked:
    """Which scopes are asked for."""

    names: Scope
    """Those that have these names, where one is given."""
    after: Scope | None
    limit: int


def report(
    database: Database, tenant_id: str, asked: Asked, now: datetime
) -> tuple[list[dict[str, Any]], str | None]:
    """Return scopes with caps or hours in the words of the API, and where the next page begins.

    Raises Unavailable.
    """
    with database.transaction(tenant_id) as conn:
        known = book(terms_store.book(conn, tenant_id), NO_BOOK)
        found = _bounding(known, asked)
        shown = found[: asked.limit]
        limits = {scope: capping.limits_of(known, scope, now) for scope in shown}
        counts = {limit.count for each in limits.values() for limit in each}
        leads = counted(conn, tenant_id, counts, now) if counts else {}
    told = [_told(known, scope, limits[scope], leads, now) for scope in shown]
    return told, terms_change.spelled(shown[-1]) if len(found) > len(shown) else None


def _bounding(known: Book, asked: Asked) -> Sequence[Scope]:
    """Return in order one scope more than are asked for, if there are so many."""
    bounding = sorted(
        scope
        for scope, terms in known.by_scope.items()
        if (terms.caps or terms.schedule)
        and (asked.after is None or scope > asked.after)
        and all(name in ("", own) for own, name in zip(scope, asked.names, strict=True))
    )
    return bounding[: asked.limit + 1]


def _told(
    known: Book, scope: Scope, limits: Sequence[Limit], leads: Mapping[Count, int], now: datetime
) -> dict[str, Any]:
    schedule, where = known.by_scope[scope].schedule, capping.zone(known, scope)
    hours = Hours(scope, schedule, where) if schedule else None
    reached = [limit for limit in limits if leads.get(limit.count, 0) >= limit.most]
    is_open = hours is None or calendar.is_open(hours.schedule, now, where)
    taken = is_open and not reached
    return {
        **terms_change.named(scope),
        "zone": where.key,
        "open": is_open,
        "taken": taken,
        "resumes_at": None if taken else capping.resumes_at(reached, hours, now),
        "caps": [_cap(limit, max(0, leads.get(limit.count, 0))) for limit in limits],
    }


def _cap(limit: Limit, leads: int) -> dict[str, Any]:
    endless = limit.span.ends_at is None
    return {
        "per": limit.per,
        "most": limit.most,
        "leads": leads,
        "left": max(0, limit.most - leads),
        "begins_at": None if endless else limit.span.begins_at,
        "ends_at": limit.span.ends_at,
    }
