"""A lead as matching sees it, read out of what it said and what is known of it.

Pure. What a lead says in words that mean nothing to us is unknown, and is named; a lead is never
refused for it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.matching.profile import TAKEN_BACK, Profile
from services.matching.service import COMPANY_SIZES
from shared.normalize import money
from shared.normalize.industry import industry
from shared.normalize.money import Money
from shared.normalize.place import Place, lead_place
from shared.privacy.purposes import named

LEAD_TYPES = ("consumer", "business", "unknown")
"""As in the contract, section 3."""

REGIONS = ("country", "admin1")
"""Kinds of place that are more than a point."""

PLACE_FIELDS = ("city", "state", "postal_code", "country", "location")

SIGNALS_MEAN = {
    "loan_need": "business_loan",
    "consulting_need": "business_consulting",
    "financial_distress": "financial_assistance",
    "growth": "growth_capital",
    "expansion": "expansion_financing",
}
"""What a lead needs of whom only a signal's type is known (contract, section 4)."""

YEAR = re.compile(r"(?<!\d)(?:1[0-9]|20|21)\d\d(?!\d)")
"""A year within a text, from 1000 to 2199: `since 2015`, `03/2015`."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What the leads service publishes of one of its leads."""

    country: str | None
    admin1: str | None
    place: str | None
    latitude: float | None
    longitude: float | None
    industry: str | None
    company_size: str | None
    lead_category: str | None
    lead_type: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of a lead."""

    id: UUID
    said: Mapping[str, Any]
    """Its own words, opened."""
    listed: Listed | None
    """None as long as it is not listed: then its own words are read here."""
    signal_strength: int | None
    intent_score: int | None
    needs: Sequence[str]
    signal_types: Sequence[str]
    """Of the signals that it was created with, the strongest first."""
    last_activity_at: datetime
    purposes: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Read:
    """A lead's profile, and the fields that said something which was not understood."""

    profile: Profile
    not_understood: tuple[str, ...] = ()


def read(said: Mapping[str, Any], country: str) -> Read:
    """Return what *said* means: a lead's own fields, with numbers and lists as a request has them.

    *country* is the installation's, which settles where an ambiguous place is.
    """
    place, trade = _place(said, country), _text(said, "industry")
    known = industry(trade) if trade else None
    size, kind = _word(said, "company_size"), _word(said, "lead_type")
    profile = Profile(
        **_where(place),
        industry=(known.name if known.is_group else known.code) if known else None,
        company_size=size if size in COMPANY_SIZES else None,
        lead_type=kind if kind in LEAD_TYPES else None,
        lead_category=_text(said, "lead_category"),
        needs=_needs(said),
        **_amounts(said, place.country if place else None),
        signal_strength=said.get("signal_strength"),
        intent_score=said.get("intent_score"),
        last_activity_at=said.get("last_activity_at"),
        founded_year=_year(said.get("founded_year")),
        purposes=_purposes(said.get("consent")),
    )
    return Read(_at_point(profile, said), _not_understood(said, place, profile))


def stored(known: Known, country: str) -> Profile:
    """Return the profile of a lead that is stored."""
    names = _NOT_LISTED if known.listed else _STORED
    said = {name: known.said[name] for name in names if name in known.said}
    if known.listed and said:  # for the dollar that is meant; the place was read by the listing
        said["country"] = known.listed.country
    own = read(said, country).profile
    if known.listed:
        own = replace(
            own,
            **{name: getattr(known.listed, name) for name in Listed.__slots__},
        )
    needs = (*known.needs, *(SIGNALS_MEAN.get(kind, kind) for kind in known.signal_types))
    return replace(
        own,
        id=known.id,
        needs=tuple(dict.fromkeys(needs)) or None,
        signal_strength=known.signal_strength,
        intent_score=known.intent_score,
        last_activity_at=known.last_activity_at,
        purposes=known.purposes,
    )


def told_more(before: Profile, more: Profile) -> Profile:
    """Return *before* with what *more* says; a place is taken as a whole.

    A consent that is known is never widened by who asks: only what both cover stands, and what was
    taken back stays so.
    """
    said = {
        name: value
        for name in Profile.__slots__
        if name not in _WHERE and (value := getattr(more, name)) is not None
    }
    if more.country or more.latitude is not None:
        said |= {name: getattr(more, name) for name in _WHERE}
    if before.purposes is not None and more.purposes is not None:
        back = {one for one in before.purposes if one.startswith(TAKEN_BACK)}
        said["purposes"] = (before.purposes & more.purposes) | back
    return replace(before, **said)


def _place(said: Mapping[str, Any], country: str) -> Place | None:
    fields = {name: _text(said, name) for name in PLACE_FIELDS}
    return lead_place(**fields, default_country=country) if any(fields.values()) else None


def _where(place: Place | None) -> dict[str, Any]:
    if place is None:
        return {}
    there = {"country": place.country or None, "admin1": place.admin1 or None}
    if place.kind in REGIONS:
        return there
    return {
        **there,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "place": place.name or None,
    }


def _at_point(profile: Profile, said: Mapping[str, Any]) -> Profile:
    """Return *profile* where its lead gave coordinates of its own."""
    latitude, longitude = said.get("latitude"), said.get("longitude")
    if latitude is None or longitude is None:
        return profile
    if profile.country is None:
        near = lead_place(location=f"{latitude:.6f}, {longitude:.6f}")
        profile = replace(profile, **_where(near))
    return replace(profile, latitude=latitude, longitude=longitude)


def _needs(said: Mapping[str, Any]) -> tuple[str, ...] | None:
    named_needs = [*(said.get("needs_identified") or ()), *(said.get("needs") or ())]
    types = [one.get("type") or one.get("signal_type") for one in said.get("signals") or ()]
    meant = [SIGNALS_MEAN.get(kind, kind) for kind in types if kind]
    return tuple(dict.fromkeys((*named_needs, *meant))) or None


def _purposes(consent: Mapping[str, Any] | None) -> frozenset[str] | None:
    return None if consent is None else frozenset(map(named, consent.get("purposes") or ()))


def _not_understood(
    said: Mapping[str, Any], place: Place | None, profile: Profile
) -> tuple[str, ...]:
    wheres = [name for name in PLACE_FIELDS if place is None and _text(said, name)]
    words = ("industry", "company_size", "lead_type", "loan_amount", "revenue", "founded_year")
    others = [name for name in words if _text(said, name) and getattr(profile, name) is None]
    return (*wheres, *others)


def _text(said: Mapping[str, Any], name: str) -> str | None:
    value = said.get(name)
    return (value.strip() or None) if isinstance(value, str) else None


def _word(said: Mapping[str, Any], name: str) -> str | None:
    text = _text(said, name)
    return text.lower() if text else None


def _amounts(said: Mapping[str, Any], country: str | None) -> dict[str, Any]:
    """Return what *said* says of money, be it in texts: a lead's own fields are.

    *country*, the lead's, tells which dollar is meant. A revenue in another currency than the
    rest is unknown.
    """
    asked, earned = (_money(said.get(name), country) for name in ("loan_amount", "revenue"))
    named_one = _text(said, "currency")
    named_code = named_one and (money.currency(named_one, country) or named_one)
    code = (asked and asked.currency) or named_code or (earned and earned.currency)
    if earned and earned.currency not in (None, code):
        earned = None
    return {
        "loan_amount": asked and asked.amount,
        "currency": code,
        "revenue": earned and earned.amount,
    }


def _money(value: Any, country: str | None) -> Money | None:
    if isinstance(value, str):
        return money.money(value, country)
    return None if value is None else Money(value)


def _year(value: Any) -> int | None:
    """Return the one year that *value* names."""
    if not isinstance(value, str):
        return value
    years = set(YEAR.findall(value))
    return int(years.pop()) if len(years) == 1 else None


_WHERE = ("country", "admin1", "place", "latitude", "longitude")
_NOT_LISTED = ("loan_amount", "currency", "revenue", "founded_year")
_STORED = (
    *PLACE_FIELDS,
    *("industry", "company_size", "lead_type", "lead_category"),
    *_NOT_LISTED,
)
"""Of a stored lead's own words; all others are texts where numbers belong, or said elsewhere."""
