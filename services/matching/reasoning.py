"""Reasons of stored matches that were scored by the thousand: worked out for whoever asks.

They cite what is known of the lead and of the service now; a match whose scores moved since says
so by `outdated`, or is scored anew soon.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.matching import lead_reading, matching, profile_store
from services.matching.match_store import Stored
from services.matching.matchmaking import Desk
from shared.connection import Connection

NOT_ACTIVE = ("the service is not active",)


def worded(desk: Desk, conn: Connection, tenant_id: str, matches: Sequence[Stored]) -> list[Stored]:
    """Return *matches*, all of one lead, with reasons for those that have none stored."""
    silent = {match.service_id for match in matches if match.reasons is None}
    if not silent:
        return list(matches)
    said = _said(desk, conn, tenant_id, matches[0].lead_id, silent)
    return [
        match if match.reasons else replace(match, worded=said.get(match.service_id, NOT_ACTIVE))
        for match in matches
    ]


def _said(
    desk: Desk, conn: Connection, tenant_id: str, lead_id: UUID, service_ids: set[UUID]
) -> dict[Any, tuple[str, ...]]:
    """Return the reasons for or against the active ones of *service_ids*."""
    row = profile_store.known(conn, desk.gate, tenant_id, lead_id)
    if row is None:
        return {}
    profile = lead_reading.stored(row[0], desk.country)
    catalogue = desk.catalogues.of(conn, tenant_id)
    rows = [at for at, service in enumerate(catalogue.services) if service.id in service_ids]
    found = matching.match(profile, catalogue.only(rows), datetime.now(UTC), desk.gate.mode, None)
    said: dict[Any, tuple[str, ...]] = {one.service_id: (one.reason,) for one in found.ineligible}
    return said | {match.service.id: match.reasons for match in found.matches}
