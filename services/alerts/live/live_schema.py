"""What callers say of the changes that they follow, and what they get back."""

from marshmallow import fields, validate

from services.alerts.alert_answer_schema import AlertShown
from services.alerts.answer_fields import many, moment, succeeded, text, thing, truth, whole
from services.alerts.live import cursor, ticket
from shared.answers import Stamped
from shared.fields import Form
from shared.web.query import Account

_SINCE = fields.String(
    load_default=None,
    validate=validate.Length(min=1, max=cursor.LONGEST),
    metadata={
        "description": "A `cursor` that you were given; absent, you are told one to begin with."
    },
)


class Since(Account):
    """Since when changes are asked for."""

    since = _SINCE


class StreamQuery(Since):
    """Whose stream, and since when."""

    ticket = fields.String(
        load_default=None,
        validate=validate.Length(min=1, max=ticket.LONGEST),
        metadata={"description": "In place of a key, for browsers: `POST /alerts/stream-tickets`."},
    )


class PageFile(Form):
    """A file that the page loads."""

    name = fields.String(
        required=True, metadata={"description": "Its name.", "examples": ["page.js"]}
    )


class TicketAnswer(Stamped):
    """What opens one stream."""

    success = succeeded()
    ticket = text("Send it as `ticket` in the address of the stream: once, and soon.")
    url = text("Where the stream is, with the ticket in it: what a browser's EventSource takes.")
    expires_at = moment("Until when it opens a stream.")


class ChangesAnswer(Stamped):
    """The alerts that changed."""

    success = succeeded()
    count = whole("Alerts in this answer.")
    alerts = many(
        fields.Nested(AlertShown),
        "Those that are new or changed, as they are now.",
        validate=validate.Length(max=cursor.MOST_CHANGES),
    )
    cursor = text("Send it as `since` next time.")
    complete = truth("False: ask for the list anew, and from `cursor` on for changes.")


class Ready(Form):
    """The data of a `ready` event."""

    cursor = text("Up to where everything was told.")
    resumed = truth("False: ask for the list anew.")


class StreamEvents(Form):
    """The data of the stream's events, by their names."""

    alert = thing("An alert that is new or changed, as it is now.", AlertShown)
    ready = thing("All that was missed has been told.", Ready)
