"""HTML forms as lead forms send them: flat, text only, every field once.

URL-encoded as in the WHATWG URL standard, section 5.1, multipart as in RFC 7578;
UTF-8 only. Bracket names (`lead[email]`) stay as they are: the adapters know them.
"""

from collections.abc import Iterable, Iterator
from urllib.parse import unquote_to_bytes

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder

from shared.errors import Malformed
from shared.field_names import shown
from shared.web.json_body import NUL, TWICE

MOST_FIELDS = 200
"""Fields of one form; a long real lead form has 40."""

MOST_BOUNDARY_BYTES = 70
"""Length of a multipart boundary (RFC 2046, section 5.1.1)."""


def parsed(raw: bytes) -> dict[str, str]:
    """Return the fields of a URL-encoded form. Raises Malformed."""
    if raw.count(b"&") >= MOST_FIELDS:
        raise _too_many()
    return _fields(_urlencoded_pairs(raw))


def parsed_multipart(raw: bytes, boundary: str) -> dict[str, str]:
    """Return the fields of a multipart form. Raises Malformed, for a file too."""
    if not (boundary.isascii() and 0 < len(boundary) <= MOST_BOUNDARY_BYTES):
        raise Malformed(details={"body": "has no usable multipart boundary"})
    try:
        return _fields(_multipart_pairs(raw, boundary.encode()))
    except RequestEntityTooLarge:
        raise _too_many() from None
    except (ValueError, AttributeError, TypeError):
        raise Malformed(details={"body": "is not valid multipart/form-data"}) from None


def _fields(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    fields: dict[str, str] = {}
    faults: dict[str, str] = {}
    for position, (raw_name, raw_value) in enumerate(pairs, 1):
        name, value = _text(raw_name), _text(raw_value)
        label = shown(name or "", position)
        if name is None or value is None:
            faults[label] = "is not UTF-8"
        elif "\0" in name or "\0" in value:
            faults[label] = NUL
        elif name in fields:
            faults[label] = TWICE
        else:
            fields[name] = value
    if faults:
        raise Malformed(details=faults)
    return fields


def _text(raw: bytes) -> str | None:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


def _urlencoded_pairs(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    for pair in raw.replace(b"+", b" ").split(b"&"):
        if pair:
            name, _, value = pair.partition(b"=")
            yield unquote_to_bytes(name), unquote_to_bytes(value)


def _multipart_pairs(raw: bytes, boundary: bytes) -> Iterator[tuple[bytes, bytes]]:
    decoder = MultipartDecoder(boundary, max_parts=MOST_FIELDS)
    decoder.receive_data(raw)
    decoder.receive_data(None)
    part: Field | File | None = None
    content = b""
    while not isinstance(event := decoder.next_event(), Epilogue):
        if isinstance(event, (Field, File)):
            part, content = event, b""
        elif isinstance(event, Data) and part is not None:
            content += event.data
            if not event.more_data:
                _refuse_file(part, content)
                yield part.name.encode(), content


def _refuse_file(part: Field | File, content: bytes) -> None:
    # A browser sends a file input that was left empty as a nameless, empty file.
    if isinstance(part, File) and (part.filename or content):
        raise Malformed(details={shown(part.name, 1): "files are not accepted"})


def _too_many() -> Malformed:
    return Malformed(details={"body": f"has more than {MOST_FIELDS} fields"})
