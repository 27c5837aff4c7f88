"""Decoding: from a body as it came over the wire to what it says, whatever its sender calls it.

A body that is surely JSON, or surely a form, is read as such even where its content type says
something else: tools for workflows let people set the one without the other, and nobody is there
to read a refusal.
"""

import re
from typing import Any
from urllib.parse import unquote_to_bytes

from services.dedup.intake.reading import lenient_json, multipart
from services.dedup.intake.reading.charsets import declared, text
from services.dedup.intake.reading.form_fields import nested, pairs
from shared.errors import Malformed, UnsupportedMediaType

__all__ = ["nested", "payload"]

ACCEPTED = (
    "Send application/json, application/x-www-form-urlencoded or multipart/form-data;"
    " this is something else."
)

FORM = "application/x-www-form-urlencoded"
UNTYPED = frozenset({"", "text/plain", "application/octet-stream", "binary/octet-stream", "*/*"})
"""Content types that say nothing of what is in the body."""

_FORM = re.compile(r"[\w.%+*\[\]~!:()-]{1,200}=[^\s<]*")
"""A URL-encoded form: no JSON begins so, no sentence and no markup goes on so."""


def payload(raw: bytes, content_type: str) -> Any:
    """Return what *raw* says: what JSON says, or a form's fields as objects, lists and texts.

    Bounds stand in `lenient_json` (32 levels, 2,000 fields). Raises Malformed, whose details name
    a place and never content; UnsupportedMediaType for what is neither JSON nor a form.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == "multipart/form-data":
        return nested(multipart.pairs(raw, content_type))
    charset = declared(content_type)
    if media_type == FORM:
        return _form(raw, charset)
    body = text(raw, charset)
    json = media_type in ("application/json", "text/json") or media_type.endswith("+json")
    if not (json or media_type in UNTYPED):
        raise UnsupportedMediaType(ACCEPTED)
    if not body.strip():
        raise Malformed(details={"body": "is empty"})
    if _FORM.fullmatch(body.strip()):
        return nested(pairs(raw, charset))
    if not json and not lenient_json.surely(body):
        raise UnsupportedMediaType(ACCEPTED)
    return _json(body)


def _form(raw: bytes, charset: str) -> Any:
    """Return the fields of a form; or the JSON that was sent under its name, bare or as a name."""
    if not raw.strip():
        raise Malformed(details={"body": "is empty"})
    for body in (raw, unquote_to_bytes(raw.replace(b"+", b" "))):
        bare = text(body, charset).strip().removesuffix("=")
        if lenient_json.surely(bare):
            return _json(bare)
    return nested(pairs(raw, charset))


def _json(body: str) -> Any:
    """Return what *body* says; JSON that was packed into a JSON text is unpacked, once."""
    document = lenient_json.parsed(body)
    if isinstance(document, str) and lenient_json.surely(document):
        return lenient_json.parsed(document)
    return document
