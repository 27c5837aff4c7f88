"""What an answer looks like: JSON by orjson, a request id, a time, careful headers."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from flask import Flask, Response
from flask.json.provider import JSONProvider

from shared.web.context import running, settings
from shared.web.request_id import HEADER, request_id

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

SECURITY_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Frame-Options", "DENY"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    # What CORS allows is not touched by these two: a page must ask for it, and be invited.
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
"""Set where a route did not set its own (OWASP REST Security Cheat Sheet, OWASP Secure Headers)."""

ONLY_ENCRYPTED = ("Strict-Transport-Security", "max-age=31536000")
"""A year (RFC 6797, section 6.1.1). Other hosts of the domain are not ours to decide for."""


class Answer(Response):
    """A response that leaves with the careful headers and the request's id."""

    def get_wsgi_response(
        self, environ: "WSGIEnvironment"
    ) -> tuple[Iterable[bytes], str, list[tuple[str, str]]]:
        """Return content, status and headers as WSGI has them.

        Werkzeug copies the headers of every answer, one by one, for what few need: an address
        made absolute, a length that is not known, statuses without content.
        """
        headers = self.headers.to_wsgi_list()
        named = {name.lower() for name, _ in headers}
        if "content-length" not in named or named & _AMENDED or self.status_code in _EMPTY:
            headers = self.get_wsgi_headers(environ).to_wsgi_list()
        headers += [(name, value) for lower, name, value in _CAREFUL if lower not in named]
        headers.append((HEADER, request_id()))
        if encrypted():
            headers.append(ONLY_ENCRYPTED)
        return self.get_app_iter(environ), self.status, headers


class Json(JSONProvider):
    """Flask's JSON by orjson: UUIDs and dataclasses as they are, times in ISO 8601 with Z."""

    def dumps(self, obj: Any, **_: Any) -> str:
        """Return *obj* as JSON text. Raises TypeError for what JSON cannot say."""
        return _encoded(obj).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        """Return what the JSON *s* says; for our own answers, never for a caller's body."""
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Any:
        """Return *args* or *kwargs* as an application/json response."""
        content = _encoded(self._prepare_response_obj(args, kwargs))
        return as_json(content)


def reply(payload: Mapping[str, Any]) -> Response:
    """Return *payload* as a 200 that carries `request_id` and `timestamp`."""
    return as_json(writer()(payload))


def as_json(content: bytes) -> Response:
    """Return *content*, written already, as a 200."""
    return Answer(content, content_type="application/json")


def writer() -> Callable[[Mapping[str, Any]], bytes]:
    """Return what writes payloads as `reply` would for the running request, in any thread."""
    named = request_id()

    def written(payload: Mapping[str, Any]) -> bytes:
        return _encoded({"request_id": named, "timestamp": timestamp(), **payload})

    return written


def created(payload: Mapping[str, Any]) -> Response:
    """Return *payload* as `reply` does, with the status for something that is new."""
    response = reply(payload)
    response.status_code = HTTPStatus.CREATED
    return response


def timestamp() -> str:
    """Return now as callers read it: ISO 8601, UTC, milliseconds, Z."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def install(app: Flask) -> None:
    """Give every answer of *app* the careful headers, and its JSON this encoder."""
    app.response_class = Answer
    app.json = Json(app)


def encrypted() -> bool:
    """True if the outermost proxy of ours says that the caller came over HTTPS.

    Each proxy may append what it saw, or pass on the outermost one's word. Without
    TRUSTED_PROXIES the header is anybody's, and not believed.
    """
    proxies = settings().trusted_proxies
    if not proxies:
        return False
    hops = running().environ.get("HTTP_X_FORWARDED_PROTO", "").split(",")
    if 1 < len(hops) < proxies:
        return False
    return hops[-min(proxies, len(hops))].strip().lower() == "https"


def _encoded(content: Any) -> bytes:
    return orjson.dumps(content, default=_plain, option=orjson.OPT_UTC_Z)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


_CAREFUL = tuple((name.lower(), name, value) for name, value in SECURITY_HEADERS)

_AMENDED = frozenset({"location", "content-location"})
"""Headers that Werkzeug looks into before they leave."""

_EMPTY = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED, *range(100, 200)})
"""Statuses whose answers have no content."""
