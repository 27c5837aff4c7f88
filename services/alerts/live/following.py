"""Following: what became of an account's alerts since somebody looked last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.alerts import alert_answer, alert_store
from services.alerts.listing import named
from services.alerts.live import change_store
from services.alerts.live.cursor import MOST_CHANGES, later
from shared.db import Database
from shared.privacy.gate import Gate


@dataclass(frozen=True, slots=True)
class Changes:
    """The alerts that changed, as the list shows them, and the cursor to ask from next time."""

    cursor: str
    alerts: Sequence[Mapping[str, Any]]
    complete: bool
    """False: too much changed, or nobody knows since when; ask for the list."""


def changes(database: Database, gate: Gate, tenant_id: str, since: str | None) -> Changes:
    """Return what changed since the cursor *since*; with None, from where to ask next time."""
    with database.transaction(tenant_id) as conn:
        if since is None:
            return Changes(change_store.now(conn), (), complete=False)
        found = change_store.changed(conn, tenant_id, since, MOST_CHANGES)
        if later(since, found.cursor) or len(found.ids) > MOST_CHANGES:
            return Changes(found.cursor, (), complete=False)
        # A moment later than the cursor: what changed between is told now, and once more then.
        stored = alert_store.several(conn, gate, tenant_id, found.ids) if found.ids else []
        names = named(conn, tenant_id, stored)
    told = [alert_answer.alert(one, names) for one in stored]
    return Changes(found.cursor, told, complete=True)
