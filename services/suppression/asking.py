"""Asking: which lists name somebody."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from services.suppression import entry_store
from services.suppression.desk import Desk
from services.suppression.identity import Identity
from services.suppression.roll import Hit


def naming(
    desk: Desk,
    tenant_id: str,
    person: Identity,
    now: datetime,
    lists: Collection[UUID] | None = None,
    source_id: str | None = None,
) -> list[Hit]:
    """Return the lists that name *person* at *now*.

    Only *lists* if some are given, and with *source_id* only those asked about its leads.
    """
    keys = [desk.key(tenant_id, value) for value in person.spellings]
    with desk.database.transaction(tenant_id) as conn:
        return entry_store.naming(conn, tenant_id, keys, now, lists, source_id)
