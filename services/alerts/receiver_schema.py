"""What callers may say of receivers of alerts."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.alerts.channels import CHANNELS
from services.alerts.sent_fields import (
    Named,
    OfAccount,
    Paging,
    Zone,
    clock,
    one_of,
    priority,
    version_read,
    whole,
)
from services.alerts.where_and_when import DAYS
from shared.fields import Form, Switch

LONGEST_ADDRESS = 2048
"""Characters; a channel may take fewer."""

MOST_AN_HOUR = 1000

_Clock: Any = Form.from_dict(
    {
        "from": clock("When it begins.", "20:00", required=True),
        "to": clock("When it ends; before `from`, on the next day.", "07:00", required=True),
    }
)
"""`from` is no name that a class may have."""


class QuietHoursSaid(_Clock):
    """When a receiver is left alone."""

    timezone = Zone("IANA; absent, the receiver's.")
    days = fields.List(
        fields.String(validate=validate.OneOf(DAYS, error="must be mon to sun")),
        allow_none=True,
        validate=validate.Length(min=1, max=len(DAYS), error=f"must list 1 to {len(DAYS)} days"),
        metadata={"description": "Days on which it begins, mon to sun; absent, all."},
    )
    breaks_through = priority(
        "The least priority that is told all the same; `urgent`.", allow_none=True
    )

    @validates_schema
    def some_time(self, data: dict[str, Any], **options: Any) -> None:
        """Raise ValidationError for quiet hours without an end."""
        if "from" in data and data["from"] == data.get("to"):
            raise ValidationError({"to": ["is when it begins: pause the receiver instead"]})


def _address(meaning: str, example: str) -> fields.String:
    return fields.String(
        allow_none=True,
        validate=validate.Length(
            min=1, max=LONGEST_ADDRESS, error=f"must have 1 to {LONGEST_ADDRESS} characters"
        ),
        metadata={"description": meaning, "examples": [example]},
    )


class Described(OfAccount):
    """What may be said of a receiver; null means what is usual."""

    url = _address("Where it is reached, of a channel with a URL.", "https://hooks.example.com/a")
    address = _address("The same, of any channel.", "sales@corp.example")
    quiet_hours = fields.Nested(
        QuietHoursSaid, allow_none=True, metadata={"description": "When it is left alone."}
    )
    digest = one_of(
        ("hourly", "daily"),
        "Told in one message an hour, or a day; null: each group by itself. `urgent` never waits.",
        allow_none=True,
    )
    digest_at = clock("When a daily digest comes; `08:00`.", "08:00", allow_none=True)
    timezone = Zone("IANA, of `digest_at` and quiet hours; UTC.")
    least_priority = priority("What is below it is not told; `low`.", allow_none=True)
    most_an_hour = whole(
        "Notifications in any hour, after which one says that there are more; 30.",
        1,
        MOST_AN_HOUR,
        allow_none=True,
    )
    hears_all = Switch("True: it hears of every alert, whomever its rule names.")
    is_active = Switch("False: it hears nothing. True: from now on.")

    @validates_schema
    def one_address(self, data: dict[str, Any], **options: Any) -> None:
        """Raise ValidationError for two addresses."""
        if data.get("url") and data.get("address") and data["url"] != data["address"]:
            raise ValidationError({"address": ["is another than url: send one of them"]})


class NewReceiver(Described):
    """A new receiver."""

    name = Named(
        "What people call it; no two of an account are called the same.", "Sales", required=True
    )
    channel = one_of(tuple(CHANNELS), "How it is reached.", required=True)

    @validates_schema
    def somewhere(self, data: dict[str, Any], **options: Any) -> None:
        """Raise ValidationError without an address."""
        if not data.get("url") and not data.get("address"):
            raise ValidationError({"address": ["is required"]})


class ReceiverChange(Described):
    """What is to be otherwise; what is absent stays as it is."""

    name = Named("What people call it.", "Sales")
    version = version_read()


class ReceiverPlace(Form):
    """Which receiver."""

    receiver_id = fields.UUID(required=True, metadata={"description": "The receiver's `id`."})


class ReceiverPage(Paging):
    """Which part of a list of receivers."""


class DeliveryPage(Paging):
    """Which part of a list of deliveries."""


class ReplayAsked(OfAccount):
    """Which deliveries to try again."""

    notification_ids = fields.List(
        fields.UUID(),
        allow_none=True,
        validate=validate.Length(max=1000, error="must list at most 1000"),
        metadata={"description": "Those that failed for good; absent, all of the receiver's."},
    )
