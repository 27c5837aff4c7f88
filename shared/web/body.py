"""What the caller sent, read strictly: one dict, or one clear refusal.

No message repeats content; a field's name only where it is short and plain.
"""

import time
from functools import lru_cache
from typing import Any

from flask import Request
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_options_header

from shared.errors import Malformed, TooLarge, UnsupportedMediaType
from shared.web import form_body, json_body
from shared.web.context import notes, running

MOST_DISCARDED_BYTES = 64 * 1024**2
MOST_DISCARDING_SECONDS = 3.0
"""How long we listen to a body we refused, so that its sender hears why (RFC 9112, section 9.6)."""

SILENCE_SECONDS = 1.0
"""How long its sender may say nothing meanwhile: a thread of ours waits for it."""


def body(apart: str | None = None) -> dict[str, Any]:
    """Return the request's body: a JSON object, or the fields of a form (all text).

    A faulty item of the JSON list named *apart* stands there as its Malformed. Raises Malformed
    (details by field path), TooLarge or UnsupportedMediaType.
    """
    media_type, charset, boundary = _media_type(running().environ.get("CONTENT_TYPE", ""))
    if charset not in ("", "utf-8", "utf8"):
        raise UnsupportedMediaType("Send the body as UTF-8.")
    if _is_json(media_type):
        return json_body.parsed(raw_body(), apart)
    if media_type == "application/x-www-form-urlencoded":
        return form_body.parsed(raw_body())
    if media_type == "multipart/form-data":
        return form_body.parsed_multipart(raw_body(), boundary)
    raise UnsupportedMediaType


def raw_body() -> bytes:
    """Return the bytes of the request's body, as a signature covers them.

    Raises TooLarge beyond the app's limit, whether or not a length was announced,
    and Malformed if the sender broke off.
    """
    noted = notes()
    raw: bytes | None = noted.get("raw_body")
    if raw is None:
        raw = noted.raw_body = _read_body(running())
    return raw


def _read_body(request: Request) -> bytes:
    if request.environ.get("HTTP_CONTENT_ENCODING", "identity").lower() != "identity":
        raise UnsupportedMediaType("Send the body without Content-Encoding.")
    announced, most = request.content_length, request.max_content_length
    try:
        if announced is not None and most is not None and announced <= most:
            raw = request.environ["wsgi.input"].read(announced)
        else:
            raw = request.get_data()
        # Werkzeug cuts a chunked body at the limit without a word; one more byte tells.
        cut = announced is None and len(raw) == request.max_content_length
        if cut and request.environ["wsgi.input"].read(1):
            raise TooLarge
    except (HTTPException, TooLarge):
        raise
    except Exception:  # whatever the server's stream raises, the sender's bytes were the cause
        raise Malformed(details={"body": "broke off or was not sent correctly"}) from None
    if announced is not None and len(raw) != announced:
        raise Malformed(details={"body": "is shorter than Content-Length says"})
    return raw


def discard_rest() -> None:
    """Read on what is left of a refused body, within limits, and forget it.

    A server that closes while the peer still sends makes the peer see a reset
    connection in place of our answer.
    """
    environ = running().environ
    if not environ.get("wsgi.input_terminated"):
        return
    stream, left = environ["wsgi.input"], MOST_DISCARDED_BYTES
    if connection := environ.get("gunicorn.socket"):
        connection.settimeout(SILENCE_SECONDS)
    deadline = time.monotonic() + MOST_DISCARDING_SECONDS
    try:
        while left > 0 and time.monotonic() < deadline:
            read = len(stream.read(65536))
            if not read:
                return
            left -= read
    except Exception:  # the sender is gone or sends nonsense: nothing left to discard
        return


@lru_cache(maxsize=256)
def _media_type(header: str) -> tuple[str, str, str]:
    """Return the media type in lower case, its charset in lower case, and its boundary."""
    media_type, options = parse_options_header(header)
    return media_type.lower(), options.get("charset", "").lower(), options.get("boundary", "")


def is_json() -> bool:
    """True if the running request's body is announced as JSON."""
    return _is_json(_media_type(running().environ.get("CONTENT_TYPE", ""))[0])


def _is_json(media_type: str) -> bool:
    other = media_type.startswith("application/") and media_type.endswith("+json")
    return other or media_type == "application/json"
