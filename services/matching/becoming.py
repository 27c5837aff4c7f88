"""What becomes of a match: people say so, and every word of theirs is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.matching import match_store, status_store
from services.matching.match_store import Stored
from services.matching.matchmaking import UNKNOWN, Desk
from services.matching.status_store import Change, Scoring
from shared import consents
from shared.errors import NotFound
from shared.ids import uuid7
from shared.privacy.purposes import LEAD_PROCESSING

STATUSES = ("pending", "contacted", "interested", "not_interested", "converted")
"""What can have become of a match (contract, section 3)."""

LONGEST_NOTES = 5000
"""Characters."""

UNKNOWN_MATCH = {"match_id": "is no match of this account"}


@dataclass(frozen=True, slots=True)
class History:
    """A match with all that became of it, the latest first."""

    match: Stored
    changes: Sequence[Change]
    scorings: Sequence[Scoring]


def change(
    desk: Desk, tenant_id: str, match_id: UUID, status: str, notes: str, by: str
) -> tuple[Stored, bool]:
    """Give a match a status, with notes on why; return it, and whether anything was stored.

    Raises NotFound, and ConsentMissing where the mode asks for a consent to keep the notes.
    """
    with desk.database.transaction(tenant_id) as conn:
        match = match_store.one(conn, tenant_id, match_id, locked=True)
        if match is None:
            raise NotFound(details=UNKNOWN_MATCH)
        if match.status == status and not notes:
            return match, False
        made = Change(uuid7(), match.status, status, None, datetime.now(UTC), by)
        sealed = None
        if notes:
            agreed = consents.latest(conn, tenant_id, match.lead_id)
            permit = desk.gate.admit(tenant_id, LEAD_PROCESSING, agreed)
            sealed = permit.seal(notes.encode(), match_store.notes_place(made.id))
        status_store.add(conn, tenant_id, (match.lead_id, match_id), made, sealed)
        changed: Any = match_store.one(conn, tenant_id, match_id)
    return changed, True


def history(desk: Desk, tenant_id: str, match_id: UUID) -> History:
    """Return a match and what became of it. Raises NotFound."""
    with desk.database.transaction(tenant_id) as conn:
        match = match_store.one(conn, tenant_id, match_id)
        if match is None:
            raise NotFound(details=UNKNOWN_MATCH)
        changes = status_store.changes(conn, tenant_id, match.lead_id, match_id)
        scorings = status_store.scorings(conn, tenant_id, match.lead_id, match_id)
    return History(match, changes, scorings)


def of_lead(desk: Desk, tenant_id: str, lead_id: UUID, ended: bool, most: int) -> list[Stored]:
    """Return the stored matches of a lead, the best first. Raises NotFound."""
    with desk.database.transaction(tenant_id) as conn:
        if not match_store.has_lead(conn, tenant_id, lead_id):
            raise NotFound(details=UNKNOWN)
        return match_store.of_lead(conn, tenant_id, lead_id, ended, most)
