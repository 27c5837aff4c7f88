"""What callers get back about their endpoints."""

from typing import Any

from marshmallow import fields, validate

from services.webhooks.schema import EVENTS
from shared.answers import Stamped
from shared.fields import Form

ENDED = ("paused", "gone", "failing")
STATUSES = ("pending", "delivered", "failed", "dropped")


def moment(meaning: str, **options: Any) -> fields.AwareDateTime:
    """Return a field for a time."""
    return fields.AwareDateTime(required=True, metadata={"description": meaning}, **options)


def identifier(meaning: str, **options: Any) -> fields.UUID:
    """Return a field for an id."""
    return fields.UUID(required=True, metadata={"description": meaning}, **options)


def text(meaning: str, **options: Any) -> fields.String:
    """Return a field for a text."""
    return fields.String(required=True, metadata={"description": meaning}, **options)


def number(meaning: str, **options: Any) -> fields.Integer:
    """Return a field for a whole number."""
    return fields.Integer(required=True, metadata={"description": meaning}, **options)


class Webhook(Form):
    """One endpoint."""

    id = identifier("This endpoint.")
    url = text("Where it is reached.")
    events = fields.List(
        fields.String(validate=validate.OneOf(EVENTS)),
        required=True,
        metadata={"description": "What it hears of."},
    )
    description = text("Its owner's words for it.")
    active = fields.Boolean(required=True, metadata={"description": "False: it hears nothing."})
    inactive_because = text(
        "`paused` by its owner; `gone`: it answered 410; `failing`: three days without a success. "
        "null while it is active.",
        allow_none=True,
        validate=validate.OneOf(ENDED),
    )
    created_at = moment("When it was registered: ISO 8601, UTC.")
    changed_at = moment("When it was last changed, or deactivated.")
    failing_since = moment(
        "Since when every attempt failed; null if the latest did not.", allow_none=True
    )
    last_delivered_at = moment(
        "When it last took an event, to the minute; null if it never did.", allow_none=True
    )
    former_secret_until = moment(
        "Until when the secret before the latest rotation signs, too; null if there was none.",
        allow_none=True,
    )


class SecretWebhook(Webhook):
    """An endpoint with its secret, which is shown this once."""

    secret = text(
        "`whsec_…`, by Standard Webhooks: what the signatures are verified with. It cannot be "
        "shown again."
    )


class WebhookAnswer(Stamped):
    """One endpoint."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    webhook = fields.Nested(
        Webhook, required=True, metadata={"description": "The endpoint as it stands."}
    )


class SecretWebhookAnswer(Stamped):
    """One endpoint and its new secret."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    webhook = fields.Nested(
        SecretWebhook, required=True, metadata={"description": "The endpoint as it stands."}
    )


class WebhooksAnswer(Stamped):
    """A page of endpoints, oldest first."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    count = number("Endpoints on this page.")
    webhooks = fields.List(
        fields.Nested(Webhook), required=True, metadata={"description": "The endpoints."}
    )
    next_after = identifier(
        "What to send as `after` for the next page; null on the last.", allow_none=True
    )


class RemovedAnswer(Stamped):
    """An endpoint that is there no more."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    webhook_id = identifier("The endpoint that was removed.")


class Delivery(Form):
    """One event on its way to an endpoint."""

    event_id = identifier("The event: the `webhook-id` of every attempt.")
    event = text("What happened.")
    lead_id = identifier("The lead that it happened to.")
    status = text(
        "`pending`: to be tried, or tried again. `failed`: tried for the last time. `dropped`: "
        "the endpoint was deactivated first.",
        validate=validate.OneOf(STATUSES),
    )
    attempts = number("How often it was sent.")
    last_status = number(
        "The HTTP status of the latest answer; null if there was none.", allow_none=True
    )
    last_error = text("Why the latest attempt failed, in words.", allow_none=True)
    created_at = moment("When it was put on its way.")
    next_try_at = moment("When it is tried next; null if it is not.", allow_none=True)
    ended_at = moment("When it was delivered or given up.", allow_none=True)


class DeliveriesAnswer(Stamped):
    """A page of deliveries, newest event first."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    count = number("Deliveries on this page.")
    deliveries = fields.List(
        fields.Nested(Delivery), required=True, metadata={"description": "The deliveries."}
    )
    next_after = identifier(
        "What to send as `after` for the next page; null on the last.", allow_none=True
    )


class Trial(Form):
    """What became of a test message."""

    delivered = fields.Boolean(
        required=True, metadata={"description": "True if the endpoint answered 2xx."}
    )
    status = number("The HTTP status that it answered; null if it did not.", allow_none=True)
    error = text("Why it failed, in words.", allow_none=True)
    duration_ms = number("How long the attempt took, in milliseconds.")


class TrialAnswer(Stamped):
    """A test message and what became of it."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    test = fields.Nested(Trial, required=True, metadata={"description": "The attempt."})
