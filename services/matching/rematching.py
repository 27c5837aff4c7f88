"""Rematching: an account's leads are matched with its services anew, by a job of the worker's.

A job goes through the leads in the order of their ids. How far it is stands in the transaction
that writes what came of some leads, so a worker that dies leaves nothing half done and nothing is
done twice. The account's other work goes on meanwhile: transactions are small, with pauses.
"""

import logging
import os
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.matching import (
    lead_columns,
    lead_columns_store,
    profiling_store,
    rematch_store,
    rescoring,
)
from services.matching.best_leads import identified
from services.matching.matchmaking import Desk
from services.matching.rematch import AUTOMATIC, Order, Rematch
from services.matching.rescoring import NOTHING_NEW, Block, Leads, Task
from shared.connection import Connection
from shared.errors import Unavailable
from shared.ids import uuid7

BLOCK = 10_000
"""Leads that are read and scored in one go: a quarter of a second with fifty services."""

AT_A_TIME = 100
"""Leads that one transaction writes and locks: some 20 ms. Whoever commits meanwhile waits for what
it writes: with a thousand the p99 of duplicate checks was 2.4 times that of a quiet machine, with a
hundred, and the rest below, 1.7 times, and a million leads take 20 % longer."""

SINGLY = 100
"""Leads that are taken one by one after a fault, to find whose it is."""

REST, REST_WHEN_BUSY = 0.25, 0.5
"""Pause after a transaction, as a share of what it took; the second where more programs want to run
than there are processors."""

QUIET, PATIENCE = timedelta(seconds=10), timedelta(minutes=2)
"""An account's services must not have changed for so long before its leads are matched with them,
but nobody waits longer than the second after the first change: an import is one job."""

UNREAD_PATIENCE = timedelta(minutes=10)
"""A job waits no longer than this for leads that matching has not read yet."""

MOST_TENANTS = 1000
"""Tenants that the worker looks after in turn."""

Stop = Callable[[], bool]

log = logging.getLogger(__name__)


def follow(desk: Desk, automatic: bool, stop: Stop) -> None:
    """Go on with all accounts' jobs until nothing is left or *stop*; the worker's part.

    *automatic*: leads that changed are scored anew, and leads are matched with services that did.
    """
    busy = True
    while busy and not stop():
        with desk.database.lookup() as conn:
            tenants = rematch_store.tenants(conn, MOST_TENANTS)
        busy = False
        for tenant_id in tenants:
            if automatic:
                busy = rescore(desk, tenant_id) > 0 or busy
                ask_for_changed(desk, tenant_id, datetime.now(UTC))
            busy = advance(desk, tenant_id, stop) or busy
            if stop():
                return


def rescore(desk: Desk, tenant_id: str, most: int = AT_A_TIME) -> int:
    """Score the matches of up to *most* leads anew that changed since; return how many leads."""
    try:
        return _rescored(desk, tenant_id, most)
    except Unavailable:
        raise
    except Exception as error:
        if most == 1:
            return _passed_over(desk, tenant_id, error)
    done = 0
    while done < SINGLY and rescore(desk, tenant_id, 1):
        done += 1
    return done


def ask_for_changed(desk: Desk, tenant_id: str, now: datetime) -> Rematch | None:
    """Have leads matched with services that changed, once they are quiet; return the job."""
    with desk.database.transaction(tenant_id) as conn:
        service_ids, first, last = rematch_store.changed_services(conn, tenant_id)
        if first is None or last is None:
            return None
        if now - last < QUIET and now - first < PATIENCE:
            return None
        order = Order(service_ids=tuple(service_ids))
        job = Rematch(uuid7(), order, True, "waiting", now, AUTOMATIC)
        if not rematch_store.add(conn, tenant_id, job):
            return None
        rematch_store.forget_changes(conn, tenant_id, service_ids, last)
    return job


def advance(desk: Desk, tenant_id: str, stop: Stop, at_a_time: int = AT_A_TIME) -> bool:
    """Go on with an account's job by up to BLOCK leads; False if there is nothing to do.

    One transaction writes *at_a_time* leads.
    """
    job = _begun(desk, tenant_id)
    if job is None:
        return False
    try:
        return _block(desk, tenant_id, job, stop, at_a_time)
    except Unavailable:
        raise
    except Exception as error:
        fault = {"job": str(job.id), "error": type(error).__name__}
        log.error("leads are matched one by one after a fault", extra={"fields": fault})
    return _singly(desk, tenant_id, stop)


def _begun(desk: Desk, tenant_id: str) -> Rematch | None:
    """Return the account's job, begun; None if there is none, or leads are still being read."""
    with desk.database.transaction(tenant_id) as conn:
        job = rematch_store.taken(conn, tenant_id)
        if job is None or job.status == "running":
            return job
        now = datetime.now(UTC)
        unread = profiling_store.noted(conn, tenant_id, 1, newest=False)
        if unread and now - job.asked_at < UNREAD_PATIENCE:
            return None
        total = rematch_store.count_leads(conn, tenant_id)
        job = replace(job, status="running", started_at=now, leads_total=total)
        rematch_store.save(conn, tenant_id, job)
    return job


def _block(desk: Desk, tenant_id: str, job: Rematch, stop: Stop, at_a_time: int) -> bool:
    """Score the next leads and write them; False if another worker is ahead of us."""
    with desk.database.transaction(tenant_id) as conn:
        task = _task(desk, conn, tenant_id, job.order)
        leads, ids = _leads(conn, tenant_id, job.after_lead)
        block = rescoring.scored(conn, tenant_id, task, leads)
    if not ids:
        return _ended(desk, tenant_id, job)
    odd = sorted(set(ids) - set(leads.ids))
    for first in range(0, len(ids), at_a_time):
        part = ids[first : first + at_a_time]
        begun = time.monotonic()
        with desk.database.transaction(tenant_id) as conn:
            ours = rematch_store.taken(conn, tenant_id)
            if ours is None or (ours.id, ours.after_lead) != (job.id, job.after_lead):
                return False
            left = [one for one in odd if part[0] <= one <= part[-1]]
            job = _written(conn, tenant_id, ours, block, part, left)
            rematch_store.save(conn, tenant_id, job)
        _rest(time.monotonic() - begun, stop)
        if stop():
            return False
    return True


def _written(
    conn: Connection,
    tenant_id: str,
    job: Rematch,
    block: Block,
    part: Sequence[UUID],
    left: Sequence[UUID],
) -> Rematch:
    """Write what the leads *part* score; those *left* changed while they were read."""
    ids = block.leads.ids
    done = rescoring.write(
        conn, tenant_id, block, bisect_left(ids, part[0]), bisect_right(ids, part[-1])
    )
    kept, ended = done.kept, done.ended
    if left := sorted({*left, *done.left}):
        more = rescoring.again(conn, tenant_id, block.task, left)
        kept, ended = kept + more.kept, ended + more.ended
    return job.done(part[-1], len(part), kept, ended)


def _singly(desk: Desk, tenant_id: str, stop: Stop) -> bool:
    """Match the next SINGLY leads one by one; one that cannot be is counted and passed over."""
    for _ in range(SINGLY):
        job = _begun(desk, tenant_id)
        if job is None or stop():
            return False
        with desk.database.transaction(tenant_id) as conn:
            following = rematch_store.following(conn, tenant_id, job.after_lead)
        if following is None:
            return _ended(desk, tenant_id, job)
        try:
            _one(desk, tenant_id, job, following)
        except Unavailable:
            raise
        except Exception as error:
            fault = {"lead_id": str(following), "error": type(error).__name__}
            log.error("a lead cannot be matched", extra={"fields": fault})
            _count_failed(desk, tenant_id, job, following)
    return True


def _one(desk: Desk, tenant_id: str, job: Rematch, lead_id: UUID) -> None:
    with desk.database.transaction(tenant_id) as conn:
        ours = rematch_store.taken(conn, tenant_id)
        if ours is not None and (ours.id, ours.after_lead) == (job.id, job.after_lead):
            task = _task(desk, conn, tenant_id, job.order)
            done = rescoring.again(conn, tenant_id, task, [lead_id])
            after = ours.done(lead_id, 1, done.kept, done.ended)
            rematch_store.save(conn, tenant_id, after)


def _count_failed(desk: Desk, tenant_id: str, job: Rematch, lead_id: UUID) -> None:
    with desk.database.transaction(tenant_id) as conn:
        ours = rematch_store.taken(conn, tenant_id)
        if ours is not None and (ours.id, ours.after_lead) == (job.id, job.after_lead):
            after = ours.failed_on(lead_id)
            over = datetime.now(UTC) if after.status == "failed" else None
            rematch_store.save(conn, tenant_id, replace(after, ended_at=over))


def _ended(desk: Desk, tenant_id: str, job: Rematch) -> bool:
    with desk.database.transaction(tenant_id) as conn:
        ours = rematch_store.taken(conn, tenant_id)
        if ours is not None and ours.id == job.id:
            rematch_store.end(conn, tenant_id, job.id, "done", datetime.now(UTC))
    return True


def _task(desk: Desk, conn: Connection, tenant_id: str, order: Order) -> Task:
    asked = None if order.service_ids is None else frozenset(order.service_ids)
    services = desk.catalogues.of(conn, tenant_id).services
    return Task(
        [one for one in services if asked is None or one.id in asked],
        asked,
        (order.min_match_score, order.most_kept),
        order.tell,
        desk.gate.mode,
        datetime.now(UTC),
    )


def _leads(conn: Connection, tenant_id: str, after: UUID | None) -> tuple[Leads, list[UUID]]:
    """Return the next leads after *after*, and the ids of all of them.

    A lead that changed while it was read may be missing in the first.
    """
    records = lead_columns_store.shown_after(conn, tenant_id, after or UUID(int=0), BLOCK)
    values = {name: lead_columns.Values() for name in lead_columns_store.HASHES}
    read = lead_columns.read_leads(conn, tenant_id, values, records)
    revision = int(records["revision"].max(initial=0))
    ids = [identified(read.ids, at) for at in range(len(read.ids))]
    every = [identified(records["id"], at) for at in range(len(records))]
    return Leads(ids, read.columns, revision), every


def _rescored(desk: Desk, tenant_id: str, most: int) -> int:
    with desk.database.transaction(tenant_id) as conn:
        lead_ids = rematch_store.unscored(conn, tenant_id, most)
        if lead_ids:
            task = _task(desk, conn, tenant_id, Order(tell=True))
            rescoring.again(conn, tenant_id, replace(task, best=NOTHING_NEW), lead_ids)
    return len(lead_ids)


def _passed_over(desk: Desk, tenant_id: str, error: Exception) -> int:
    """Forget the next lead that is to be scored anew: it cannot be."""
    with desk.database.transaction(tenant_id) as conn:
        lead_ids = rematch_store.unscored(conn, tenant_id, 1)
    for lead_id in lead_ids:
        fault = {"lead_id": str(lead_id), "error": type(error).__name__}
        log.error("a lead cannot be matched", extra={"fields": fault})
    return len(lead_ids)


def _rest(took: float, stop: Stop) -> None:
    """Let others have the machine for a while."""
    busy = os.getloadavg()[0] > 1.5 * (os.cpu_count() or 1)
    until = time.monotonic() + took * (REST_WHEN_BUSY if busy else REST)
    while not stop() and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, 0.1))
