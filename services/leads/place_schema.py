"""What callers ask of places and industries, and what they get back."""

from marshmallow import fields, validate

from shared.answers import Stamped
from shared.fields import Form
from shared.web.query import Account

LONGEST_QUESTION = 200
"""Characters of a place or an industry that is asked for; no name is longer."""

USUAL, MOST = 5, 20
"""Candidates in one answer: unless the caller asks for another number, and at most."""


def question(meaning: str, example: str) -> fields.String:
    """Return a field for what is asked for."""
    return fields.String(
        required=True,
        validate=validate.Length(
            min=1, max=LONGEST_QUESTION, error=f"must have 1 to {LONGEST_QUESTION} characters"
        ),
        metadata={"description": meaning, "examples": [example]},
    )


def most() -> fields.Integer:
    """Return a field for how many candidates are wanted."""
    return fields.Integer(
        load_default=USUAL,
        validate=validate.Range(min=1, max=MOST, error=f"must be from 1 to {MOST}"),
        metadata={"description": "How many at most."},
    )


class PlaceAsked(Form):
    """Which place."""

    q = question(
        "A city, region, country or postal code, in the words of people: with or without its "
        "state, in English or the language spoken there; or latitude and longitude.",
        "London, Ontario",
    )
    country = fields.String(
        validate=validate.Regexp("^[A-Za-z]{2}$", error="must be two letters (ISO 3166-1)"),
        metadata={
            "description": "Where it is more likely; absent, the installation's country.",
            "examples": ["CA"],
        },
    )
    limit = most()


class PlaceQuery(PlaceAsked, Account):
    """Which place, and who asks."""


class IndustryAsked(Form):
    """Which industry."""

    q = question("An industry in plain words, of five languages, or a NAICS code.", "steak house")
    limit = most()


class IndustryQuery(IndustryAsked, Account):
    """Which industry, and who asks."""


class PlaceFound(Form):
    """One place that may be meant."""

    name = fields.String(required=True)
    kind = fields.String(
        required=True,
        validate=validate.OneOf(("city", "postal_code", "admin1", "country", "coordinates")),
        metadata={"description": "`admin1` is a state, province or land."},
    )
    latitude = fields.Float(required=True, metadata={"description": "Degrees, north positive."})
    longitude = fields.Float(required=True, metadata={"description": "Degrees, east positive."})
    country = fields.String(required=True, metadata={"description": "ISO 3166-1 alpha-2."})
    admin1 = fields.String(required=True, metadata={"description": "Its code in the country."})
    admin1_name = fields.String(required=True)
    population = fields.Integer(required=True, metadata={"description": "0 where unknown."})


class PlacesAnswer(Stamped):
    """The places that may be meant, likeliest first."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    places = fields.List(fields.Nested(PlaceFound), required=True)
    ambiguous = fields.Boolean(
        required=True, metadata={"description": "True where a careful person would ask back."}
    )


class IndustryFound(Form):
    """One industry that may be meant."""

    code = fields.String(required=True, metadata={"description": "NAICS 2022, 2 to 6 digits."})
    name = fields.String(required=True)
    within = fields.List(
        fields.String(), required=True, metadata={"description": "What it lies in, nearest first."}
    )


class IndustriesAnswer(Stamped):
    """The industries that may be meant, likeliest first."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    industries = fields.List(fields.Nested(IndustryFound), required=True)
