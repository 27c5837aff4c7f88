"""Waiting for a discovery to its end, for programs: whoever works it off."""

import time
from datetime import UTC, datetime
from uuid import UUID

from services.discovery import asking, discovering, job_store
from services.discovery.asking import LOOK_SECONDS, MOST_LEADS, Order
from services.discovery.desk import Workshop

WORKER_SECONDS = 2.0
"""A worker that runs begins a job at once, unless it is busy; then this process does it."""


def discovered(
    shop: Workshop, tenant_id: str, order: Order, by: str, key: str | None
) -> list[UUID]:
    """Have sources asked and return all leads that they found, once they have ended.

    Raises what `asking.ask` does.
    """
    job_id, _ = asking.ask(shop.desk, tenant_id, order, by, key, datetime.now(UTC))
    begun = time.monotonic()
    while not _over(shop, tenant_id, job_id):
        if time.monotonic() - begun > WORKER_SECONDS:
            # Whoever works on it already keeps it: then this does nothing.
            discovering.run(shop, tenant_id, job_id, lambda: False)
        time.sleep(LOOK_SECONDS)
    return _leads(shop, tenant_id, job_id)


def _over(shop: Workshop, tenant_id: str, job_id: UUID) -> bool:
    with shop.desk.database.transaction(tenant_id) as conn:
        return job_store.is_over(conn, tenant_id, job_id)


def _leads(shop: Workshop, tenant_id: str, job_id: UUID) -> list[UUID]:
    leads: list[UUID] = []
    after: UUID | None = None
    while True:
        found = asking.found(shop.desk, tenant_id, job_id, after, MOST_LEADS)
        leads += found.lead_ids
        after = found.next_after
        if after is None:
            return leads
