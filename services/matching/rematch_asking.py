"""Asking for rematches: an account has one at a time, which everybody sees and may cancel."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.matching import rematch_store
from services.matching.matchmaking import Desk
from services.matching.rematch import Order, Rematch
from shared.connection import Connection
from shared.errors import Conflict, Malformed, NotFound
from shared.ids import uuid7

UNKNOWN = {"rematch_id": "is no rematch of this account"}


class UnderWay(Conflict):
    """Another rematch is under way; wait for it, or cancel it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The job that does what was asked for, and whether it was there already."""

    job: Rematch
    joined: bool


def ask(desk: Desk, tenant_id: str, order: Order, by: str) -> Asked:
    """Have an account's leads matched anew; return the job.

    One that says the same is joined. Raises UnderWay with the id of another, and Malformed for
    services that are none of the account.
    """
    job = Rematch(uuid7(), order, False, "waiting", datetime.now(UTC), by)
    with desk.database.transaction(tenant_id) as conn:
        wrong = rematch_store.unknown(conn, tenant_id, order.service_ids or ())
        if wrong:
            raise Malformed(details={"service_ids": f"{wrong} are no services of this account"})
        if rematch_store.add(conn, tenant_id, job):
            return Asked(job, False)
        other = rematch_store.under_way(conn, tenant_id)
    if other is None:  # it ended this moment
        raise UnderWay
    if other.order != order:
        raise UnderWay(details={"rematch_id": str(other.id)})
    return Asked(other, True)


def found(desk: Desk, tenant_id: str, job_id: UUID) -> Rematch:
    """Return a job. Raises NotFound."""
    with desk.database.transaction(tenant_id) as conn:
        return _found(conn, tenant_id, job_id)


def page(
    desk: Desk, tenant_id: str, after: UUID | None, limit: int
) -> tuple[list[Rematch], UUID | None]:
    """Return up to *limit* jobs, the latest first, and the next `after`."""
    with desk.database.transaction(tenant_id) as conn:
        rows = rematch_store.page(conn, tenant_id, after, limit + 1)
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def cancel(desk: Desk, tenant_id: str, job_id: UUID) -> tuple[Rematch, bool]:
    """Let a job go no further; what it did stays. Return it, and whether it was under way.

    Raises NotFound.
    """
    with desk.database.transaction(tenant_id) as conn:
        job = _found(conn, tenant_id, job_id, locked=True)
        if job.ended_at is not None:
            return job, False
        now = datetime.now(UTC)
        rematch_store.end(conn, tenant_id, job_id, "cancelled", now)
    return replace(job, status="cancelled", ended_at=now), True


def _found(conn: Connection, tenant_id: str, job_id: UUID, locked: bool = False) -> Rematch:
    job: Any = rematch_store.one(conn, tenant_id, job_id, locked)
    if job is None:
        raise NotFound(details=UNKNOWN)
    return job
