"""The leads that a service was matched with, the best first, as far as its provider may see them.

They are the stored matches: a lead that was never matched is not among them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.matching import catalogue_store, service_leads_store
from services.matching.catalogue import UNKNOWN
from services.matching.lead_reading import REGIONS
from services.matching.matchmaking import Desk
from services.matching.service_leads_store import Around, Ranked, Wanted
from shared.errors import Conflict, Malformed, Meaningless, NotFound
from shared.normalize.industry import industries
from shared.normalize.place import places

USUAL, MOST = 100, 500
"""Leads in one answer: unless the caller asks for another number, and at most (contract,
section 3)."""

AROUND_KM = 50.0
"""How far around a town its leads may be, as where leads are looked for (contract, section 3)."""

BETWEEN = "~"


class Inactive(Conflict):
    """This service is inactive: no lead is matched with it."""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a service's leads."""

    leads: Sequence[Ranked]
    next_after: str | None


def page(desk: Desk, tenant_id: str, service_id: UUID, asked: Mapping[str, Any]) -> Page:
    """Return a page of the leads of a service; *asked* as `match_schema.LeadsPage` loads it.

    Raises NotFound, Inactive, Meaningless for a place or an industry that nobody knows.
    """
    around, industry = _around(desk, asked.get("location")), _industry(asked.get("industry"))
    after = mark(asked["after"]) if asked.get("after") else None
    with desk.database.transaction(tenant_id) as conn:
        service = catalogue_store.one(conn, tenant_id, service_id)
        if service is None:
            raise NotFound(details=UNKNOWN)
        if not service.is_active:
            raise Inactive
        purpose = service.definition["needs_purpose"]
        wanted = Wanted(
            service_id,
            purpose,
            desk.gate.mode.needs_consent(purpose),
            asked.get("min_match_score") or 0.0,
            around,
            industry,
            after,
        )
        rows = service_leads_store.ranked(conn, tenant_id, wanted, asked["limit"] + 1)
    shown = rows[: asked["limit"]]
    return Page(shown, spelled(shown[-1]) if len(rows) > len(shown) else None)


def spelled(row: Ranked) -> str:
    """Return the place of *row* in its list as callers carry it from one page to the next."""
    return f"{row.match_score!r}{BETWEEN}{row.lead_id}"


def mark(text: str) -> tuple[float, UUID]:
    """Return the score and the lead that *text* spells. Raises Malformed if it spells none."""
    score, _, lead_id = text.partition(BETWEEN)
    try:
        number, wanted = float(score), UUID(lead_id)
    except ValueError:
        number, wanted = -1.0, UUID(int=0)
    if not 0 <= number <= 100:
        raise Malformed(details={"after": "is no next_after of this list"})
    return number, wanted


def _around(desk: Desk, text: str | None) -> Around | None:
    if not (text or "").strip():
        return None
    found = places(text or "", desk.country, 1)
    if not found.places:
        details: dict[str, object] = {"location": "is no place we know"}
        if found.nearest_names:
            details["nearest_names"] = list(found.nearest_names)
        raise Meaningless("This is no place we know; see details for names like it.", details)
    place = found.places[0]
    if place.kind in REGIONS:
        return Around(country=place.country, admin1=place.admin1 or None)
    return Around(latitude=place.latitude, longitude=place.longitude, radius_km=AROUND_KM)


def _industry(text: str | None) -> tuple[str, ...]:
    if not (text or "").strip():
        return ()
    found = industries(text or "", 1)
    if not found:
        message = "This is no industry we know; try a plainer word or a NAICS code."
        raise Meaningless(message, {"industry": "is no industry we know"})
    return found[0].prefixes
