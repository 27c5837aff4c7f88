"""What callers get back of the catalogue; the API description shows it.

Nothing is loaded with these schemas: tests hold real answers against them.
"""

from typing import Any

from marshmallow import fields, validate

from services.matching.criteria import CRITERIA
from services.matching.service import AUDIENCES, COMPANY_SIZES
from shared.answers import Stamped
from shared.fields import Form
from shared.privacy.purposes import PURPOSES


def text(meaning: str, **options: Any) -> fields.String:
    """Return a field for a text."""
    return fields.String(required=True, metadata={"description": meaning}, **options)


def identifier(meaning: str, **options: Any) -> fields.UUID:
    """Return a field for an id."""
    return fields.UUID(required=True, metadata={"description": meaning}, **options)


def truth(meaning: str) -> fields.Boolean:
    """Return a field that is true or false."""
    return fields.Boolean(required=True, metadata={"description": meaning})


def whole(meaning: str, **options: Any) -> fields.Integer:
    """Return a field for a whole number of 0 or more."""
    return fields.Integer(
        required=True,
        validate=validate.Range(min=0),
        metadata={"description": meaning},
        **options,
    )


def number(meaning: str, **options: Any) -> fields.Float:
    """Return a field for a number."""
    return fields.Float(required=True, metadata={"description": meaning}, **options)


def moment(meaning: str, **options: Any) -> fields.AwareDateTime:
    """Return a field for a time."""
    return fields.AwareDateTime(required=True, metadata={"description": meaning}, **options)


def many(inner: Any, meaning: str, **options: Any) -> fields.List:
    """Return a field for a list that is always there."""
    return fields.List(inner, required=True, metadata={"description": meaning}, **options)


def thing(meaning: str, of: type[Form] | None = None, **options: Any) -> fields.Field:
    """Return a field for an object."""
    about = {"description": meaning}
    if of is None:
        return fields.Dict(required=True, metadata=about, **options)
    return fields.Nested(of, required=True, metadata=about, **options)


def succeeded() -> fields.Boolean:
    """Return the field `success` of an answer that is no refusal."""
    return fields.Boolean(required=True, validate=validate.Equal(True))


_Weights: Any = Form.from_dict(
    {
        c.name: number(f"Where {c.most:g} is usual.", validate=validate.Range(0, 100))
        for c in CRITERIA
    }
)


class WeightsShown(_Weights):
    """What each criterion gives at most; 100 in all."""


def weighed() -> fields.Field:
    """Return a field for weights that are not the usual ones."""
    return thing(
        "What each criterion gives at most, where the service has weights that were learned from "
        "outcomes; null: the usual 25, 20, 25, 15 and 15.",
        WeightsShown,
        allow_none=True,
    )


class DefinitionShown(Form):
    """What the owner of a service says of it."""

    service_name = text("What people call it.")
    service_type = text("What kind of service it is.")
    service_category = text("A finer kind.", allow_none=True)
    description = text("For people to read.", allow_none=True)
    provider_name = text("Who provides it.", allow_none=True)
    target_audience = text("Whom it serves.", validate=validate.OneOf(AUDIENCES))
    target_industries = many(fields.String(), "As they were said; empty: any.")
    target_locations = many(
        fields.Dict(), "`place` and `radius_km`, or `nationwide` and `country`; empty: any."
    )
    target_company_sizes = many(
        fields.String(validate=validate.OneOf(COMPANY_SIZES)), "Sizes; empty: any."
    )
    min_loan_amount = number("The least that it lends.", allow_none=True)
    max_loan_amount = number("The most that it lends.", allow_none=True)
    currency = text("ISO 4217, of all amounts.")
    requirements = thing("What is asked of a lead.")
    matching_criteria = thing("Notes on whom it fits.")
    terms = thing("Its terms.")
    answers_needs = many(
        fields.String(), "Needs that it answers; null: those of its type.", allow_none=True
    )
    needs_purpose = text(
        "What a lead must have agreed to before its provider may see it, where the mode asks.",
        validate=validate.OneOf(tuple(PURPOSES)),
    )
    daily_capacity = whole("Leads a day that its provider can take.", allow_none=True)
    active_hours = thing("When its provider works.")
    is_active = truth("False: no lead is matched with it.")


class AreaShown(Form):
    """A place that is served, as it was understood."""

    name = text("Its name.")
    kind = text("city, postal_code, coordinates, admin1 (a state) or country: nationwide.")
    country = text("ISO 3166-1 alpha-2.", allow_none=True)
    admin1 = text("The region's code in the country.", allow_none=True)
    latitude = number("Degrees, north positive.")
    longitude = number("Degrees, east positive.")
    radius_km = number("How far around it; null: nothing was said.", allow_none=True)


class TradeShown(Form):
    """An industry that is served, as it was understood."""

    code = text("NAICS 2022; null of a group of several.", allow_none=True)
    name = text("Its name.")


class UnderstoodShown(Form):
    """What the places and industries of a service were understood as."""

    target_locations = many(fields.Nested(AreaShown), "In the order of `target_locations`.")
    target_industries = many(fields.Nested(TradeShown), "In the order of `target_industries`.")


class ServiceShown(DefinitionShown):
    """A service."""

    id = identifier("This service.")
    version = whole("1, and one more with every change.")
    understood = thing("What its places and industries were understood as.", UnderstoodShown)
    created_at = moment("When it was added: ISO 8601, UTC.")
    created_by = text("Who did: the prefix of an API key, `local`, `command line` or `python`.")
    changed_at = moment("When this version began.")
    changed_by = text("Who made it.")
    weights = weighed()


class VersionShown(DefinitionShown):
    """What a service once was."""

    version = whole("Which.")
    changed_at = moment("When it began.")
    changed_by = text("Who made it.")
    weights = weighed()


class ExportedService(DefinitionShown):
    """A service as an import takes it."""

    id = identifier("This service.")


class ServiceAnswer(Stamped):
    """One service."""

    success = succeeded()
    service = thing("As it stands.", ServiceShown)


class ServicesAnswer(Stamped):
    """A page of services, newest first."""

    success = succeeded()
    count = whole("Services on this page.")
    services = many(fields.Nested(ServiceShown), "The services.")
    next_after = identifier(
        "What to send as `after` for the next page; null on the last.", allow_none=True
    )


class VersionsAnswer(Stamped):
    """A page of a service's versions, the latest first."""

    success = succeeded()
    service_id = identifier("The service.")
    count = whole("Versions on this page.")
    versions = many(fields.Nested(VersionShown), "The versions.")
    next_before = whole(
        "What to send as `before` for the next page; null on the last.", allow_none=True
    )


class CatalogueAnswer(Stamped):
    """A page of a catalogue, oldest first."""

    success = succeeded()
    count = whole("Services on this page.")
    services = many(fields.Nested(ExportedService), "The services.")
    next_after = identifier(
        "What to send as `after` for the next page; null on the last.", allow_none=True
    )


class ImportAnswer(Stamped):
    """What an import did."""

    success = succeeded()
    created = many(fields.UUID(), "Services that are new.")
    changed = many(fields.UUID(), "Services that have a new version.")
    unchanged = many(fields.UUID(), "Services that were like this before.")
