"""What callers may say of services of the catalogue."""

from typing import Any

from marshmallow import fields, pre_load, validate

from services.matching.catalogue_fields import (
    LONGEST_PLACE,
    Currency,
    Free,
    Hours,
    Listed,
    Location,
    Money,
    Requirements,
    Word,
)
from services.matching.service import AUDIENCES, COMPANY_SIZES
from shared.fields import Form, Switch, Text
from shared.privacy.purposes import PURPOSES
from shared.web.auth import LONGEST_USER_ID

LONGEST_NAME = 200
"""Characters; the table says the same."""

LONGEST_DESCRIPTION = 5000
"""Characters."""

MOST_PLACES, MOST_INDUSTRIES, MOST_NEEDS = 200, 100, 50
"""Items of one list."""

MOST_A_DAY = 1_000_000
"""Leads a day."""

MOST_VERSION = 2**31 - 1

PAGE, LONGEST_PAGE = 100, 1000
"""Rows in one answer: unless the caller asks for another number, and at most."""


class OfAccount(Form):
    """A body that may name the account."""

    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={"description": "The account; absent, the query's `user_id` is read."},
    )


def _name(required: bool = False) -> fields.String:
    return fields.String(
        required=required,
        validate=validate.Length(
            min=1, max=LONGEST_NAME, error=f"must have 1 to {LONGEST_NAME} characters"
        ),
        metadata={"description": "What people call it.", "examples": ["Small business loan"]},
    )


def _one_of(known: tuple[str, ...]) -> validate.OneOf:
    return validate.OneOf(known, error=f"must be one of {', '.join(known)}")


class Described(Form):
    """What may be said of a service; an empty list means any, and null what is usual."""

    service_name = _name()
    service_type = Word("What kind of service it is.", "loan")
    service_category = Word("A finer kind.", "equipment", allow_none=True)
    description = Text("For people to read.", longest=LONGEST_DESCRIPTION)
    provider_name = Text("Who provides it.", longest=LONGEST_NAME, examples=["First Example Bank"])
    target_audience = fields.String(
        allow_none=True,
        validate=_one_of(AUDIENCES),
        metadata={"description": "Whom it serves; `both` where nothing is said."},
    )
    target_industries = Listed(
        "Trades in plain words of six languages, or NAICS codes, each with all within it.",
        fields.String(validate=validate.Length(min=1, max=LONGEST_PLACE)),
        MOST_INDUSTRIES,
        ["restaurants", "3118"],
        allow_none=True,
    )
    target_locations = Listed(
        "Places: a city, postal code, region, country or `latitude,longitude` as a text; "
        '`nationwide`; or an object: `{"place": "Austin, TX", "radius_km": 80}`, '
        '`{"nationwide": true, "country": "CA"}`.',
        Location(metadata={"type": ["string", "object"]}),
        MOST_PLACES,
        ["Texas", {"place": "Denver, CO", "radius_km": 80}],
        allow_none=True,
    )
    target_company_sizes = Listed(
        "Sizes of companies.",
        fields.String(validate=_one_of(COMPANY_SIZES)),
        len(COMPANY_SIZES),
        ["small", "medium"],
        allow_none=True,
    )
    min_loan_amount = Money("The least that it lends, in `currency`.")
    max_loan_amount = Money("The most that it lends.")
    currency = Currency()
    requirements = Requirements(
        "What is asked of a lead. Compared are the numbers `min_revenue`, `max_revenue` (a year), "
        "`min_company_age_years` and `max_company_age_years`; all else is kept and not read.",
        {"min_company_age_years": 2},
        allow_none=True,
    )
    matching_criteria = Free(
        "Your own notes on whom it fits; kept and not read.", {"credit_score": 640}, allow_none=True
    )
    terms = Free("Its terms; kept and not read.", {"interest_rate": "7 to 12 %"}, allow_none=True)
    answers_needs = Listed(
        "Words of `needs_identified` that it answers; null: those of its type.",
        Word("A need.", "business_loan"),
        MOST_NEEDS,
        ["business_loan", "growth_capital"],
        allow_none=True,
    )
    needs_purpose = fields.String(
        allow_none=True,
        validate=_one_of(tuple(PURPOSES)),
        metadata={
            "description": "The purpose that a lead must have agreed to before its provider may "
            "see it, where the privacy mode asks for one; `sharing` where nothing is said."
        },
    )
    daily_capacity = fields.Integer(
        allow_none=True,
        strict=True,
        validate=validate.Range(min=1, max=MOST_A_DAY, error=f"must be from 1 to {MOST_A_DAY}"),
        metadata={"description": "Leads a day that its provider can take; kept and not scored."},
    )
    active_hours = fields.Nested(
        Hours,
        allow_none=True,
        metadata={"description": "When its provider works; kept and not scored."},
    )
    is_active = Switch("False: no lead is matched with it.")

    @pre_load
    def trimmed(self, data: Any, **options: Any) -> Any:
        """Return what was sent, its name without the space around it."""
        if isinstance(data, dict) and isinstance(data.get("service_name"), str):
            return data | {"service_name": data["service_name"].strip()}
        return data


class NewService(Described, OfAccount):
    """A new service."""

    service_name = _name(required=True)
    service_type = Word("What kind of service it is.", "loan", required=True)


def _version(meaning: str) -> fields.Integer:
    return fields.Integer(
        strict=True,
        allow_none=True,
        validate=validate.Range(min=1, max=MOST_VERSION, error="must be 1 or more"),
        metadata={"description": meaning},
    )


class ServiceChange(Described, OfAccount):
    """What is to be otherwise; what is absent stays as it is."""

    version = _version(
        "The version that you have read: if it is another by now, nothing is changed (409)."
    )


class ServicePlace(Form):
    """Which service."""

    service_id = fields.UUID(required=True, metadata={"description": "The service's `id`."})


class Paging(Form):
    """Which part of a list."""

    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(min=1, max=LONGEST_PAGE, error=f"must be from 1 to {LONGEST_PAGE}"),
        metadata={"description": "How many at most."},
    )
    after = fields.UUID(
        load_default=None,
        metadata={"description": "`next_after` of the page before; absent, the first page."},
    )


class ExportPage(Paging):
    """Which part of a catalogue."""

    limit = fields.Integer(
        load_default=LONGEST_PAGE,
        validate=validate.Range(min=1, max=LONGEST_PAGE, error=f"must be from 1 to {LONGEST_PAGE}"),
        metadata={"description": "How many at most."},
    )


class ServicePage(Paging):
    """Which services, and which part of their list."""

    service_type = Word("Services of this type.", "loan", load_default=None)
    service_category = Word("Services of this category.", "equipment", load_default=None)
    is_active = fields.Boolean(
        load_default=None,
        metadata={"description": "`true` or `false`: active ones or others; absent, all."},
    )


class VersionPage(Form):
    """Which part of a service's history."""

    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(min=1, max=LONGEST_PAGE, error=f"must be from 1 to {LONGEST_PAGE}"),
        metadata={"description": "How many at most."},
    )
    before = fields.Integer(
        load_default=MOST_VERSION,
        validate=validate.Range(min=1, max=MOST_VERSION, error="must be 1 or more"),
        metadata={"description": "Versions before this one: `next_before` of the page before."},
    )
