"""What callers may ask of leads that were given to a service, and what they get back."""

from marshmallow import fields, validate

from services.matching.answer_schema import points
from services.matching.catalogue_answer_schema import (
    identifier,
    many,
    moment,
    succeeded,
    text,
    whole,
)
from shared.answers import Stamped
from shared.fields import Form

USUAL, MOST = 100, 500
"""Leads in one answer: unless the caller asks for another number, and at most."""


class DayPage(Form):
    """Which leads that a service was given."""

    day = fields.Date(
        load_default=None,
        metadata={"description": "The provider's day; today unless one is named."},
    )
    limit = fields.Integer(
        load_default=USUAL,
        validate=validate.Range(min=1, max=MOST, error=f"must be from 1 to {MOST}"),
        metadata={"description": "How many at most."},
    )
    after = fields.UUID(
        load_default=None,
        metadata={"description": "`next_after` of the page before; absent, the first page."},
    )


class GivenShown(Form):
    """A lead that was given to the service."""

    id = identifier("Names that it was.")
    lead_id = identifier("The lead.")
    match_id = identifier("The match of the two.")
    match_score = points("What it scored then.")
    capacity_left = whole("What was then left of the day; null: no limit.", allow_none=True)
    given_at = moment("When: ISO 8601, UTC.")
    given_by = text("Who gave it: the prefix of an API key, or `local`.")


class AssignmentsAnswer(Stamped):
    """What a service was given on a day."""

    success = succeeded()
    service_id = identifier("The service.")
    day = fields.Date(required=True, metadata={"description": "The provider's day."})
    daily_capacity = whole("What it takes a day; null: any.", allow_none=True)
    given = whole("Leads that it was given, those that were erased since with them.")
    capacity_left = whole("What is left of the day; null: no limit.", allow_none=True)
    count = whole("Leads on this page.")
    assignments = many(fields.Nested(GivenShown), "The latest first; without erased leads.")
    next_after = identifier(
        "What to send as `after` for the next page; null on the last.", allow_none=True
    )
