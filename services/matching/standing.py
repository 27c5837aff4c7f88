"""Leads as they stand now: what columns proposed is read anew before anybody sees it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.matching import lead_reading, profile_store, service_leads_store
from services.matching.matchmaking import Desk
from services.matching.profile import Profile
from services.matching.service_leads_store import Listed


@dataclass(frozen=True, slots=True)
class Standing:
    """A lead as it stands now."""

    listed: Listed
    profile: Profile
    subject_id: UUID


log = logging.getLogger(__name__)


def standing(
    desk: Desk, tenant_id: str, lead_ids: Sequence[UUID], service_id: UUID | None = None
) -> list[Standing]:
    """Return those of *lead_ids* that lists show, in their order.

    One that is erased, invalid, a duplicate or cannot be read is not among them. The match of each
    is that with *service_id*.
    """
    with desk.database.transaction(tenant_id) as conn:
        rows = {row.id: row for row in profile_store.rows(conn, tenant_id, lead_ids)}
        listed = service_leads_store.listed(conn, tenant_id, lead_ids, service_id)
    found = []
    for lead_id in lead_ids:
        if lead_id in rows and lead_id in listed and rows[lead_id].shown:
            profile = _profile(desk, tenant_id, rows[lead_id])
            if profile:
                found.append(Standing(listed[lead_id], profile, rows[lead_id].subject_id))
    return found


def _profile(desk: Desk, tenant_id: str, row: profile_store.Row) -> Profile | None:
    try:
        known, _ = profile_store.known_of(desk.gate, tenant_id, row)
        return lead_reading.stored(known, desk.country)
    except Exception as error:
        log.error(
            "a lead cannot be read for matching",
            extra={"fields": {"lead_id": str(row.id), "error": type(error).__name__}},
        )
        return None
