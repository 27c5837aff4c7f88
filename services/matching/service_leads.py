"""The leads of an account for a service, the best first, as far as its provider may see them.

Columns propose: all leads are scored as they were read last. Rows dispose: those of a page are
read anew, scored by themselves, and shown only if they still may be; where some fall away, the
next ones take their place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.matching import best_leads, catalogue_store, matching, profiling
from services.matching.best_leads import Mark
from services.matching.catalogue import UNKNOWN
from services.matching.columns import EPOCH, columns, microseconds
from services.matching.lead_filter import Around, Wanted, wanted_rows
from services.matching.lead_reading import REGIONS
from services.matching.matching import Match
from services.matching.matchmaking import Desk
from services.matching.prepared import Prepared
from services.matching.service_leads_store import Listed
from services.matching.standing import standing
from shared.errors import Conflict, Malformed, Meaningless, NotFound
from shared.normalize.industry import industries
from shared.normalize.place import places
from shared.normalize.town import reach_km

USUAL, MOST = 100, 500
"""Leads in one answer: unless the caller asks for another number, and at most (contract,
section 3)."""

RADII_KM = (1.0, 500.0)
"""The least and the greatest radius, in km (contract, section 3)."""

MOST_LOOKS = 5
"""How often the next leads take the places of those that fell away; then a page stays short."""

BETWEEN = "~"


class Inactive(Conflict):
    """This service is inactive: no lead is matched with it."""


class Changed(Conflict):
    """This service was changed since the first page was read; begin again without after."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One lead of a service."""

    listed: Listed
    match: Match


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a service's leads."""

    leads: Sequence[Ranked]
    next_after: str | None


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins, and what the whole list is ranked by."""

    mark: Mark | None
    at: datetime
    """As of when recency counts."""
    version: int
    """Of the service."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """One list."""

    desk: Desk
    tenant_id: str
    offered: Prepared
    """The one service."""
    wanted: Wanted
    at: datetime


def page(
    desk: Desk,
    tenant_id: str,
    service_id: UUID,
    asked: Mapping[str, Any],
    now: datetime | None = None,
) -> Page:
    """Return a page of the leads of a service; *asked* as `match_schema.LeadsPage` loads it.

    Raises NotFound, Inactive, Changed, Malformed, and Meaningless for a place or an industry that
    nobody knows, and a radius around none.
    """
    around = _around(desk, asked.get("location"), asked.get("radius_km"))
    industry = _industry(asked.get("industry"))
    wanted = Wanted(asked.get("min_match_score") or 0.0, around, industry)
    cursor = read(asked["after"]) if asked.get("after") else None
    offered = _offered(desk, tenant_id, service_id)
    version = offered.services[0].version
    if cursor and cursor.version != version:
        raise Changed
    profiling.catch_up(desk.database, desk.gate, desk.country, tenant_id)
    begun = cursor or Cursor(None, _whole(now or datetime.now(UTC)), version)
    leads, last = _filled(
        _Asked(desk, tenant_id, offered, wanted, begun.at), begun.mark, asked["limit"]
    )
    return Page(leads, spelled(Cursor(last, begun.at, version)) if last else None)


def spelled(cursor: Cursor) -> str:
    """Return *cursor* as callers carry it from one page to the next."""
    assert cursor.mark is not None
    parts = (repr(cursor.mark.score), cursor.mark.lead_id, microseconds(cursor.at), cursor.version)
    return BETWEEN.join(map(str, parts))


def read(text: str) -> Cursor:
    """Return the cursor that *text* spells. Raises Malformed if it spells none."""
    try:
        score, lead_id, at, version = text.split(BETWEEN)
        moment = EPOCH + timedelta(microseconds=int(at))
        cursor = Cursor(Mark(float(score), UUID(lead_id)), moment, int(version))
    except (ValueError, OverflowError):
        cursor = None
    if cursor is None or cursor.mark is None or not 0 <= cursor.mark.score <= 100:
        raise Malformed(details={"after": "is no next_after of this list"})
    return cursor


def _whole(moment: datetime) -> datetime:
    """Return *moment* as a cursor carries it."""
    return EPOCH + timedelta(microseconds=microseconds(moment))


def _offered(desk: Desk, tenant_id: str, service_id: UUID) -> Prepared:
    """Return the service alone, made ready. Raises NotFound and Inactive."""
    with desk.database.transaction(tenant_id) as conn:
        catalogue = desk.catalogues.of(conn, tenant_id)
        for row, service in enumerate(catalogue.services):
            if service.id == service_id:
                return catalogue.only([row])
        if catalogue_store.one(conn, tenant_id, service_id) is None:
            raise NotFound(details=UNKNOWN)
        raise Inactive


def _filled(asked: _Asked, after: Mark | None, limit: int) -> tuple[list[Ranked], Mark | None]:
    """Return up to *limit* leads after *after*, and the last that was looked at if there are more.

    Fewer than *limit*, though there are more, only where very many fell away.
    """
    shown: list[Ranked] = []
    for _ in range(MOST_LOOKS):
        most = limit - len(shown)
        proposed = _proposed(asked, after, most + 1)
        shown += _holding(asked, proposed[:most])
        if len(proposed) <= most:
            return _ordered(shown), None
        after = proposed[most - 1]
        if len(shown) == limit:
            break
    return _ordered(shown), after


def _ordered(shown: list[Ranked]) -> list[Ranked]:
    return sorted(shown, key=lambda one: (-one.match.match_score, one.listed.lead_id))


def _proposed(asked: _Asked, after: Mark | None, most: int) -> list[Mark]:
    """Return the best leads as their columns have them."""
    desk, (service,) = asked.desk, asked.offered.services
    found: list[Mark] = []
    for part in desk.leads.parts(desk.database, asked.tenant_id):
        how = (service, asked.wanted, asked.at, desk.gate.mode, after, most)
        found += best_leads.best(part.ids, part.columns, *how)
    return sorted(found, key=lambda mark: mark.order)[:most]


def _holding(asked: _Asked, marks: Sequence[Mark]) -> list[Ranked]:
    """Return those of *marks* that may be shown as their rows are now."""
    (service,), mode = asked.offered.services, asked.desk.gate.mode
    ids = [mark.lead_id for mark in marks]
    leads = standing(asked.desk, asked.tenant_id, ids, UUID(str(service.id)))
    rows = wanted_rows(columns(lead.profile for lead in leads), asked.wanted)
    found = []
    for lead in leads if rows is None else [leads[row] for row in rows]:
        for match in matching.every(asked.offered, lead.profile, asked.at, mode):
            if match.match_score >= asked.wanted.min_match_score:
                found.append(Ranked(lead.listed, match))
    return found


def _around(desk: Desk, text: str | None, radius_km: float | None) -> Around | None:
    if not (text or "").strip():
        if radius_km is not None:
            raise Meaningless(details={"radius_km": "is around a location, and there is none"})
        return None
    found = places(text or "", desk.country, 1)
    if not found.places:
        details: dict[str, object] = {"location": "is no place we know"}
        if found.nearest_names:
            details["nearest_names"] = list(found.nearest_names)
        raise Meaningless("This is no place we know; see details for names like it.", details)
    place = found.places[0]
    if place.kind in REGIONS:
        if radius_km is not None:
            raise Meaningless(details={"radius_km": "has no middle: the location is a region"})
        return Around(country=place.country, admin1=place.admin1 or None)
    km = radius_km or reach_km(place)
    return Around(latitude=place.latitude, longitude=place.longitude, radius_km=km)


def _industry(text: str | None) -> tuple[str, ...]:
    if not (text or "").strip():
        return ()
    found = industries(text or "", 1)
    if not found:
        message = "This is no industry we know; try a plainer word or a NAICS code."
        raise Meaningless(message, {"industry": "is no industry we know"})
    return found[0].prefixes
