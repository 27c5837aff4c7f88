"""What callers ask of a place, and what they get back."""

from typing import Any

from marshmallow import fields, validate

from services.leads.filter import COMPANY_SIZES, RADII_KM
from services.leads.local import MOST_BUSINESSES, MOST_FOUND, RADIUS_KM
from services.leads.market import MOST_INDUSTRIES, WEEKS
from services.leads.place_schema import LONGEST_QUESTION, PlaceFound
from shared.answers import Stamped
from shared.fields import Form, Text
from shared.web.auth import LONGEST_USER_ID
from shared.web.query import Account


class Location(fields.String):
    """Where."""

    def __init__(self) -> None:
        super().__init__(
            required=True,
            validate=validate.Length(
                min=1, max=LONGEST_QUESTION, error=f"must have 1 to {LONGEST_QUESTION} characters"
            ),
            metadata={
                "description": "A city, postal code, region, or `latitude,longitude`.",
                "examples": ["Austin, TX"],
            },
        )


class Radius(fields.Float):
    """How far around."""

    def __init__(self) -> None:
        least, most = RADII_KM
        super().__init__(
            load_default=RADIUS_KM,
            validate=validate.Range(least, most, error=f"must be from {least:g} to {most:g} km"),
            metadata={"description": "In kilometres along the surface; a region has none."},
        )


class Criteria(Form):
    """Which leads around it."""

    industry = Text("A trade in plain words, or a NAICS code.", examples=["retail"])
    business_type = Text("The same, as others call it.")
    lead_category = Text("Leads of this category.", longest=64, examples=["loan"])
    company_size = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(COMPANY_SIZES, error=f"must be one of {', '.join(COMPANY_SIZES)}"),
        metadata={"description": "Leads of companies of this size."},
    )
    min_signal_strength = fields.Integer(
        load_default=0,
        validate=validate.Range(min=0, max=100, error="must be from 0 to 100"),
        metadata={"description": "Leads with a signal of at least this strength."},
    )


class LocalDiscovery(Form):
    """Leads around a place, for an investigation."""

    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={"description": "The account; absent, the query's `user_id` is read."},
    )
    investigation_id = fields.UUID(
        required=True, metadata={"description": "The investigation that they join."}
    )
    location = Location()
    radius_km = Radius()
    criteria = fields.Nested(
        Criteria, load_default=dict, metadata={"description": "Absent, all of them."}
    )


class BusinessesAsked(Form):
    """Businesses around a place."""

    location = Location()
    radius_km = Radius()
    industry = Text("A trade in plain words, or a NAICS code.", examples=["restaurant"])
    limit = fields.Integer(
        load_default=MOST_BUSINESSES,
        validate=validate.Range(min=1, max=1000, error="must be from 1 to 1000"),
        metadata={"description": "How many at most."},
    )


class BusinessesQuery(BusinessesAsked, Account):
    """Businesses around a place, and whose."""


class MarketAsked(Form):
    """Which market."""

    location = Location()


class MarketQuery(MarketAsked, Account):
    """Which market, and whose."""


def number(meaning: str) -> fields.Integer:
    """Return a field for a count."""
    return fields.Integer(required=True, metadata={"description": meaning})


def ratio(meaning: str) -> fields.Float:
    """Return a field for a number that may not be known."""
    return fields.Float(required=True, allow_none=True, metadata={"description": meaning})


def place(meaning: str, **options: Any) -> fields.Nested:
    """Return a field for a place."""
    return fields.Nested(PlaceFound, required=True, metadata={"description": meaning}, **options)


class LocalDiscoveryAnswer(Stamped):
    """The leads that were found around a place."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    location = fields.String(required=True, metadata={"description": "As it was asked for."})
    place = place("What it was taken for.")
    radius_km = ratio("Null: the location is a region.")
    leads_discovered = number("How many were found.")
    lead_ids = fields.List(
        fields.UUID(),
        required=True,
        metadata={"description": f"Nearest first, {MOST_FOUND} at most."},
    )
    joined = number("How many of them were in no investigation, and are in this one now.")
    in_other_investigations = number("How many are in another one, and stay there.")
    truncated = fields.Boolean(required=True, metadata={"description": "True: there are more."})


class BusinessFound(Form):
    """The leads of one company."""

    company = fields.String(required=True, metadata={"description": "Its canonical name."})
    industry = fields.String(required=True, allow_none=True)
    leads = number("How many work for it.")
    lead_ids = fields.List(
        fields.UUID(), required=True, metadata={"description": "Newest first, ten at most."}
    )
    nearest_km = fields.Float(required=True, metadata={"description": "Of its nearest lead."})
    latitude = fields.Float(required=True)
    longitude = fields.Float(required=True)


class BusinessesAnswer(Stamped):
    """Businesses around a place, nearest first."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    location = fields.String(required=True, metadata={"description": "As it was asked for."})
    radius_km = fields.Float(required=True)
    count = number("How many are listed.")
    businesses = fields.List(fields.Nested(BusinessFound), required=True)


class IndustryShare(Form):
    """One industry of a market."""

    industry = fields.String(required=True)
    code = fields.String(required=True, metadata={"description": "NAICS 2022."})
    count = number("Leads.")
    businesses = number("Different companies among them.")
    share = fields.Float(required=True, metadata={"description": "Of leads of a known industry."})
    saturation = ratio("As for the whole market, of this industry.")
    few = fields.Boolean(
        required=True, metadata={"description": "True: under ten leads, which say little."}
    )


class Density(Form):
    """How much there is for every 10,000 inhabitants; null where their number is unknown."""

    leads = ratio("Leads.")
    businesses = ratio("Businesses.")


class Saturation(Form):
    """How the place compares with what it lies in."""

    region = place("The state it lies in, or the country.", allow_none=True)
    ratio = ratio(
        "Leads per inhabitant here, divided by leads per inhabitant in the region: 1 is as many as "
        "there, 2 twice as many."
    )


class WeekOfSignals(Form):
    """One week."""

    week = fields.Date(required=True, metadata={"description": "Its Monday, UTC."})
    leads = number("Received.")
    avg_signal_strength = ratio("Of these.")


class MarketAnswer(Stamped):
    """A market, as the account's own leads show it."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    location = fields.String(required=True, metadata={"description": "As it was asked for."})
    place = place("What it was taken for.")
    total_businesses = number("Different companies.")
    total_leads = number("Leads, neither duplicate nor invalid.")
    industry_breakdown = fields.List(
        fields.Nested(IndustryShare),
        required=True,
        validate=validate.Length(max=MOST_INDUSTRIES),
        metadata={"description": "Most leads first."},
    )
    density_per_10000 = fields.Nested(Density, required=True)
    saturation = fields.Nested(Saturation, required=True)
    signal_trend = fields.List(
        fields.Nested(WeekOfSignals),
        required=True,
        validate=validate.Length(max=WEEKS),
        metadata={"description": "The last twelve weeks."},
    )
    few = fields.Boolean(required=True, metadata={"description": "True: under ten leads."})
    analyzed_at = fields.AwareDateTime(required=True)
