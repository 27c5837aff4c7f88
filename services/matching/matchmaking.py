"""Matching one lead, stored or not, with the services of its account; nothing is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.matching import lead_reading, matching, profile_store
from services.matching.availability import left_today
from services.matching.catalogue_cache import Catalogues
from services.matching.lead_columns import LeadColumns
from services.matching.lead_reading import Read
from services.matching.matching import Matches
from shared.connection import Connection
from shared.db import Database
from shared.errors import NotFound
from shared.privacy.gate import Gate

LIMIT, MOST = 10, 50
"""Matches in one answer: unless the caller asks for another number, and at most (contract,
section 3)."""

UNKNOWN = {"lead_id": "is no lead of this account"}
"""What is said of an id that names none, and of another account's just the same."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What matching needs."""

    database: Database
    gate: Gate
    country: str
    """Of the installation, ISO 3166-1 alpha-2: where an ambiguous place is."""
    catalogues: Catalogues
    leads: LeadColumns = field(default_factory=LeadColumns)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lead: one that is stored, one as it is said, or what is said of a stored one."""

    lead_id: UUID | None
    lead: Mapping[str, Any]
    """As `schema.Lead` loads it; empty where nothing is said."""
    limit: int = LIMIT
    assign: bool = False
    """True: it is given to a service."""
    reassign: UUID | None = None
    """The match by which it was given, for another in its place."""


@dataclass(frozen=True, slots=True)
class Found:
    """The services for one lead."""

    matches: Matches
    not_understood: tuple[str, ...] = ()
    """Fields of what was said of the lead."""
    left: Mapping[UUID, int] = field(default_factory=dict)
    """What services may still be given today, of those that have a limit."""


def found(desk: Desk, tenant_id: str, asked: Asked, now: datetime | None = None) -> Found:
    """Return the services that fit the lead best. Raises NotFound for another account's lead."""
    said = lead_reading.read(asked.lead, desk.country)
    with desk.database.transaction(tenant_id) as conn:
        catalogue = desk.catalogues.of(conn, tenant_id)
        whole = _profile(desk, conn, tenant_id, asked, said)
    moment = now or datetime.now(UTC)
    matches = matching.match(whole.profile, catalogue, moment, desk.gate.mode, asked.limit)
    return Found(matches, whole.not_understood, _left(desk, tenant_id, matches, moment))


def _left(desk: Desk, tenant_id: str, matches: Matches, now: datetime) -> Mapping[UUID, int]:
    services = [match.service for match in matches.matches]
    if all(service.daily_capacity is None for service in services):
        return {}
    with desk.database.transaction(tenant_id) as conn:
        return left_today(conn, tenant_id, services, now)


def _profile(desk: Desk, conn: Connection, tenant_id: str, asked: Asked, said: Read) -> Read:
    if asked.lead_id is None:
        return said
    row = profile_store.known(conn, desk.gate, tenant_id, asked.lead_id)
    if row is None:
        raise NotFound(details=UNKNOWN)
    known = lead_reading.stored(row[0], desk.country)
    return Read(lead_reading.told_more(known, said.profile), said.not_understood)
