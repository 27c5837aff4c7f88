"""What the owner of a service says of it, read: its places and industries, and that it makes sense.

A definition is JSON as `catalogue_schema` loads it. It is read once, where it is stored, so that
matching looks up no name.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.matching.service import Area, Service
from shared.errors import Malformed, Meaningless
from shared.normalize.industry import industries
from shared.normalize.place import Place, places

Definition = Mapping[str, Any]
"""The fields of `catalogue_schema.Described` but `is_active`, which a service has beside it."""

Understood = Mapping[str, list[dict[str, Any]]]
"""`target_locations`, each as an Area's fields, and `target_industries`, each its `code` and `name`
in the order of the definition."""

NATIONWIDE = "nationwide"
"""As a place: all of the installation's country."""

USUAL: Definition = {
    "service_name": None,
    "service_type": None,
    "service_category": None,
    "description": None,
    "provider_name": None,
    "target_audience": "both",
    "target_industries": [],
    "target_locations": [],
    "target_company_sizes": [],
    "min_loan_amount": None,
    "max_loan_amount": None,
    "currency": None,
    "requirements": {},
    "matching_criteria": {},
    "terms": {},
    "answers_needs": None,
    "needs_purpose": "sharing",
    "daily_capacity": None,
    "active_hours": {},
}
"""What holds of a service where its owner says nothing."""

USUAL_CURRENCY = "USD"
"""Of amounts that name none, as of all examples of the documents."""

_AMOUNTS = ("min_loan_amount", "max_loan_amount")
_AS_SAID = (
    "service_name",
    "target_audience",
    "min_loan_amount",
    "max_loan_amount",
    "currency",
    "requirements",
    "needs_purpose",
    "daily_capacity",
    "active_hours",
)
_OR_EMPTY = ("service_type", "service_category", "description", "provider_name")


def defined(said: Mapping[str, Any], before: Definition = USUAL) -> Definition:
    """Return the definition that *said*, loaded by `catalogue_schema`, makes of the one *before*.

    Null means what is usual. Raises Malformed where amounts are in no currency.
    """
    changes = {
        name: USUAL[name] if said[name] is None else said[name] for name in USUAL if name in said
    }
    definition = {**before, **changes}
    if definition["currency"] is None:
        amounts = any(definition[name] is not None for name in _AMOUNTS)
        if amounts and "currency" in said:
            raise Malformed(details={"currency": "is required beside amounts"})
        definition["currency"] = USUAL_CURRENCY
    return definition


def understood(definition: Definition, country: str) -> Understood:
    """Return what the places and industries of *definition* are.

    *country* is the installation's, ISO 3166-1 alpha-2. Raises Meaningless, naming the field, for
    a place or an industry that nobody knows, a radius around nothing, and bounds that contradict.
    """
    _check_bounds(definition)
    return {
        "target_locations": [
            _area(one, f"target_locations[{number}]", country)
            for number, one in enumerate(definition["target_locations"])
        ],
        "target_industries": [
            _industry(one, f"target_industries[{number}]")
            for number, one in enumerate(definition["target_industries"])
        ],
    }


def as_service(
    service_id: UUID,
    version: int,
    is_active: bool,
    definition: Definition,
    read: Understood,
    weights: Sequence[float] | None = None,
) -> Service:
    """Return a stored version of a service as leads are matched with it."""
    return Service(
        id=service_id,
        version=version,
        is_active=is_active,
        weights=None if weights is None else tuple(weights),
        **{name: definition[name] for name in _AS_SAID},
        **_texts(definition),
        target_company_sizes=tuple(definition["target_company_sizes"]),
        target_locations=tuple(Area(**one) for one in read["target_locations"]),
        target_industries=tuple(one["code"] or one["name"] for one in read["target_industries"]),
        answers_needs=_needs(definition["answers_needs"]),
    )


def _texts(definition: Definition) -> dict[str, Any]:
    return {name: definition[name] or "" for name in _OR_EMPTY}


def _needs(said: list[str] | None) -> tuple[str, ...] | None:
    return None if said is None else tuple(said)


def _check_bounds(definition: Definition) -> None:
    required = definition["requirements"]
    for least, most, of in (
        ("min_loan_amount", "max_loan_amount", definition),
        ("min_revenue", "max_revenue", required),
        ("min_company_age_years", "max_company_age_years", required),
    ):
        low, high = of.get(least), of.get(most)
        if low is not None and high is not None and low > high:
            field = least if of is definition else f"requirements.{least}"
            raise Meaningless(details={field: f"is above {most}"})


def _area(said: Mapping[str, Any], field: str, country: str) -> dict[str, Any]:
    """Return the fields of the Area that one item of `target_locations` means."""
    radius = said.get("radius_km")
    if radius is not None and not said.get("place"):
        raise Meaningless(details={f"{field}.radius_km": "is around no place"})
    if said.get("place"):
        place = _place(said["place"], field, country)
    else:
        place = _country(said.get("country") or country, f"{field}.country", country)
    return {
        "name": place.name,
        "kind": place.kind,
        "country": place.country or None,
        "admin1": place.admin1 or None,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "radius_km": radius,
    }


def _place(text: str, field: str, country: str) -> Place:
    found = places(text, country, 1)
    if not found.places:
        details: dict[str, object] = {field: "is no place we know"}
        if found.nearest_names:
            details["nearest_names"] = list(found.nearest_names)
        raise Meaningless("This is no place we know; see details for names like it.", details)
    return found.places[0]


def _country(text: str, field: str, country: str) -> Place:
    for place in places(text, country).places:
        if place.kind == "country":
            return place
    raise Meaningless(details={field: "is no country we know"})


def _industry(text: str, field: str) -> dict[str, Any]:
    """Return code and name of the industry that *text* means; a group of several has no code."""
    found = industries(text, 1)
    if not found:
        message = "This is no industry we know; try a plainer word or a NAICS code."
        raise Meaningless(message, {field: "is no industry we know"})
    return {"code": None if found[0].is_group else found[0].code, "name": found[0].name}
