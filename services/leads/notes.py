"""Notes: what people write down about a lead, in words that only this installation can open."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.leads import change_store, note_store
from shared import consents
from shared.db import Database
from shared.errors import NotFound
from shared.ids import uuid7
from shared.privacy.gate import Gate
from shared.privacy.purposes import LEAD_PROCESSING

LONGEST_NOTE = 20_000
"""Characters, as of a lead's own message."""


def write(
    database: Database, gate: Gate, tenant_id: str, lead_id: UUID, text: str, by: str
) -> dict[str, Any]:
    """Store a note on a lead and return it as callers read it.

    Raises NotFound; ConsentMissing where the mode asks for a consent that does not stand.
    """
    now = datetime.now(UTC)
    with database.transaction(tenant_id) as conn:
        if not change_store.stored(conn, tenant_id, lead_id):
            raise NotFound
        agreed = consents.latest(conn, tenant_id, lead_id)
        permit = gate.admit(tenant_id, LEAD_PROCESSING, agreed)
        note_id = uuid7()
        note_store.add(conn, permit, lead_id, note_id, text, by, now)
    return {"id": note_id, "text": text, "written_by": by, "written_at": now}


def page(
    database: Database, gate: Gate, tenant_id: str, lead_id: UUID, after: UUID | None, limit: int
) -> tuple[list[Mapping[str, Any]], UUID | None]:
    """Return up to *limit* notes on a lead from *after* on, newest first, and the next `after`.

    Raises NotFound.
    """
    with database.transaction(tenant_id) as conn:
        if not change_store.stored(conn, tenant_id, lead_id):
            raise NotFound
        found = note_store.page(conn, gate, tenant_id, lead_id, after, limit + 1)
    following = found[limit - 1]["id"] if len(found) > limit else None
    return found[:limit], following
