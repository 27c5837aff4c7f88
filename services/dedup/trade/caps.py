"""Caps and schedules in a check: whether leads are still taken, and who has which place.

Only leads that are let through count, each once in every cap that concerns it. A release or a
return gives the places back (`given_back`), and a hold that nobody confirmed frees its own when
the next lead asks.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from psycopg import Connection

from services.dedup.decision import ALLOW
from services.dedup.outcome import Outcome
from services.dedup.preparation import Prepared
from services.dedup.trade import cap_store, capping
from services.dedup.trade.cap_store import Place
from services.dedup.trade.capping import Bounds, Count
from services.dedup.trade.standing import Full
from services.dedup.trade.terms import NO_BOOK, Book, Scope


def given_back(conn: Connection, tenant_id: str, lead_id: UUID, now: datetime) -> bool:
    """Give back the places that a lead has in spans that still run; False if it had none.

    Once: a second call changes nothing. For who releases or returns a lead, in the transaction
    that does, after its own row is locked: places and counts are locked last.
    """
    return _freed(conn, tenant_id, [lead_id], now)


def counted(
    conn: Connection, tenant_id: str, counts: Collection[Count], now: datetime
) -> Counter[Count]:
    """Return how many leads each of *counts* has at *now* without expired holds; locks nothing."""
    found = Counter(cap_store.counted(conn, tenant_id, counts))
    found.subtract(_counts(_expired(conn, tenant_id, now, locking=False), now))
    return found


class Caps:
    """The counts that cap the leads of one transaction."""

    def __init__(self, now: datetime) -> None:
        """*now* is when the transaction began."""
        self._now = now
        self._book: Book = NO_BOOK
        self._counts: Counter[Count] = Counter()
        self._more: Counter[Count] = Counter()
        self._places: list[Place] = []

    def read(
        self,
        conn: Connection,
        tenant_id: str,
        prepared: Sequence[Prepared],
        book: Book,
        counting: bool,
    ) -> None:
        """Read the counts of whatever caps *prepared*, in one order; *counting* holds them."""
        self._book = book
        bounds = [self._bounds(lead) for lead in prepared] if book.by_scope else ()
        counts = {limit.count for bound in bounds for limit in bound.limits}
        if not counts:
            return
        if not counting:
            # What a dry run of many leads has counted so far is stored nowhere.
            self._counts = counted(conn, tenant_id, counts, self._now) + self._more
            return
        expired = _expired(conn, tenant_id, self._now, locking=True)
        # What is freed may lie in other scopes: all is locked in one statement.
        cap_store.locked(conn, tenant_id, counts | _counts(expired, self._now).keys())
        if expired:
            _freed(conn, tenant_id, [place.lead_id for place in expired], self._now)
        self._counts = Counter(cap_store.counted(conn, tenant_id, counts))

    def of(self, lead: Prepared) -> Full | None:
        """Return why *lead* is one too many, or None; one that was let pass was taken already."""
        if lead.arrival.passed is not None:
            return None
        bound = self._bounds(lead)
        if bound == capping.UNBOUNDED:
            return None
        return capping.full(bound, lambda count: self._counts[count], self._now)

    def add(self, lead: Prepared, outcome: Outcome) -> None:
        """Count a decided lead, if it is let through."""
        if outcome.skipped or outcome.verdict.decision.action is not ALLOW:
            return
        limits = self._bounds(lead).limits
        if not limits:
            return
        counts = list(capping.tally(limits))
        self._counts.update(counts)
        self._more.update(counts)
        held_until = outcome.held_until if outcome.hold else None
        places, over_at = capping.places(limits), capping.over_at(limits)
        self._places.append(Place(outcome.lead_id, places, held_until, over_at))

    def save(self, conn: Connection, tenant_id: str) -> None:
        """Store what was counted; the leads must be stored."""
        if self._places:
            cap_store.take(conn, tenant_id, self._places)
            cap_store.add(conn, tenant_id, self._more)

    def _bounds(self, lead: Prepared) -> Bounds:
        submission = lead.submission
        return capping.bounds(self._book, submission.source_id, submission.deal, self._now)


def _freed(conn: Connection, tenant_id: str, lead_ids: Sequence[UUID], now: datetime) -> bool:
    """Take the places of leads away, and give back what still runs."""
    places = cap_store.leave(conn, tenant_id, lead_ids)
    given = _counts(places, now)
    if given:
        cap_store.add(conn, tenant_id, {count: -leads for count, leads in given.items()})
    return bool(places)


def _expired(conn: Connection, tenant_id: str, now: datetime, locking: bool) -> list[Place]:
    """Return the places of holds that are over by their time.

    Where it is *locking*, those of holds that were confirmed are kept for good.
    """
    read = cap_store.lock_expired if locking else cap_store.expired
    places = read(conn, tenant_id, now)
    if not places:
        return []
    ask = cap_store.lock_settled if locking else cap_store.settled
    confirmed = ask(conn, tenant_id, [place.lead_id for place in places])
    if locking and (kept := [lead_id for lead_id, yes in confirmed.items() if yes]):
        cap_store.keep(conn, tenant_id, kept)
    return [place for place in places if confirmed.get(place.lead_id) is False]


def _counts(places: Iterable[Place], now: datetime) -> Mapping[Count, int]:
    """Return how many of *places* lie in each count whose span still runs at *now*."""
    found: Counter[Count] = Counter()
    for place in places:
        found.update(dict.fromkeys(_running(place, now), 1))
    return found


def _running(place: Place, now: datetime) -> Iterable[Count]:
    for each in place.counted:
        ends, begins = each["ends_at"], datetime.fromisoformat(each["begins_at"])
        if ends is None or datetime.fromisoformat(ends) > now:
            scope = Scope(each["source_id"], each["buyer_id"], each["campaign_id"])
            yield Count(scope, each["per"], begins)
