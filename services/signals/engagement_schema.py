"""What callers may tell of mails, as the API description shows it, and what they get back."""

from marshmallow import fields, validate

from services.signals.engagement import INSIDE, MOST_EVENTS
from shared.answers import Stamped
from shared.fields import Form
from shared.web.auth import LONGEST_USER_ID


class MailEvent(Form):
    """One event of one mail, as SendGrid or anybody sends it."""

    email = fields.Raw(metadata={"description": "The address that the mail went to."})
    event = fields.Raw(
        metadata={
            "description": "`delivered`, `opened`, `clicked`, `replied`, `bounced`, "
            "`unsubscribed`, `complained`, or a mail service's own word for one.",
            "examples": ["clicked"],
        }
    )
    timestamp = fields.Raw(
        metadata={
            "description": "When: ISO 8601, or seconds since 1970; absent: now.",
            "examples": ["2026-03-01T09:30:00Z"],
        }
    )
    url = fields.Raw(metadata={"description": "Of a click: where the link led to."})
    event_id = fields.Raw(
        metadata={
            "description": "Your own name for the event, so that a retry counts once; "
            "`sg_event_id` and Mailgun's `id` are read, too."
        }
    )


class MailgunEvent(Form):
    """One event as Mailgun posts it."""

    event_data = fields.Raw(
        required=True,
        data_key=INSIDE,
        metadata={"description": "What happened, to which `recipient`."},
    )


class MailEvents(Form):
    """Several events."""

    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={"description": "The account; absent, the query's `user_id` is read."},
    )
    events = fields.List(
        fields.Raw(),
        required=True,
        validate=validate.Length(max=MOST_EVENTS),
        metadata={
            "description": "Events as `MailEvent` and `MailgunEvent` have them; a faulty one is "
            "ignored."
        },
    )


class IgnoredEvent(Form):
    """An event that was not read."""

    position = fields.Integer(
        required=True,
        validate=validate.Range(min=0),
        metadata={"description": "Where it stands among those sent, from 0."},
    )
    reason = fields.String(required=True, metadata={"description": "Why, in words."})


def _number(meaning: str) -> fields.Integer:
    return fields.Integer(
        required=True, validate=validate.Range(min=0), metadata={"description": meaning}
    )


class EngagementAnswer(Stamped):
    """What became of the events."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    events_processed = _number("Events that were read.")
    high_value_events = _number(
        "Of them, those that a salesperson should see today: replies, forms, clicks on an offer, "
        "a price, a calculator or an application. A machine's do not count."
    )
    unique_emails = _number("Addresses that the events are about.")
    stored = _number(
        "Events that are new and kept with a known lead: its person agreed to that, or objects."
    )
    objections_kept = _number(
        "Unsubscriptions and complaints that are new. Each is kept by its address as a keyed hash, "
        "lead or none: leads that come with the address later have objected, too, until their "
        "person agrees anew."
    )
    ignored = fields.List(
        fields.Nested(IgnoredEvent),
        required=True,
        metadata={"description": "Events that could not be read."},
    )
