"""The leads of an account that are most like one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.matching import best_leads, lead_reading, profile_store, profiling
from services.matching.best_leads import Mark
from services.matching.column_likeness import likenesses
from services.matching.lead_filter import Wanted
from services.matching.likeness import likeness
from services.matching.matchmaking import UNKNOWN, Desk
from services.matching.profile import Profile
from services.matching.service_leads_store import Listed
from services.matching.standing import standing
from shared.errors import NotFound

USUAL, MOST = 10, 100
"""Leads in one answer: unless the caller asks for another number, and at most."""

SPARE = 20
"""More leads are proposed than asked for: records of the same person fall away."""


@dataclass(frozen=True, slots=True)
class Similar:
    """A lead that is like another."""

    listed: Listed
    likeness: float
    """0 to 100."""
    reasons: Sequence[str]


def similar(desk: Desk, tenant_id: str, lead_id: UUID, limit: int = USUAL) -> list[Similar]:
    """Return up to *limit* leads of other persons, the most alike first; none that has nothing
    in common with it.

    Raises NotFound for another account's lead.
    """
    profiling.catch_up(desk.database, desk.gate, desk.country, tenant_id)
    with desk.database.transaction(tenant_id) as conn:
        rows = profile_store.rows(conn, tenant_id, [lead_id])
    if not rows:
        raise NotFound(details=UNKNOWN)
    known, _ = profile_store.known_of(desk.gate, tenant_id, rows[0])
    one = lead_reading.stored(known, desk.country)
    ids = [mark.lead_id for mark in _proposed(desk, tenant_id, one, limit + SPARE)]
    found = []
    for lead in standing(desk, tenant_id, ids):
        score, reasons = likeness(one, lead.profile)
        if lead.subject_id != rows[0].subject_id and score > 0:
            found.append(Similar(lead.listed, score, reasons))
    return sorted(found, key=lambda each: (-each.likeness, each.listed.lead_id))[:limit]


def _proposed(desk: Desk, tenant_id: str, one: Profile, most: int) -> list[Mark]:
    """Return the most alike as their columns have them."""
    found: list[Mark] = []
    for part in desk.leads.parts(desk.database, tenant_id):
        for start in range(0, len(part.columns), best_leads.SWEPT):
            some = slice(start, start + best_leads.SWEPT)
            values = likenesses(part.columns.rows(some), one)
            found += best_leads.first(part.ids[some], values, Wanted(), None, most)
    return sorted(found, key=lambda mark: mark.order)[:most]
