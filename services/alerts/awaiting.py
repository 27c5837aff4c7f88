"""Awaiting: a lead that was just stored is listed a moment later, and rules look at the listing."""

import time
from collections.abc import Callable, Sequence
from uuid import UUID

from services.alerts import traits_store
from shared.db import Database

WITHIN_SECONDS, EACH_SECONDS = 1.0, 0.05
"""How long we wait, and how often we look. The worker lists a lead within two tenths of a second;
where there is none, or an import is under way, a rule looks at what the event says alone."""


def await_listing(
    database: Database,
    tenant_id: str,
    lead_ids: Sequence[UUID],
    sleep: Callable[[float], None] = time.sleep,
) -> bool:
    """Wait until *lead_ids* are listed, those that are here, but not for long; True if they are."""
    for _ in range(round(WITHIN_SECONDS / EACH_SECONDS)):
        if not lead_ids:
            break
        with database.transaction(tenant_id) as conn:
            if not traits_store.unlisted(conn, tenant_id, lead_ids):
                break
        sleep(EACH_SECONDS)
    else:
        return False
    return True
