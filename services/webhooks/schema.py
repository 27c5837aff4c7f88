"""What callers may say of their endpoints."""

from typing import get_args

from marshmallow import fields, validate

from shared.destination import LONGEST_URL
from shared.events import Name
from shared.fields import Form, Switch
from shared.web.auth import LONGEST_USER_ID

EVENTS: tuple[str, ...] = get_args(Name)
"""What can be heard of (contract, section 1)."""

PAGE, LONGEST_PAGE = 100, 1000
"""Rows in one answer: unless the caller asks for another number, and at most."""

LONGEST_DESCRIPTION = 500
"""Characters."""


class Url(fields.String):
    """Where to POST; `shared.destination` says later whether that is allowed."""

    def __init__(self, required: bool = False):
        super().__init__(
            required=required,
            validate=validate.Length(
                min=1, max=LONGEST_URL, error=f"must have 1 to {LONGEST_URL} characters"
            ),
            metadata={
                "description": "Where to POST: an https address of a public host. Private hosts, "
                "and http, only as far as the operator lists them in "
                "`LEADFLY_ALLOWED_PRIVATE_HOSTS`.",
                "examples": ["https://crm.example.com/hooks/leadfly"],
            },
        )


class Events(fields.List):
    """Names of events."""

    def __init__(self, required: bool = False):
        super().__init__(
            fields.String(
                validate=validate.OneOf(EVENTS, error=f"must be one of {', '.join(EVENTS)}")
            ),
            required=required,
            validate=validate.Length(
                min=1, max=len(EVENTS), error="must name an event, each of them once"
            ),
            metadata={
                "description": "What it wants to hear of. `lead.late_duplicate`: a lead that was "
                "let through, or told as new, proved to be somebody known. `signal.detected`: what "
                "was read of a lead tells of a new need, or more strongly.",
                "examples": [["lead.created", "lead.late_duplicate"]],
            },
        )


class OfAccount(Form):
    """A body that may name the account."""

    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={"description": "The account; absent, the query's `user_id` is read."},
    )


class Described(OfAccount):
    """What an endpoint's owner says of it."""

    description = fields.String(
        validate=validate.Length(
            max=LONGEST_DESCRIPTION, error=f"must have at most {LONGEST_DESCRIPTION} characters"
        ),
        metadata={"description": "Your own words for it.", "examples": ["CRM, production"]},
    )


class NewWebhook(Described):
    """A new endpoint."""

    url = Url(required=True)
    events = Events(required=True)


class WebhookChange(Described):
    """What is to be different about an endpoint; what is absent stays as it is."""

    url = Url()
    events = Events()
    active = Switch(
        "false: it hears nothing, and what was on its way is dropped. true: it hears of what "
        "happens from now on."
    )


class WebhookPlace(Form):
    """Which endpoint."""

    webhook_id = fields.UUID(
        required=True, metadata={"description": "The `id` that its registration answered."}
    )


class Page(Form):
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
