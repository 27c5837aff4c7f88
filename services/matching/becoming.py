"""What becomes of a match: people say so, and every word of theirs is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.matching import giving_store, match_store, reasoning, status_store
from services.matching.match_store import Stored
from services.matching.matchmaking import UNKNOWN, Desk
from services.matching.status_store import Change, Scoring
from shared import consents
from shared.errors import NotFound
from shared.ids import uuid7
from shared.privacy.purposes import LEAD_PROCESSING

PENDING, CONTACTED = "pending", "contacted"

STATUSES = (PENDING, CONTACTED, "interested", "not_interested", "converted")
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
            return reasoning.worded(desk, conn, tenant_id, [match])[0], False
        made = Change(uuid7(), match.status, status, None, datetime.now(UTC), by)
        sealed = None
        if notes:
            agreed = consents.latest(conn, tenant_id, match.lead_id)
            permit = desk.gate.admit(tenant_id, LEAD_PROCESSING, agreed)
            sealed = permit.seal(notes.encode(), match_store.notes_place(made.id))
        if status != PENDING:
            told_first = status == CONTACTED
            giving_store.hand_over(
                conn, tenant_id, match.lead_id, match_id, made.changed_at, told_first
            )
        status_store.add(conn, tenant_id, (match.lead_id, match_id), made, sealed)
        changed: Any = match_store.one(conn, tenant_id, match_id)
        (worded,) = reasoning.worded(desk, conn, tenant_id, [changed])
    return worded, True


def history(desk: Desk, tenant_id: str, match_id: UUID) -> History:
    """Return a match and what became of it. Raises NotFound."""
    with desk.database.transaction(tenant_id) as conn:
        match = match_store.one(conn, tenant_id, match_id)
        if match is None:
            raise NotFound(details=UNKNOWN_MATCH)
        changes = status_store.changes(conn, tenant_id, match.lead_id, match_id)
        former = status_store.scorings(conn, tenant_id, match.lead_id, match_id)
        (worded,) = reasoning.worded(desk, conn, tenant_id, [match])
    return History(worded, changes, [_present(match), *former][: status_store.MOST_SHOWN])


def _present(match: Stored) -> Scoring:
    """Return what a match scores now."""
    if match.ended_at is not None:
        return Scoring(match.service_version, None, None, None, match.scored_at)
    scores = (match.match_score, match.score_low, match.score_high)
    return Scoring(match.service_version, *scores, match.scored_at)


def of_lead(desk: Desk, tenant_id: str, lead_id: UUID, ended: bool, most: int) -> list[Stored]:
    """Return the stored matches of a lead, the best first. Raises NotFound."""
    with desk.database.transaction(tenant_id) as conn:
        if not match_store.has_lead(conn, tenant_id, lead_id):
            raise NotFound(details=UNKNOWN)
        found = match_store.of_lead(conn, tenant_id, lead_id, ended, most)
        return reasoning.worded(desk, conn, tenant_id, found)
