"""What is around a place: leads, businesses, and the market they make."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, time
from math import asin, sqrt
from typing import Any
from uuid import UUID

from services.leads import change_writing, consent_store, local_store
from services.leads.catching_up import catch_up
from services.leads.change import Change
from services.leads.change_writing import Mark
from services.leads.filter import Circle, Filter
from services.leads.investigation import check_open
from services.leads.listing import named_category
from services.leads.local_store import Business
from services.leads.market import FEW, breakdown, density, mondays, saturation, trend
from services.leads.named import REGIONS, area, named_industries, named_places
from shared.connection import Connection
from shared.db import Database
from shared.errors import Meaningless
from shared.great_circle import EARTH_RADIUS_KM
from shared.normalize import industry as trades
from shared.normalize.place import Place, places
from shared.privacy.gate import Gate
from shared.privacy.purposes import LEAD_PROCESSING

RADIUS_KM = 50.0
"""Around a place, where nobody says (contract, section 3)."""

MOST_FOUND = 1000
"""Leads that one discovery answers and brings into an investigation."""

MOST_BUSINESSES = 100
"""Businesses in one answer, unless the caller asks for another number."""


def discover(
    database: Database,
    gate: Gate,
    tenant_id: str,
    investigation_id: UUID,
    location: str,
    radius_km: float = RADIUS_KM,
    criteria: Mapping[str, Any] | None = None,
    country: str = "US",
    by: str = "local",
) -> dict[str, Any]:
    """Bring the stored leads around *location* into an investigation; nearest first.

    *criteria* are `industry` or `business_type`, `lead_category`, `company_size` and
    `min_signal_strength`. Leads of another investigation stay there. Run again, it finds the same
    and changes nothing; where the mode asks for a consent, whose person gives none joins nothing.
    Raises UnknownPlace, UnknownIndustry, NotFound for the investigation, Closed if it is.
    """
    place = _place(location, country)
    within = area(place, radius_km)
    circle = within if isinstance(within, Circle) else None
    wanted = replace(_filter(criteria or {}), within=within)
    check_open(database, tenant_id, investigation_id)
    catch_up(database, gate, country, tenant_id)
    with database.transaction(tenant_id) as conn:
        found = local_store.nearest(conn, tenant_id, wanted, circle, MOST_FOUND + 1)
        shown = found[:MOST_FOUND]
        free = [each.lead_id for each in shown if each.investigation_id is None]
        joining = _joined(conn, gate, tenant_id, free, investigation_id, by)
    elsewhere = sum(each.investigation_id not in (None, investigation_id) for each in shown)
    return {
        "location": location,
        "place": _shown(place),
        "radius_km": circle and circle.radius_km,
        "leads_discovered": len(shown),
        "lead_ids": [each.lead_id for each in shown],
        "joined": len(joining),
        "in_other_investigations": elsewhere,
        "truncated": len(found) > len(shown),
    }


def nearby_businesses(
    database: Database,
    gate: Gate,
    tenant_id: str,
    location: str,
    radius_km: float = RADIUS_KM,
    industry: str | None = None,
    country: str = "US",
    most: int = MOST_BUSINESSES,
) -> list[dict[str, Any]]:
    """Return the businesses that stored leads within *radius_km* work for, nearest first.

    Raises UnknownPlace, UnknownIndustry, and Meaningless for a whole region.
    """
    place = _place(location, country)
    if place.kind in REGIONS:
        raise Meaningless(details={"location": "is a whole region and has no middle"})
    circle = Circle(place.latitude, place.longitude, radius_km)
    wanted = replace(_filter({"industry": industry}), within=circle)
    catch_up(database, gate, country, tenant_id)
    with database.transaction(tenant_id) as conn:
        found = local_store.businesses(conn, tenant_id, wanted, circle, most)
    return [_business(each) for each in found]


def market(
    database: Database, gate: Gate, tenant_id: str, location: str, country: str = "US"
) -> dict[str, Any]:
    """Return the market at *location* as the account's own leads show it
    (`services/leads/market.py`).

    Raises UnknownPlace.
    """
    place = _place(location, country)
    region = _region(place)
    wanted = Filter(within=area(place))
    now = datetime.now(UTC)
    since = datetime.combine(mondays(now.date())[0], time(), UTC)
    catch_up(database, gate, country, tenant_id)
    with database.transaction(tenant_id) as conn:
        here = local_store.tallies(conn, tenant_id, wanted)
        around = local_store.tallies(conn, tenant_id, Filter(within=area(region))) if region else []
        weekly = local_store.weekly(conn, tenant_id, wanted, since)
    outer = {each.industry or "": each for each in around}
    own = next(each for each in here if each.industry is None)
    population, beyond = place.population, region.population if region else 0
    return {
        "location": location,
        "place": _shown(place),
        "total_businesses": own.businesses,
        "total_leads": own.leads,
        "industry_breakdown": breakdown(here, population, outer, beyond),
        "density_per_10000": {
            "leads": density(own.leads, population),
            "businesses": density(own.businesses, population),
        },
        "saturation": {
            "region": _shown(region) if region else None,
            "ratio": saturation(own, population, outer.get(""), beyond),
        },
        "signal_trend": trend(weekly, now.date()),
        "few": own.leads < FEW,
        "analyzed_at": now,
    }


def _joined(
    conn: Connection,
    gate: Gate,
    tenant_id: str,
    free: Sequence[UUID],
    investigation_id: UUID,
    by: str,
) -> list[UUID]:
    """Bring those of *free* that nobody took meanwhile into an investigation; return them."""
    if gate.mode.needs_consent(LEAD_PROCESSING):
        left = consent_store.refused(conn, tenant_id, free, LEAD_PROCESSING, needed=True)
        free = [lead_id for lead_id in free if lead_id not in left]
    joining = local_store.lock(conn, tenant_id, free)
    if joining:
        joined = Change(frozenset({"investigation_id"}), investigation_id=investigation_id)
        mark = Mark(by, datetime.now(UTC))
        change_writing.write(conn, tenant_id, joining, joined, False, mark)
    return joining


def _place(location: str, country: str) -> Place:
    return named_places("location", location, country).places[0]


def _region(place: Place) -> Place | None:
    """Return what a place is compared with: its state, or failing that its country."""
    outer = [place.country] if place.kind == "admin1" else [place.admin1_name, place.country]
    if place.kind == "country" or not place.country:
        return None
    for name in filter(None, outer):
        for found in places(name, place.country).places:
            if found.kind in REGIONS and found.country == place.country and found.population:
                return found
    return None


def _filter(criteria: Mapping[str, Any]) -> Filter:
    field = next((name for name in ("industry", "business_type") if criteria.get(name)), None)
    prefixes = named_industries(field, criteria[field])[0].prefixes if field else ()
    return Filter(
        industry=prefixes,
        lead_category=named_category(criteria.get("lead_category") or ""),
        company_size=criteria.get("company_size"),
        min_signal_strength=criteria.get("min_signal_strength") or 0,
    )


def _business(found: Business) -> dict[str, Any]:
    known = trades.named(found.industry) if found.industry else None
    return {
        "company": found.company,
        "industry": known and known.name,
        "leads": found.leads,
        "lead_ids": list(found.lead_ids),
        "nearest_km": round(2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(found.half_chord))), 3),
        "latitude": found.latitude,
        "longitude": found.longitude,
    }


def _shown(place: Place) -> dict[str, Any]:
    shown = asdict(place)
    del shown["id"]
    return shown
