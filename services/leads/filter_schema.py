"""Filters as callers spell them, and what they mean."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from marshmallow import fields, validate

from services.leads import listing_words
from services.leads.filter import (
    COMPANY_SIZES,
    LEAD_TYPES,
    RADII_KM,
    STATUSES,
    Circle,
    Filter,
    Region,
)
from services.leads.listing import LONGEST_CATEGORY, named_category
from services.leads.listing_words import SEALED_WORD, SEARCHED, hidden
from services.leads.named import REGIONS, area, named_industries, named_places
from shared.errors import Malformed, Meaningless
from shared.fields import Form, Text
from shared.normalize.place import Place
from shared.privacy.gate import Gate

RADIUS_KM = 50.0
"""Around `near`, where nobody says (contract, section 3)."""

NOBODY = "none"
"""Asks for leads that nobody is assigned to; an empty text says nothing."""

LONGEST_SEARCH = 200
"""Characters of a text search."""


class Moment(fields.AwareDateTime):
    """A time in ISO 8601; UTC where it names no zone."""

    def __init__(self, meaning: str):
        super().__init__(
            load_default=None,
            default_timezone=UTC,
            error_messages={"invalid": "must be an ISO 8601 time"},
            metadata={"description": meaning, "examples": ["2026-03-01T09:30:00Z"]},
        )


class Filtering(Form):
    """Which leads are meant; filters narrow each other down, and an empty one says nothing."""

    investigation_id = fields.UUID(
        load_default=None, metadata={"description": "Leads of this investigation."}
    )
    status = Text(
        f"A status, or several with commas: {', '.join(STATUSES)}.", examples=["new,qualified"]
    )
    location = Text(
        "Leads that are there: a city with its surroundings, a postal code, a state or a country. "
        "Of places of one name the best known is taken, and the answer says so.",
        examples=["Austin, TX"],
    )
    near = Text(
        "Leads within `radius_km` of this town, postal code or `latitude,longitude`.",
        examples=["30.2672,-97.7431"],
    )
    radius_km = fields.Float(
        load_default=None,
        allow_none=True,
        validate=validate.Range(
            *RADII_KM, error=f"must be from {RADII_KM[0]:g} to {RADII_KM[1]:g} km"
        ),
        metadata={
            "description": f"How far around `near` (without it, around the town of `location`), in "
            f"kilometres along the surface; {RADIUS_KM:g} unless said."
        },
    )
    industry = Text(
        "A trade in plain words of five languages, or a NAICS code; with all that belongs to it.",
        examples=["restaurants"],
    )
    min_signal_strength = fields.Integer(
        load_default=0,
        validate=validate.Range(min=0, max=100, error="must be from 0 to 100"),
        metadata={"description": "Leads with a signal of at least this strength, 0 to 100."},
    )
    search = Text(
        "Words of name, company, job title, city or e-mail address; each must begin a word of the "
        "lead. Where the privacy mode keeps a field encrypted, its words must be whole.",
        longest=LONGEST_SEARCH,
        examples=["ada lovel"],
    )
    source_id = Text("Leads of this source.", longest=128)
    assigned_to = Text(
        "Leads that this person is assigned to; `none`: leads that nobody is.", longest=200
    )
    tag = Text("Leads with this tag.", longest=64)
    company_size = fields.String(
        load_default=None,
        validate=validate.OneOf(COMPANY_SIZES, error=f"must be one of {', '.join(COMPANY_SIZES)}"),
        metadata={"description": "Leads of companies of this size."},
    )
    lead_category = Text("Leads of this category.", longest=LONGEST_CATEGORY, examples=["loan"])
    lead_type = fields.String(
        load_default=None,
        validate=validate.OneOf(LEAD_TYPES, error=f"must be one of {', '.join(LEAD_TYPES)}"),
        metadata={"description": "Leads of this type."},
    )
    received_from = Moment("Leads received at or after this time.")
    received_until = Moment("Leads received before this time.")
    duplicates = fields.Boolean(
        load_default=False,
        metadata={
            "description": "True: further records of people who are known are listed as well."
        },
    )


def wanted(
    data: Mapping[str, Any],
    country: str,
    gate: Gate | None = None,
    tenant_id: str | None = None,
) -> Filter:
    """Return the filter that *data*, loaded by `Filtering`, means.

    *country* is the installation's, which settles where an ambiguous place is. With *gate* and
    *tenant_id* a search finds words of fields that the privacy mode keeps encrypted, too.
    Raises Malformed for an unknown status, Meaningless for a place or an industry that nobody
    knows, with the names nearest to it, and for a radius around nothing.
    """
    near, location = placed(data, "near", country), placed(data, "location", country)
    radius = data.get("radius_km")
    if radius is not None and not (near or location):
        raise Meaningless(details={"radius_km": "is around nothing: say near or location as well"})
    return Filter(
        investigation_id=data.get("investigation_id"),
        statuses=_statuses(data.get("status") or ""),
        within=_within(location, None if near else radius) if location else None,
        near=_near(near, radius or RADIUS_KM) if near else None,
        industry=_industry(data.get("industry") or ""),
        min_signal_strength=data.get("min_signal_strength") or 0,
        words=_words(data.get("search") or "", gate, tenant_id),
        source_id=_said(data, "source_id"),
        assigned_to="" if data.get("assigned_to") == NOBODY else _said(data, "assigned_to"),
        tag=_said(data, "tag"),
        company_size=data.get("company_size"),
        lead_category=named_category(data.get("lead_category") or ""),
        lead_type=data.get("lead_type"),
        received_from=data.get("received_from"),
        received_until=data.get("received_until"),
        duplicates=bool(data.get("duplicates")),
    )


def placed(data: Mapping[str, Any], name: str, country: str) -> Place | None:
    """Return the place that the field *name* of *data* means, or None if it is silent.

    Raises Meaningless with the nearest names if nobody knows it.
    """
    text = _said(data, name)
    return None if text is None else named_places(name, text, country, 1).places[0]


def _said(data: Mapping[str, Any], name: str) -> str | None:
    return (data.get(name) or "").strip() or None


def _statuses(text: str) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
    if not set(named) <= set(STATUSES) or (text.strip() and not named):
        raise Malformed(details={"status": f"must be of {', '.join(STATUSES)}"})
    return named


def _within(place: Place, radius_km: float | None) -> Circle | Region:
    if place.kind in REGIONS and radius_km is not None:
        raise Meaningless(details={"radius_km": "has no middle: the location is a whole region"})
    return area(place, radius_km)


def _near(place: Place, radius_km: float) -> Circle:
    if place.kind in REGIONS:
        raise Meaningless(details={"near": "is a whole region; send it as location"})
    return Circle(place.latitude, place.longitude, radius_km)


def _industry(text: str) -> tuple[str, ...]:
    return named_industries("industry", text)[0].prefixes if text.strip() else ()


def _words(text: str, gate: Gate | None, tenant_id: str | None) -> tuple[str, ...]:
    """Return the words of a search, each with its pseudonym if the mode keeps some encrypted.

    Raises Meaningless if there is something to search for and no word in it.
    """
    found = listing_words.searched(text)
    if text.strip() and not found:
        raise Meaningless(details={"search": "has no letter or digit"})
    if gate is None or tenant_id is None or not gate.mode.sealed_fields & set(SEARCHED):
        return found
    return tuple(
        word + hidden(gate.keyring.pseudonym(tenant_id, SEALED_WORD, word)) for word in found
    )


def place_meant(data: Mapping[str, Any], country: str) -> dict[str, Any]:
    """Return as `place` what `near` was read as, else `location`; null where neither was said.

    `ambiguous` says that a careful person would ask which of several places was meant.
    """
    text = _said(data, "near") or _said(data, "location")
    if text is None:
        return {"place": None}
    found = named_places("near", text, country, 1)
    place = found.places[0]
    return {
        "place": {
            "name": place.name,
            "kind": place.kind,
            "admin1": place.admin1 or None,
            "country": place.country or None,
            "latitude": place.latitude,
            "longitude": place.longitude,
            "ambiguous": found.ambiguous,
        }
    }
