"""The file of a request, as it arrives: the body itself, or the one file of a form."""

from collections.abc import Collection, Iterator

from flask import request
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from shared.errors import Malformed, ServiceError, TooLarge, UnsupportedMediaType
from shared.web.operation import MULTIPART

CHUNK = 64 * 1024

MOST_BOUNDARY_BYTES = 70
"""Length of a multipart boundary (RFC 2046, section 5.1.1)."""

MOST_PARTS = 20
"""Of a form with one file."""

UTF_8 = ("utf-8", "utf8", "us-ascii")
"""What senders call it, and what is part of it."""


def chunks(
    media_types: Collection[str], most_bytes: int, charsets: Collection[str] | None = UTF_8
) -> Iterator[bytes]:
    """Yield the file of the running request, of *most_bytes* at most.

    *media_types* are those that a body may have, *charsets* (in small letters) those that its
    sender may name; None is any. Raises UnsupportedMediaType, TooLarge, and Malformed for a form
    without a file, or with two, and if the sender breaks off.
    """
    request.max_content_length = most_bytes
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("Send the file without Content-Encoding.")
    media_type, options = parse_options_header(request.headers.get("Content-Type", ""))
    if charsets is not None and options.get("charset", "utf-8").lower() not in charsets:
        raise UnsupportedMediaType("Send the file as UTF-8.")
    if media_type.lower() in media_types:
        return _body(most_bytes)
    if media_type.lower() == MULTIPART:
        return _file(options.get("boundary", ""), most_bytes)
    known = ", ".join(media_types)
    raise UnsupportedMediaType(f"Send {known}, or multipart/form-data with one file.")


def _body(left: int) -> Iterator[bytes]:
    try:
        while chunk := request.stream.read(CHUNK):
            left -= len(chunk)
            if left < 0:
                raise TooLarge
            yield chunk
    except (HTTPException, ServiceError, GeneratorExit):
        raise
    except Exception:  # whatever the server's stream raises, the sender's bytes were the cause
        raise Malformed(details={"body": "broke off or was not sent correctly"}) from None


def _file(boundary: str, most_bytes: int) -> Iterator[bytes]:
    """Yield the bytes of the only file in a form; its other fields say nothing to us."""
    if not (boundary.isascii() and 0 < len(boundary) <= MOST_BOUNDARY_BYTES):
        raise Malformed(details={"body": "has no usable multipart boundary"})
    decoder = MultipartDecoder(boundary.encode(), max_parts=MOST_PARTS)
    files, inside, body = 0, False, _body(most_bytes)
    while not isinstance(event := _event(decoder), Epilogue):
        if isinstance(event, NeedData):
            _feed(decoder, next(body, None))
        elif isinstance(event, Field | File):
            inside = isinstance(event, File)
            files += inside
            if files > 1:
                raise Malformed(details={"file": "is there twice: send one file"})
        elif isinstance(event, Data) and inside:
            yield event.data
    if not files:
        raise Malformed(details={"file": "is missing: send one file"})


def _event(decoder: MultipartDecoder) -> object:
    try:
        return decoder.next_event()
    except HTTPException:
        raise Malformed(details={"body": f"has more than {MOST_PARTS} parts"}) from None
    except (ValueError, AttributeError, TypeError):
        raise Malformed(details={"body": "is not valid multipart/form-data"}) from None


def _feed(decoder: MultipartDecoder, chunk: bytes | None) -> None:
    try:
        decoder.receive_data(chunk)
    except (HTTPException, ValueError):
        raise Malformed(details={"body": "is not valid multipart/form-data"}) from None
