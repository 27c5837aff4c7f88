"""The only place of HTTP status codes: every failure becomes the contract's envelope.

`{"success": false, "error": {code, message, details}, "request_id", "timestamp"}`.
An exception that nobody expected is a 500 that says nothing; the log gets its
type and where it was raised, because its message may hold personal data.
"""

import logging
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from shared import errors
from shared.web.body import discard_rest
from shared.web.replies import reply

log = logging.getLogger(__name__)

STATUS: dict[type[errors.ServiceError], int] = {
    errors.Malformed: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.MethodNotAllowed: 405,
    errors.Conflict: 409,
    errors.TooLarge: 413,
    errors.UnsupportedMediaType: 415,
    errors.Meaningless: 422,
    errors.TooManyRequests: 429,
    errors.Unavailable: 503,
}
"""A subclass answers as its nearest ancestor here; anything else is a 500."""

RETRY_AFTER_SECONDS = 1
"""When to come back after a 429 or 503 that does not say it itself."""


def install(app: Flask) -> None:
    """Make every failure of *app* an envelope."""
    app.register_error_handler(Exception, answer)


def answer(error: Exception) -> Response:
    """Return the envelope for *error*, whatever it is."""
    discard_rest()
    if isinstance(error, HTTPException):
        return _http_answer(error)
    status = status_of(error)
    if status is None or not isinstance(error, errors.ServiceError):
        log.error("unexpected error", exc_info=error)
        return envelope(errors.ServiceError(), 500)
    response = envelope(error, status)
    if status in (429, 503):
        response.headers["Retry-After"] = str(_retry_after(error.details))
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"  # RFC 9110, section 11.6.1
    return response


def status_of(error: Exception) -> int | None:
    """Return the status that *error* has, or None if nobody foresaw it."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), None)


def fault(error: errors.ServiceError) -> dict[str, Any]:
    """Return *error* as the `error` of an envelope, or of one item of a batch."""
    return {"code": error.code, "message": error.message, "details": error.details}


def envelope(error: errors.ServiceError, status: int) -> Response:
    """Return *error* as an answer with *status*."""
    response = reply({"success": False, "error": fault(error)})
    response.status_code = status
    return response


def _http_answer(error: HTTPException) -> Response:
    """Translate what Flask and Werkzeug raise themselves."""
    original = getattr(error, "original_exception", None)
    if original is not None:
        return answer(original)
    known = {status: kind for kind, status in STATUS.items()}
    if error.code in known:
        response = answer(known[error.code]())
    elif error.code is not None and 400 <= error.code < 500:
        response = envelope(errors.Malformed(error.name), error.code)
    else:
        log.error("unexpected HTTP error", exc_info=error)
        response = envelope(errors.ServiceError(), 500)
    for name, value in error.get_headers(request.environ):
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _retry_after(details: Mapping[str, object]) -> int:
    seconds = details.get("retry_after_seconds")
    return seconds if isinstance(seconds, int) else RETRY_AFTER_SECONDS
