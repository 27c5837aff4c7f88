"""A listing: what of one lead is filtered, sorted and counted, read out of what it says."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from services.leads.cell import cell
from services.leads.filter import COMPANY_SIZES, LEAD_TYPES
from services.leads.listing_words import Pseudonym, of_lead
from services.leads.named import REGIONS
from shared.errors import Meaningless
from shared.normalize import company, filler
from shared.normalize.industry import industry
from shared.normalize.place import Place, lead_place
from shared.normalize.text import fold

LONGEST_CATEGORY = 64
"""Characters of a lead category."""

COARSE_DECIMALS = 2
"""Of coordinates that a lead gave itself where what it said is kept encrypted: about a km."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One lead's row of leads.listing, as far as its own words fill it. None: it says nothing."""

    investigation_id: UUID | None = None
    """As it was sent; it may name none of ours."""
    country: str | None = None
    admin1: str | None = None
    place: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    cell: int | None = None
    industry: str | None = None
    """NAICS code."""
    company: str | None = None
    """Canonical."""
    company_size: str | None = None
    lead_category: str | None = None
    lead_type: str | None = None
    words: tuple[str, ...] = ()


BARE = Listing()
"""Of a lead that could not be read: it is listed by when it came and where from."""


def listing(
    fields: Mapping[str, str], sealed: frozenset[str], pseudonym: Pseudonym, country: str
) -> Listing:
    """Return what *fields* say; *sealed* names those that may not be seen in clear.

    *country* is the installation's. A size or a type in other words than ours says nothing here,
    and stays as it was sent in the lead.
    """
    trade, firm = fields.get("industry") or "", fields.get("company") or ""
    known = industry(trade) if trade else None
    named = None if filler.no_company(firm) else company.parse(firm)
    place = _place(fields, country)
    said = Listing(
        investigation_id=_identifier(fields.get("investigation_id") or ""),
        industry=known.code if known else None,
        company=named.canonical if named and "company" not in sealed else None,
        company_size=_one_of(COMPANY_SIZES, fields.get("company_size")),
        lead_category=category(fields.get("lead_category") or ""),
        lead_type=_one_of(LEAD_TYPES, fields.get("lead_type")),
        words=of_lead(fields, sealed, pseudonym),
    )
    return _placed(said, place, "location" in sealed) if place else said


def category(text: str) -> str | None:
    """Return a lead category in its one spelling: `Financial service` is financial_service."""
    return "_".join(fold(text).split())[:LONGEST_CATEGORY] or None


def named_category(text: str) -> str | None:
    """Return the category that a filter asks for. Raises Meaningless if there is no word in it."""
    found = category(text)
    if text.strip() and found is None:
        raise Meaningless(details={"lead_category": "has no letter or digit"})
    return found


def _place(fields: Mapping[str, str], country: str) -> Place | None:
    said = {
        name: fields.get(name) for name in ("city", "state", "postal_code", "country", "location")
    }
    return lead_place(**said, default_country=country) if any(said.values()) else None


def _placed(said: Listing, place: Place, coarsely: bool) -> Listing:
    there = replace(said, country=place.country or None, admin1=place.admin1 or None)
    if place.kind in REGIONS:
        return there
    latitude, longitude, name = place.latitude, place.longitude, place.name or None
    if coarsely and place.kind == "coordinates":
        latitude, longitude = round(latitude, COARSE_DECIMALS), round(longitude, COARSE_DECIMALS)
        name = None
    return replace(
        there,
        place=name,
        latitude=latitude,
        longitude=longitude,
        cell=cell(latitude, longitude),
    )


def _one_of(known: tuple[str, ...], text: str | None) -> str | None:
    word = (text or "").strip().lower()
    return word if word in known else None


def _identifier(text: str) -> UUID | None:
    try:
        return UUID(text.strip())
    except ValueError:
        return None
