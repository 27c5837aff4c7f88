"""What every service answers in the same words: errors, alive, ready; the schemas of it.

They are open: callers ignore fields they do not know, so that answers may grow.
"""

from marshmallow import fields, validate

from shared.fields import Form

CODES = (
    "INVALID_DATA_FORMAT",
    "INVALID_API_KEY",
    "INSUFFICIENT_PERMISSIONS",
    "RATE_LIMIT_EXCEEDED",
    "NOT_FOUND",
    "CONFLICT",
    "SERVICE_UNAVAILABLE",
)
"""The contract's closed list of error codes."""


class Fault(Form):
    """What went wrong."""

    code = fields.String(
        required=True,
        validate=validate.OneOf(CODES),
        metadata={"description": "For programs to act on."},
    )
    message = fields.String(required=True, metadata={"description": "For people to read."})
    details = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={
            "description": "What is wrong with each field, by its path; never what was sent.",
            "examples": [{"lead_data.email": "is not an email address"}],
        },
    )


class Stamped(Form):
    """An answer that can be found again in the logs."""

    request_id = fields.String(
        required=True, metadata={"description": "Names this request in answers and logs."}
    )
    timestamp = fields.AwareDateTime(
        required=True, metadata={"description": "When it was answered: ISO 8601, UTC."}
    )


class ErrorAnswer(Stamped):
    """The envelope of every refusal."""

    success = fields.Boolean(required=True, validate=validate.Equal(False))
    error = fields.Nested(Fault, required=True)


class Alive(Form):
    """The process answers."""

    status = fields.String(required=True, validate=validate.Equal("alive"))


class Ready(Form):
    """Requests can be served."""

    status = fields.String(required=True, validate=validate.Equal("ready"))


class ServiceHealth(Stamped):
    """How one service is."""

    success = fields.Boolean(
        required=True, metadata={"description": "True if it could do its work now."}
    )
    service = fields.String(required=True, metadata={"description": "The service's name."})
    status = fields.String(required=True, metadata={"description": "`ready`, or why it is not."})
