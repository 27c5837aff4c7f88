"""Packed: an object that travels as a text, as JSON or as a form's query."""

from typing import Any
from urllib.parse import parse_qsl

from services.dedup.intake.reading import lenient_json
from shared.errors import Malformed
from shared.labels.label import meaning

LONGEST_QUERY = 4000
"""Characters of a form's fields in one text; a longer one is somebody's story."""

_OPENING = frozenset("{[ \n\t")
_REACH = frozenset({"email", "phone", "contact"})


def unpacked(value: str) -> Any:
    """Return the object or list that *value* is as a text; None for any other text."""
    if value[:1] in _OPENING:
        return _document(value)
    return _query(value) if "&" in value and "=" in value else None


def _document(value: str) -> Any:
    if not lenient_json.surely(value):
        return None
    try:
        packed = lenient_json.parsed(value)
    except Malformed:
        return None
    return packed if isinstance(packed, (dict, list)) else None


def _query(value: str) -> dict[str, str] | None:
    """Return a form's fields, `name=Ann&email=…`, if one of them tells how to reach somebody."""
    if len(value) > LONGEST_QUERY or any(sign in value for sign in " ?\n"):
        return None
    fields = dict(parse_qsl(value, keep_blank_values=True, max_num_fields=None))
    reachable = any(meaning(name).field in _REACH for name in fields)
    return fields if len(fields) > 1 and reachable else None
