"""The ways a request can fail, as the services say them; no HTTP in here.

The first line of each class docstring is the message a caller reads. Status
codes belong to `shared.web`. The `code` values are the contract's closed list.
"""

from collections.abc import Mapping


class ServiceError(Exception):
    """Something went wrong on our side.

    `details` maps a field's path (`lead_data.email`) to what is wrong with it.
    Neither the message nor the details ever repeat what the caller sent.
    """

    code = "SERVICE_UNAVAILABLE"

    def __init__(self, message: str | None = None, details: Mapping[str, object] | None = None):
        self.message = message or _first_line(type(self))
        self.details = dict(details or {})
        super().__init__(self.message)


class Malformed(ServiceError):
    """The request cannot be read; see details for the field and the reason."""

    code = "INVALID_DATA_FORMAT"


class TooLarge(ServiceError):
    """The request body is larger than this service accepts."""

    code = "INVALID_DATA_FORMAT"


class UnsupportedMediaType(ServiceError):
    """Send application/json or application/x-www-form-urlencoded."""

    code = "INVALID_DATA_FORMAT"


class Meaningless(ServiceError):
    """The request is well formed but contradicts itself or an earlier one."""

    code = "INVALID_DATA_FORMAT"


class Unauthenticated(ServiceError):
    """A valid API key is needed: send it as X-API-Key or Authorization: Bearer."""

    code = "INVALID_API_KEY"


class Forbidden(ServiceError):
    """This key may not do that."""

    code = "INSUFFICIENT_PERMISSIONS"


class NotFound(ServiceError):
    """There is nothing here under that name."""

    code = "NOT_FOUND"


class MethodNotAllowed(ServiceError):
    """This address exists but does not answer that HTTP method."""

    code = "NOT_FOUND"


class Conflict(ServiceError):
    """The state of this resource does not allow that."""

    code = "CONFLICT"


class TooManyRequests(ServiceError):
    """Too many requests; try again after the time in Retry-After."""

    code = "RATE_LIMIT_EXCEEDED"


class Unavailable(ServiceError):
    """The service cannot answer just now; nothing was stored, so try again."""


class SettingsError(ServiceError):
    """The configuration is not usable; every fault is named in details."""


def _first_line(error: type[ServiceError]) -> str:
    return (error.__doc__ or "").strip().splitlines()[0]
