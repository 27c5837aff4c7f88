"""What callers may say of investigations, and what they get back."""

from typing import Any

from marshmallow import fields, pre_load, validate

from services.leads.change_schema import OfAccount
from shared.answers import Stamped
from shared.fields import Form

STATUSES = ("open", "closed")
"""A closed one takes no more leads."""

PAGE, LONGEST_PAGE = 100, 1000
"""Rows in one answer: unless the caller asks for another number, and at most."""

LONGEST_NAME = 200
"""Characters; the table says the same."""

LONGEST_DESCRIPTION = 5000
"""Characters."""


class Name(fields.String):
    """What people call an investigation."""

    def __init__(self, required: bool = False):
        super().__init__(
            required=required,
            validate=validate.Length(
                min=1, max=LONGEST_NAME, error=f"must have 1 to {LONGEST_NAME} characters"
            ),
            metadata={"description": "What people call it.", "examples": ["Bakeries in Texas"]},
        )


def _description(**options: Any) -> fields.String:
    return fields.String(
        validate=validate.Length(
            max=LONGEST_DESCRIPTION, error=f"must have at most {LONGEST_DESCRIPTION} characters"
        ),
        metadata={"description": "What is sought, and why.", "examples": ["Loans for new ovens"]},
        **options,
    )


class Named(OfAccount):
    """What is said of an investigation."""

    @pre_load
    def trimmed(self, data: Any, **options: Any) -> Any:
        """Return what was sent, its name without the space around it."""
        if isinstance(data, dict) and isinstance(data.get("name"), str):
            return data | {"name": data["name"].strip()}
        return data


class NewInvestigation(Named):
    """A new investigation."""

    name = Name(required=True)
    description = _description(load_default="")


class InvestigationChange(Named):
    """What is to be otherwise; what is absent stays as it is."""

    name = Name()
    description = _description()
    status = fields.String(
        validate=validate.OneOf(STATUSES, error=f"must be one of {', '.join(STATUSES)}"),
        metadata={"description": "`closed`: it takes no more new leads by POST /leads."},
    )


class InvestigationPlace(Form):
    """Which investigation."""

    investigation_id = fields.UUID(
        required=True, metadata={"description": "The `id` that its creation answered."}
    )


class InvestigationPage(Form):
    """Which part of the list."""

    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(min=1, max=LONGEST_PAGE, error=f"must be from 1 to {LONGEST_PAGE}"),
        metadata={"description": "How many at most."},
    )
    after = fields.UUID(
        load_default=None,
        metadata={"description": "`next_after` of the page before; absent, the first page."},
    )


def text(meaning: str, **options: Any) -> fields.String:
    """Return a field of an answer for a text."""
    return fields.String(required=True, metadata={"description": meaning}, **options)


def moment(meaning: str) -> fields.AwareDateTime:
    """Return a field of an answer for a time."""
    return fields.AwareDateTime(required=True, metadata={"description": meaning})


def number(meaning: str) -> fields.Integer:
    """Return a field of an answer for a count."""
    return fields.Integer(
        required=True, validate=validate.Range(min=0), metadata={"description": meaning}
    )


class InvestigationShown(Form):
    """One investigation."""

    id = fields.UUID(required=True, metadata={"description": "This investigation."})
    name = text("What people call it.")
    description = text("What is sought, and why; empty if nobody said.")
    status = text("A `closed` one takes no more leads.", validate=validate.OneOf(STATUSES))
    leads = number("Leads in it; duplicates of known people do not count.")
    created_at = moment("When it was begun: ISO 8601, UTC.")
    created_by = text("Who did: the prefix of an API key, `local` or `command line`.")
    changed_at = moment("When it was last changed.")
    changed_by = text("Who did.")


class InvestigationAnswer(Stamped):
    """One investigation."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    investigation = fields.Nested(
        InvestigationShown, required=True, metadata={"description": "As it stands."}
    )


class InvestigationsAnswer(Stamped):
    """A page of investigations, newest first."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    count = number("Investigations on this page.")
    investigations = fields.List(
        fields.Nested(InvestigationShown),
        required=True,
        metadata={"description": "The investigations."},
    )
    next_after = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "What to send as `after` for the next page; null on the last."},
    )
