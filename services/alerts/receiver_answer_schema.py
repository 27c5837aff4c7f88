"""What callers get back of receivers; the API description shows it."""

from typing import Any

from marshmallow import fields

from services.alerts.answer_fields import (
    following,
    identifier,
    many,
    moment,
    succeeded,
    text,
    thing,
    truth,
    whole,
    word,
)
from services.alerts.channels import CHANNELS
from services.alerts.rule import PRIORITIES
from shared.answers import Stamped
from shared.fields import Form

STATUSES = ("pending", "sent", "failed", "dropped")

_Clock: Any = Form.from_dict(
    {
        "from": text("When it begins."),
        "to": text("When it ends; before `from`, on the next day."),
    }
)
"""`from` is no name that a class may have."""


class QuietHoursShown(_Clock):
    """When a receiver is left alone."""

    timezone = text("IANA.")
    days = many(fields.String(), "Days on which it begins, mon to sun.")
    breaks_through = word(PRIORITIES, "The least priority that is told all the same.")


class ReceiverShown(Form):
    """A receiver, without its address."""

    id = identifier("This receiver.")
    name = text("What people call it.")
    channel = word(tuple(CHANNELS), "How it is reached.")
    address = text("Enough of its address to tell receivers apart.")
    quiet_hours = thing("When it is left alone; null: never.", QuietHoursShown, allow_none=True)
    digest = text("`hourly` or `daily`; null: each group by itself.", allow_none=True)
    digest_at = text("When a daily digest comes.")
    timezone = text("IANA.")
    least_priority = word(PRIORITIES, "What is below it is not told.")
    most_an_hour = whole("Notifications in any hour.")
    hears_all = truth("True: it hears of every alert, whomever its rule names.")
    is_active = truth("False: it hears nothing.")
    inactive_because = text(
        "`paused` by its owner; `unsubscribed` by whoever reads it; `gone`: it wants no more; "
        "`failing`: days without a success. null while it is active.",
        allow_none=True,
    )
    failing_since = moment(
        "Since when every attempt failed; null if the latest did not.", allow_none=True
    )
    last_told_at = moment("When it was told last; null: never.", allow_none=True)
    version = whole("1, and one more with every change.")
    created_at = moment("When it was made: ISO 8601, UTC.")
    created_by = text("Who did.")
    changed_at = moment("When it was last changed, or switched off.")
    changed_by = text("Who did.")


class SecretReceiverShown(ReceiverShown):
    """A receiver with its secret, which is shown this once."""

    secret = text(
        "`whsec_…`, of a channel whose messages are signed (Standard Webhooks); null of others. "
        "It cannot be shown again.",
        allow_none=True,
    )


class ReceiverAnswer(Stamped):
    """One receiver."""

    success = succeeded()
    receiver = thing("As it stands.", ReceiverShown)


class SecretReceiverAnswer(Stamped):
    """One receiver and its secret."""

    success = succeeded()
    receiver = thing("As it stands.", SecretReceiverShown)


class ReceiversAnswer(Stamped):
    """A page of receivers, oldest first."""

    success = succeeded()
    count = whole("Receivers on this page.")
    receivers = many(fields.Nested(ReceiverShown), "The receivers.")
    next_after = following()


class RemovedReceiverAnswer(Stamped):
    """A receiver that is there no more."""

    success = succeeded()
    receiver_id = identifier("The receiver that was removed.")


class DeliveryShown(Form):
    """One notification on its way to a receiver."""

    notification_id = identifier("The same in every copy of it.")
    reason = text("Why it was sent: first, more, repeat, digest, escalation, storm or test.")
    alert_count = whole("Alerts that it tells of.")
    status = word(
        STATUSES,
        "`pending`: to be tried, or tried again. `failed`: for good. `dropped`: the receiver was "
        "switched off first.",
    )
    attempts = whole("How often it was tried.")
    last_status = whole("What was answered last, of HTTP or SMTP; null: nothing.", allow_none=True)
    last_error = text("Why the latest attempt failed, in words.", allow_none=True)
    created_at = moment("When it was put on its way.")
    next_try_at = moment("When it is tried next; null if it is not.", allow_none=True)
    ended_at = moment("When it was sent or given up.", allow_none=True)


class DeliveriesAnswer(Stamped):
    """A page of notifications to a receiver, newest first."""

    success = succeeded()
    receiver_id = identifier("The receiver.")
    count = whole("Deliveries on this page.")
    deliveries = many(fields.Nested(DeliveryShown), "The deliveries.")
    next_after = following()


class ReplayAnswer(Stamped):
    """What is tried again."""

    success = succeeded()
    receiver_id = identifier("The receiver.")
    replayed = whole("Notifications that are on their way again.")


class TrialShown(Form):
    """What became of a test message."""

    delivered = truth("True if it was taken.")
    status = whole("What was answered, of HTTP or SMTP; null: nothing.", allow_none=True)
    error = text("Why it failed, in words.", allow_none=True)
    duration_ms = whole("How long the attempt took, in milliseconds.")


class TrialAnswer(Stamped):
    """A test message and what became of it."""

    success = succeeded()
    receiver_id = identifier("The receiver.")
    test = thing("The attempt.", TrialShown)
