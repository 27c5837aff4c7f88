"""What callers get back of a lead."""

from collections.abc import Sequence
from typing import Any

from marshmallow import fields, validate

from services.leads.filter import COMPANY_SIZES, LEAD_TYPES, STATUSES
from shared.fields import Form


def _text(meaning: str, **options: Any) -> fields.String:
    """Return a field for a text, or null where the lead is silent."""
    return fields.String(
        required=True, allow_none=True, metadata={"description": meaning}, **options
    )


def _choice(meaning: str, choices: Sequence[str]) -> fields.String:
    return _text(meaning, validate=validate.OneOf(choices))


def _score(meaning: str) -> fields.Integer:
    return fields.Integer(
        required=True,
        validate=validate.Range(min=0, max=100),
        metadata={"description": meaning},
    )


def _id(meaning: str, **options: Any) -> fields.UUID:
    return fields.UUID(required=True, metadata={"description": meaning}, **options)


def _moment(meaning: str) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, metadata={"description": meaning})


def _degrees(meaning: str, most: int) -> fields.Float:
    return fields.Float(
        required=True,
        validate=validate.Range(min=-most, max=most),
        metadata={"description": meaning},
    )


class PlaceShown(Form):
    """Where a lead is, as we read what it says."""

    name = _text("The place's name; null where only a region is known.")
    admin1 = _text("The code of its state, province or land within the country.")
    country = _text("ISO 3166-1 alpha-2.")
    latitude = _degrees("Degrees, positive to the north.", 90)
    longitude = _degrees("Degrees, positive to the east.", 180)


class LeadShown(Form):
    """One lead; null is what it is silent about."""

    id = _id("This lead.")
    name = _text("The full name, put together where it came in parts.")
    first_name = _text("Given name.")
    last_name = _text("Family name.")
    company = _text("The organisation the person works for.")
    job_title = _text("Position there.")
    email = _text("E-mail address.")
    phone = _text("Phone number, as it was sent.")
    website = _text("Address of a web site.")
    location = _text("Where it is, as it was sent, or put together from its parts.")
    city = _text("City or town.")
    state = _text("State, province or region.")
    postal_code = _text("Postal code.")
    country = _text("Country, as it was sent.")
    place = fields.Nested(
        PlaceShown,
        required=True,
        allow_none=True,
        metadata={"description": "The place on the map; null where we know none."},
    )
    industry = _text("The industry's name; as it was sent, where we know none such.")
    industry_code = _text("Its NAICS code; null where we know none.")
    company_size = _choice("How large the organisation is.", COMPANY_SIZES)
    lead_category = _text("What it may want.")
    lead_type = _choice("Whether it is a person's own or an organisation's.", LEAD_TYPES)
    loan_amount = _text("What it asks for, as it was sent.")
    currency = _text("Of its amounts, as it was sent.")
    revenue = _text("Its company's revenue a year, as it was sent.")
    founded_year = _text("When its company was founded, as it was sent.")
    source_id = _text("The form, campaign or import that it came from.")
    investigation_id = _id("The investigation that it belongs to.", allow_none=True)
    status = _choice("What has become of it.", STATUSES)
    signal_strength = _score(
        "How strong its signals are together; of those it was created with, the strongest, if that "
        "is more."
    )
    intent_score = _score("How much its signals speak of the wish to buy something now.")
    needs_identified = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "What its signals say that it needs, the strongest first."},
    )
    assigned_to = _text("Who works on it.")
    tags = fields.List(
        fields.String(), required=True, metadata={"description": "Words to find it by."}
    )
    duplicate_of = _id("The first lead of the same person; null for that one.", allow_none=True)
    received_at = _moment("When it came: ISO 8601, UTC.")
    submitted_at = _moment("When it was sent, as far as its sender says.")
