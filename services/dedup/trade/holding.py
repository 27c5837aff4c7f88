"""Settling a hold: its sender says whether the lead was accepted, or gives its identity free.

A hold whose time is over is free by that alone: nothing has to run. The person's keys are locked
as for a lead, so a check in flight is decided before the hold is settled, or after, and two never
hold one identity.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from services.dedup.trade import hold_store
from services.dedup.trade.caps import given_back
from services.dedup.trade.deal import CONFIRMED, HELD, RELEASED
from services.dedup.trade.hold_store import Kept
from shared.connection import Connection
from shared.db import Database
from shared.errors import Conflict, NotFound

SETTLING_SECONDS = 2.0
"""How long one statement may take: as for a review, a caller waits."""

EXPIRED = "expired"
"""What is said of a hold that nobody settled in time; what is stored says `held` for ever."""

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the time now, in UTC."""
    return datetime.now(UTC)


def shown(database: Database, tenant_id: str, hold_id: UUID) -> Kept:
    """Return a hold as it is stored. Raises NotFound."""
    with database.transaction(tenant_id) as conn:
        return _found(conn, tenant_id, hold_id)


def standing(kept: Kept, now: datetime) -> str:
    """Return the state of a hold at the moment *now*, as callers read it."""
    return EXPIRED if kept.state == HELD and now >= kept.held_until else kept.state


def confirm(
    database: Database, tenant_id: str, hold_id: UUID, clock: Clock = utc_now
) -> tuple[Kept, bool]:
    """Take the lead of a hold for good; return the hold, and whether that was new.

    Raises NotFound; Conflict if the hold was released or is over, with the reason and when.
    """
    return _settled(database, tenant_id, hold_id, CONFIRMED, clock)


def release(
    database: Database, tenant_id: str, hold_id: UUID, clock: Clock = utc_now
) -> tuple[Kept, bool]:
    """Give the identity of a hold free; return the hold, and whether that was new.

    One whose time is over is released all the same: its place under the caps is free again.
    Raises NotFound; Conflict if its lead was accepted.
    """
    return _settled(database, tenant_id, hold_id, RELEASED, clock)


def _settled(
    database: Database, tenant_id: str, hold_id: UUID, wanted: str, clock: Clock
) -> tuple[Kept, bool]:
    with database.transaction(tenant_id) as conn:
        lead_id = _found(conn, tenant_id, hold_id).lead_id
        keys = hold_store.keys_around(conn, tenant_id, lead_id)
    with database.transaction(tenant_id, keys, SETTLING_SECONDS) as conn:
        hold_store.lock(conn, tenant_id, hold_id)
        kept = _found(conn, tenant_id, hold_id)
        now = clock()  # not before the lock is held: a check may have found the hold over meanwhile
        if not _changes(kept, wanted, now):
            return kept, False
        hold_store.settle(conn, tenant_id, hold_id, wanted, now)
        if wanted == RELEASED:
            given_back(conn, tenant_id, kept.lead_id, now)
        return _found(conn, tenant_id, hold_id), True


def _found(conn: Connection, tenant_id: str, hold_id: UUID) -> Kept:
    kept = hold_store.find(conn, tenant_id, hold_id)
    if kept is None:
        raise NotFound
    return kept


def _changes(kept: Kept, wanted: str, now: datetime) -> bool:
    """Return True if *wanted* is new for the hold, False if it stands. Raises Conflict."""
    stands = standing(kept, now)
    if stands == wanted:
        return False
    if stands == HELD or (stands == EXPIRED and wanted == RELEASED):
        return True
    since = kept.held_until if stands == EXPIRED else kept.settled_at
    raise Conflict(details={"hold": f"{_SAID[stands]} {since:%Y-%m-%dT%H:%M:%SZ}"})


_SAID = {
    EXPIRED: "was over at",
    RELEASED: "was released at",
    CONFIRMED: "was confirmed at",
    "returned": "its lead was returned at",
}
"""By state, what is said of a hold that can be settled no more; a time follows."""
